"""Where lines belong: by content, near a line only where that is clear, and never by guessing."""

from __future__ import annotations

import pytest

from bot.edits.placing import Already, Placed, Unplaced, place
from bot.edits.splices import spliced
from bot.edits.texts import Lines

TEXT = """class A:
    def draw(self, context):
        layout = self.layout
        layout.label(text="a")
        return {'FINISHED'}

    def execute(self, context):
        mesh = context.object.data
        mesh.update()
        return {'FINISHED'}


class B:
    def draw(self, context):
        layout = self.layout
        layout.label(text="b")
        return {'FINISHED'}
"""


def outcome(old: str, new: str, near: int | None = None, text: str = TEXT) -> str | Already | Unplaced:
    """The text afterwards, or why there is none."""
    found = place(old.splitlines(), new.splitlines(), near, Lines.of(text))
    return spliced(text, found.splices) if isinstance(found, Placed) else found


def refused(old: str, new: str, near: int | None = None, text: str = TEXT) -> str:
    found = outcome(old, new, near, text)
    assert isinstance(found, Unplaced), found
    return found.reason


def test_exact_lines() -> None:
    assert outcome("        mesh.update()\n", "        mesh.validate()\n") == TEXT.replace("update", "validate")


def test_equal_places_are_refused_with_their_lines() -> None:
    said = refused("        return {'FINISHED'}\n", "        return {'CANCELLED'}\n")
    assert "3 places" in said and "5, 10, 17" in said


@pytest.mark.parametrize("near", [1, 3, 8, 9, 14, 30])
def test_a_line_number_that_is_not_clearly_nearer_to_one_decides_nothing(near: int) -> None:
    assert "places" in refused("        layout = self.layout\n", "        row = self.layout\n", near)


def test_a_line_number_that_is_clearly_nearer_decides() -> None:
    text = "x = 1\n" + "y = 2\n" * 60 + "x = 1\n"
    assert outcome("x = 1\n", "x = 3\n", 60, text) == text[:-6] + "x = 3\n"
    assert outcome("x = 1\n", "x = 3\n", 2, text) == "x = 3\n" + text[6:]
    assert "places" in refused("x = 1\n", "x = 3\n", 25, text)


def test_a_single_place_is_taken_whatever_the_line_number_says() -> None:
    assert outcome("        mesh.update()\n", "        pass\n", 9000) == TEXT.replace("mesh.update()", "pass")


def test_white_space_at_line_ends_is_looked_past_and_stays_in_the_lines_that_stay() -> None:
    text = TEXT.replace("object.data\n", "object.data  \n")
    new = "        mesh = context.object.data\n        mesh.validate()\n"
    found = place(
        ["        mesh = context.object.data", "        mesh.update()  "], new.splitlines(), None, Lines.of(text)
    )
    assert isinstance(found, Placed) and "white space" in found.note
    assert spliced(text, found.splices) == text.replace("update", "validate")


@pytest.mark.parametrize("by", ["", "  ", "    ", "            ", "\t"])
def test_new_lines_are_moved_as_the_old_ones_were(by: str) -> None:
    old = f"{by}mesh = context.object.data\n{by}mesh.update()\n"
    new = f"{by}mesh = context.object.data\n{by}if mesh:\n{by}    mesh.update()\n"
    expected = TEXT.replace("        mesh.update()\n", "        if mesh:\n            mesh.update()\n")
    assert outcome(old, new) == expected


@pytest.mark.parametrize("unit", [2, 4, 8])
def test_spaces_for_tabs(unit: int) -> None:
    text = TEXT.replace("    ", "\t")
    level = " " * unit
    old = f"{level}def execute(self, context):\n{level * 2}mesh = context.object.data\n{level * 2}mesh.update()\n"
    new = old.replace("mesh.update()", f"if mesh:\n{level * 3}mesh.update()")
    assert outcome(old, new, text=text) == text.replace("\t\tmesh.update()", "\t\tif mesh:\n\t\t\tmesh.update()")


def test_lines_that_are_not_moved_alike_are_not_that_place() -> None:
    assert "not in the file" in refused(
        "    mesh = context.object.data\n            mesh.update()\n",
        "    mesh = context.object.data\n            pass\n",
    )


def test_an_addition_below_context_that_lost_its_space_is_not_moved() -> None:
    old = "   def execute(self, context):\n       mesh = context.object.data\n"
    new = old + "        mesh.validate()\n"
    expected = TEXT.replace("        mesh.update()", "        mesh.validate()\n        mesh.update()")
    assert outcome(old, new) == expected


def test_an_addition_moved_by_one_space_is_moved_back() -> None:
    old = "   def execute(self, context):\n       mesh = context.object.data\n"
    new = old + "       mesh.validate()\n"
    expected = TEXT.replace("        mesh.update()", "        mesh.validate()\n        mesh.update()")
    assert outcome(old, new) == expected


LONG = """def export(path, mesh):
    data = prepare(mesh)
    checked = validate(data)
    with open(path, "w") as file:
        file.write(header(mesh))
        file.write(body(checked))
    report(path)
    return len(checked)
"""


def test_a_context_line_that_differs_is_looked_past_and_stays_as_it_is() -> None:
    old = LONG.replace("validate(data)", "validate(data, strict=True)")
    new = old.replace("report(path)", "report(path, mesh)")
    found = place(old.splitlines(), new.splitlines(), None, Lines.of(LONG))
    assert isinstance(found, Placed) and "differ" in found.note
    assert spliced(LONG, found.splices) == LONG.replace("report(path)", "report(path, mesh)")


def test_a_context_line_that_is_missing_or_too_many_is_looked_past() -> None:
    expected = LONG.replace("report(path)", "report(path, mesh)")
    for old in (
        LONG.replace("    checked = validate(data)\n", ""),
        LONG.replace("    with", "    extra = 1\n    with"),
    ):
        assert outcome(old, old.replace("report(path)", "report(path, mesh)"), text=LONG) == expected


def test_a_removed_line_that_differs_is_never_looked_past() -> None:
    old = LONG.replace("report(path)", "report(self.path)")
    said = refused(old, old.replace("report(self.path)", "pass"), text=LONG)
    assert "not in the file" in said and "7|     report(path)" in said


def test_an_addition_beside_a_line_that_differs_has_no_place() -> None:
    old = LONG.replace("report(path)", "report(self.path)")
    new = old.replace("    report(self.path)\n", "    report(self.path)\n    tell(path)\n")
    assert "not in the file" in refused(old, new, text=LONG)


def test_drift_with_two_places_is_refused() -> None:
    text = LONG + "\n\n" + LONG
    old = LONG.replace("validate(data)", "validate(data, strict=True)")
    assert "not in the file" in refused(old, old.replace("report(path)", "report()"), text=text)


def test_most_of_the_context_must_be_there() -> None:
    old = "def other(path):\n    nothing = like(it)\n    at_all = there()\n    report(path)\n"
    assert "not in the file" in refused(old, old.replace("report(path)", "report()"), text=LONG)


def test_what_is_not_found_is_answered_with_what_is_there() -> None:
    said = refused("        mesh = context.object.date\n        mesh.calc_normals()\n", "        pass\n")
    assert "first of them is 'mesh = context.object.date'" in said
    assert " 8|         mesh = context.object.data\n 9|         mesh.update()" in said


def test_what_resembles_nothing_is_answered_so() -> None:
    assert "Nothing in the file resembles them; it has 17 lines" in refused("zzzzzzzzzzzz\n", "y\n")


def test_what_is_there_already_is_told() -> None:
    old, new = (
        "        mesh.calc_normals()\n        return {'FINISHED'}\n",
        "        mesh.update()\n        return {'FINISHED'}\n",
    )
    assert outcome(old, new) == Already(9)


def test_an_addition_that_is_there_already_is_not_made_again() -> None:
    old, added = "        mesh = context.object.data\n", "        mesh.update()\n"
    assert outcome(old, old + added) == Already(8, sure=False)
    assert outcome(added, old + added) == Already(8, sure=False)


def test_too_little_to_tell_is_not_said_to_be_there() -> None:
    assert "not in the file" in refused("    gone()\n", "    pass\n", text="def f():\n    pass\n")


@pytest.mark.parametrize(
    "elision",
    ["...", "…", "# ...", "# ... existing code ...", "# … rest of the method …", "# rest of the method", "[...]",
     "# (rest of the code unchanged)", "# existing code here", "# ... (unchanged)", "pass  # ... existing code ...",
     "# unchanged", "# same as before", "// ... existing code ...", "# [existing code]", "#...",
     "# --- existing code ..."],
)  # fmt: skip
@pytest.mark.parametrize("side", ["both", "new"])
def test_code_that_is_left_out_is_refused(elision: str, side: str) -> None:
    line = f"        {elision}\n"
    old = "        mesh = context.object.data\n" + (line if side == "both" else "") + "        mesh.update()\n"
    new = f"        mesh = context.object.data\n{line}        mesh.validate()\n"
    assert "left out" in refused(old, new)


def test_dots_that_the_file_has_are_code() -> None:
    text = "class P(Protocol):\n    def f(self):\n        ...\n"
    assert outcome("    def f(self):\n        ...\n", "    def g(self):\n        ...\n", text=text) == text.replace(
        "f(self)", "g(self)"
    )


@pytest.mark.parametrize("comment", ["# Keep the existing code path alive", "# the rest is up to the user: see docs/x",
                                     "# Unchanged vertices are skipped", "x[..., 0] = 1", "print('...')"])  # fmt: skip
def test_ordinary_comments_are_no_elisions(comment: str) -> None:
    new = f"        {comment}\n        mesh.update()\n"
    assert outcome("        mesh.update()\n", new) == TEXT.replace("        mesh.update()\n", new)


def test_nothing_searched_for_goes_where_it_is_said() -> None:
    assert outcome("", "x = 1\n", 1, "y = 2\n") == "x = 1\ny = 2\n"
    assert outcome("", "x = 1\n", 2, "y = 2\n") == "y = 2\nx = 1\n"
    assert outcome("", "x = 1\n", None, "y = 2") == "y = 2\nx = 1"
    assert outcome("", "x = 1\n", None, "y = 2\nx = 1\n") == Already(2)
    assert "past the end" in refused("", "x = 1\n", 5, "y = 2\n")
    assert outcome("", "x = 1\n", None, "") == "x = 1\n"
