from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.models.citation import Citation
from bot.models.report import Report, Status
from bot.reporting import markdown
from bot.reporting.marked import cited, code, prose
from hostile import FLOODS, INVISIBLE, marked, texts, with_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png>",
    "![x](https://evil.example/x.png)",
    "[click](https://evil.example)",
    "`` ` ``` </details> <b>",
    "| a | b |\n| - | - |",
    "\n\n# heading\n\n<b>",
    "[x]: https://evil.example",
    "<https://evil.example>",
    "\\[x](https://evil.example)",
    "\\`<b>`",
    "- [ ] task\n> quote\n```\n~~~",
    "a\\|b `c|d`",
]


def tokens(text: str) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    return [*parsed, *(child for token in parsed for child in token.children or ())]


def ours(token: Token) -> bool:
    return token.content.strip() in {"<details>", "<summary>", "</summary>", "</details>"} or all(
        part in ("<details>", "</details>", "<summary>Traceback</summary>")
        for part in token.content.replace("><", ">\n<").split()
        if part not in ("Traceback</summary>", "<summary>The", "diff</summary>", "script</summary>", "tests</summary>")
    )


def assert_harmless(text: str) -> None:
    for token in tokens(text):
        if token.type in ("html_inline", "html_block"):
            assert ours(token), token.content
        href = token.attrs.get("href") or token.attrs.get("src")
        assert href is None or "evil" not in str(href)
        # a link or a mention GitHub makes out of bare text
        if token.type == "text" and "blender.org" not in token.content:
            assert "://" not in token.content


def test_the_report_says_what_was_wrong_changed_and_proven(report: Report, diff: str) -> None:
    text = markdown.render(report, diff)
    for expected in (
        "# Repaired, and proven in Blender 4.2 and 4.5",
        "`AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'` at `wave_grid/shape.py:19` — rule `MSH101`",
        "raised in Blender 4.5_, calling the operator `mesh.wave_grid_add` · Blender 4.5: 1 place, now gone",
        "- **Is it proven?** Yes. Every repaired fault",
        "_api: Blender 4.5 was asked, and says so_",
        "### `PRP101` property-annotation: Annotate the property",
        "[bpy.props](https://docs.blender.org/api/current/bpy.props.html)",
        "| `api` | 2.80, 2.93 and 3.6 (static) |",
        "![After, in Blender 4.5: mesh.wave\\_grid\\_add](renders/after.png)",
        "git apply .bcrag/runs/20260214-a1b2c3/patch.diff",
        "4.2: 3 starts, 4.5: 4 starts",
        "+            verts.append(turn @ Vector(",
    ):
        assert expected in text
    assert_harmless(text)


def test_the_sections_stand_in_the_order_of_the_story(report: Report, diff: str) -> None:
    text = markdown.render(report, diff)
    titles = ("In short", "How to apply", "Before and after", "What was wrong", "What was changed", "What was proven",
              "What is left to you", "The run")  # fmt: skip
    places = [text.index(f"\n## {title}") for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_from_outside_becomes_no_html_link_or_image(report: Report, hostile: str) -> None:
    assert_harmless(markdown.render(with_text(report, hostile), hostile))


@settings(max_examples=60, deadline=None)
@given(texts | st.text(alphabet="<>`[]()!|\\\n\r#*_~-:/ab@&;\u202e\x1b", max_size=60))
def test_no_text_gets_out_of_its_place(report: Report, hostile: str) -> None:
    made = markdown.render(with_text(report, hostile), hostile)
    assert_harmless(made)
    assert not set(INVISIBLE) & set(made)


@settings(max_examples=60, deadline=None)
@given(
    texts | st.text(alphabet="<>`[]()!|\\\n\r#*_~-:/ab@&;c2.,\u202e\x1b", max_size=60),
    st.sampled_from(["everything", "answered", "unproven", "silent"]),
)
def test_nor_does_what_a_model_says(models: Mapping[str, Report], hostile: str, kind: str) -> None:
    made = markdown.render(marked(with_text(models[kind], hostile), hostile), hostile)
    assert_harmless(made)
    assert not set(INVISIBLE) & set(made)


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
@pytest.mark.parametrize("hostile", [*HOSTILE, *FLOODS], ids=range(len(HOSTILE) + len(FLOODS)))
def test_models_make_no_html_link_or_image_and_no_flood(models: Mapping[str, Report], hostile: str, kind: str) -> None:
    made = markdown.render(marked(with_text(models[kind], hostile), hostile), hostile)
    assert_harmless(made)
    assert len(made) < 65_000


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
def test_no_model_mentions_anybody(models: Mapping[str, Report], kind: str) -> None:
    hostile = (
        "Ask @octocat, see #12 and GH-3 at www.evil.example: https://evil.example/?leak or ![x](https://evil.example)."
    )
    made = markdown.render(marked(with_text(models[kind], hostile), hostile), "")
    shown = [token.content for token in tokens(made) if token.type == "text"]
    assert any("octocat" in text for text in shown)
    for trigger in ("@octocat", "#12", "GH-3", "www.evil", "://evil"):
        assert not any(trigger in text for text in shown)


def test_faults_there_is_no_room_for_are_counted_each(report: Report) -> None:
    fault = report.faults[5]
    many = tuple(fault.model_copy(update={"message": f"m{number % 50}", "line": number + 1}) for number in range(150))
    text = markdown.render(report.model_copy(update={"faults": many}), "")
    listed = text.partition("## What was wrong")[2].partition("\n_And ")
    assert listed[0].count("wave_grid/__init__.py:") == 120 and listed[2].startswith("30 more, in report.json._")


def test_mentions_and_references_are_parted() -> None:
    text = prose("@octocat and #12, GH-3, www.evil.example")
    for trigger in ("@octocat", "#12", "GH-3", "www.evil"):
        assert trigger not in text
    assert code("@octocat") == "`@octocat`"


@pytest.mark.parametrize("text", ["mail ann@b.example", ".e.example@.www", "a@-b.c", "a@_b.c", "a@"])
def test_no_address_is_one_that_mail_is_sent_to(text: str) -> None:
    # GitHub begins one at any dot, dash and underline, too; readers see the same as before
    made = prose(text)
    assert "@\u2060" in made
    assert made.replace("\u2060", "").replace("\\", "") == text


def test_an_at_between_spaces_can_be_copied_as_it_is() -> None:
    assert prose("turn @ Vector(v)") == "turn @ Vector(v)"


def test_only_known_hosts_are_linked(report: Report) -> None:
    citations = (
        Citation(label="good", url="https://docs.blender.org/api/4.5/bpy.types.Mesh.html#bpy.types.Mesh"),
        Citation(label="bad", url="https://docs.blender.org.evil.example/"),
        Citation(label="worse", url="javascript:alert(1)"),
        Citation(label="sly", url="https://docs.blender.org/a)b"),
    )
    text = markdown.render(report.model_copy(update={"citations": citations}), "")
    assert "[`good`](https://docs.blender.org/" in text
    for label in ("bad", "worse", "sly"):
        assert f"\n- `{label}`\n" in text


def test_however_much_there_is_it_fits(report: Report) -> None:
    fault = report.faults[0].model_copy(update={"message": "|`" * 3000, "traceback": "`x\n" * 6000})
    huge = report.model_copy(
        update={
            "faults": tuple(fault.model_copy(update={"line": n, "message": f"{n}{fault.message}"}) for n in range(500)),
            "notes": ("n" * 5000,) * 500,
            "validation": report.validation * 100,
        }
    )
    text = markdown.render(huge, "+" + "`" * 200_000 + "\n+x" * 100_000)
    assert len(text) < 65_000
    assert_harmless(text)


def test_a_long_diff_is_cut_at_a_line_and_says_so(report: Report) -> None:
    text = markdown.render(report, "+a line\n" * 20_000)
    assert len(text) < 65_000
    assert "`patch.diff` has all of it" in text


def test_a_clean_run_has_little_to_say(report: Report) -> None:
    clean = report.model_copy(
        update={"status": Status.CLEAN, "faults": (), "attempts": (), "best": None, "patch": None, "artifacts": ()}
    )
    text = markdown.render(clean, "")
    assert text.startswith("# Nothing is wrong in Blender 4.2 and 4.5\n")
    assert "git apply" not in text and "What was wrong" not in text


def test_a_citation_is_a_span_of_code_and_its_first_line() -> None:
    told = Citation(label="`spread/measure.py:7`: reported, not seen by us", text="float division by zero\n\nTraceback")
    assert cited(told) == "`spread/measure.py:7: reported, not seen by us` — `float division by zero …`"
    code_of = Citation(
        label="a.py:1-2", url="https://docs.blender.org/api/4.5/x.html", text="\ndef f():\n    return 1\n"
    )
    assert cited(code_of) == f"[`a.py:1-2`]({code_of.url}) — `def f(): …`"
    assert cited(Citation(label="``", text="x = `1`")) == "`?` — `` x = `1` ``"
