"""Every rule's documentation is its test: the example is repaired exactly, the left-alone code is not touched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models.release import KNOWN, Release, SupportRange
from bot.rules.base import SECTIONS, Context, Rule, Safety
from bot.rules.engine import apply, faults_from, select, survey
from bot.rules.examples import PATH, documented_support, example_faults, look, repaired
from bot.rules.registry import all_rules
from bot.rules.source import Source

RULES = all_rules()
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
REPAIRING = [rule for rule in RULES if rule.mode == "repair"]
HOSTS = {
    "docs.blender.org",
    "developer.blender.org",
    "projects.blender.org",
    "numpy.org",
    "docs.python.org",
    "github.com",  # a line of a public add-on the rule repairs
}


@every_rule
def test_documentation_has_every_section(rule: Rule) -> None:
    documentation = rule.documentation
    for text in (documentation.title, documentation.what_it_does, documentation.why_it_breaks):
        assert text
    assert documentation.left_alone, f"{rule.code} shows nothing it leaves alone; sections: {SECTIONS}"
    assert documentation.fix_safety.lower().startswith("safe" if rule.safety is Safety.SAFE else "unsafe")
    assert documentation.references
    for url in documentation.references:
        assert urlsplit(url).scheme == "https" and urlsplit(url).hostname in HOSTS, url


@every_rule
def test_facts_are_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{2,3}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert type(rule).__module__.startswith(f"bot.rules.{rule.family}.")
    assert rule.triggers and rule.concerned(rule.documentation.before)
    assert rule.until is None or rule.since < rule.until


def test_codes_and_names_are_unique_and_sorted() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", REPAIRING, ids=lambda rule: rule.code)
def test_example_is_repaired_exactly(rule: Rule) -> None:
    result = repaired(rule, rule.documentation.before)
    assert result == rule.documentation.after
    compile(result, PATH, "exec")


@pytest.mark.parametrize("rule", [rule for rule in REPAIRING if rule.documentation.guarded], ids=lambda rule: rule.code)
def test_example_is_guarded_where_older_releases_are_supported(rule: Rule) -> None:
    oldest, newest = rule.documentation.guarded_support.split("-")
    support = SupportRange(oldest=Release.parse(oldest), newest=Release.parse(newest))
    result = repaired(rule, rule.documentation.before, support)
    assert result == rule.documentation.guarded
    compile(result, PATH, "exec")
    assert repaired(rule, result, support) == result


@every_rule
def test_repaired_example_needs_no_repair(rule: Rule) -> None:
    assert repaired(rule, rule.documentation.after) == rule.documentation.after


@every_rule
def test_left_alone_code_is_not_touched(rule: Rule) -> None:
    left_alone = rule.documentation.left_alone
    compile(left_alone, PATH, "exec")
    assert repaired(rule, left_alone) == left_alone


@every_rule
def test_an_explanation_says_why(rule: Rule) -> None:
    for text in (rule.documentation.before, rule.documentation.left_alone):
        for repair in look(rule, Source(PATH, text, "utf-8"), documented_support(rule)).explained:
            assert repair.reason
            assert not repair.edits


LINES = st.lists(
    st.sampled_from(
        (
            "# ein Vermerk, schön und gut: naïve café",
            "x = {'a': 1,  'b':2}   # odd   spacing stays",
            'TEXT = """two\n  lines, "quoted" \\n"""',
            "def helper(a,b=1, *rest):\n\treturn a+b",
            "\n\n",
            "if x: y = 1; z = 2",
            "values = [n*n for n in range(3)  ]",
        )
    ),
    max_size=4,
).map("\n".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rule=st.sampled_from(REPAIRING or [None]),
    before=LINES,
    after=LINES,
    newline=st.sampled_from(("\n", "\r\n")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "latin-1")),
    final=st.booleans(),
)
def test_everything_outside_the_edits_survives_byte_for_byte(
    rule: Rule, before: str, after: str, newline: str, encoding: str, final: bool
) -> None:
    declared = "# -*- coding: latin-1 -*-\n" if encoding == "latin-1" else ""
    text = f"{declared}{before}\n{rule.documentation.before}\n{after}" + ("\n" if final else "")
    data = text.replace("\n", newline).encode(encoding)
    source = Source.read(PATH, data)
    repairs = look(rule, source, documented_support(rule)).chosen
    files = apply([source], repairs).files
    result = files.get(PATH, data)
    assert result.startswith(data[:3]), "the byte order mark stays"
    position = 0
    made = result.decode(source.encoding)
    for edit in sorted({edit for repair in repairs for edit in repair.edits}, key=lambda e: (e.start, e.end)):
        kept = source.text[position : edit.start]
        assert made.startswith(kept + edit.text)
        made = made[len(kept + edit.text) :]
        position = edit.end
    assert made == source.text[position:]
    compile(result, PATH, "exec")
    if newline == "\r\n":
        assert b"\n" not in result.replace(b"\r\n", b"")


@pytest.mark.parametrize("rule", [rule for rule in REPAIRING if not example_faults(rule)], ids=lambda rule: rule.code)
def test_nothing_is_repaired_that_blender_did_not_say_is_wrong(rule: Rule) -> None:
    source = Source(PATH, rule.documentation.before, "utf-8")
    found = survey([source], Context(documented_support(rule), [KNOWN[-1]], (), (source,)), [rule]).repairs
    assert found
    stated_by_itself = [repair for repair in found if repair.fault and repair.fault.rule == repair.rule]
    chosen = select(found, faults_from(found, [], [])).chosen
    assert len(chosen) == len(stated_by_itself)
