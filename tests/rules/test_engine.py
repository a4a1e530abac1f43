"""Surveying, choosing and applying repairs."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models.evidence import ReleaseAnswers
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Answer, Question, QuestionKind
from bot.models.release import Release, SupportRange
from bot.rules.base import Context, Rule
from bot.rules.engine import apply, faults_from, questions_of, read_all, select, survey
from bot.rules.source import Source

NEW = Release(4, 5)
OLD = Release(4, 2)
QUESTION = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Thing", name="old")


class Renamed(Rule):
    """`.old` becomes `.new`, for tests."""

    code = "TST101"
    name = "renamed"
    family = "tests"
    since = NEW
    triggers = (".old",)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        source.module  # noqa: B018  (rules parse)
        at = -1
        while (at := source.text.find("old", at + 1)) >= 0:
            yield repair(edits=(Edit(start=at, end=at + 3, text="new"),), line=source.text[:at].count("\n") + 1)


def repair(**changes: object) -> Repair:
    given: dict[str, object] = {
        "rule": "TST101",
        "path": "a.py",
        "line": 1,
        "end_line": 1,
        "message": "there is no old",
        "title": "use new",
        "question": QUESTION,
        "owner": "Thing",
        "member": "old",
        "edits": (Edit(start=0, end=1, text="y"),),
    }
    return Repair.model_validate(given | changes)


def fault(**changes: object) -> Fault:
    given: dict[str, object] = {
        "kind": FaultKind.OPERATOR,
        "path": "a.py",
        "line": 1,
        "message": "boom",
        "source": FaultSource.RUNTIME,
        "proof": Proof.REPRODUCED,
    }
    return Fault.model_validate(given | changes)


def said(exists: bool | None, release: Release = NEW) -> ReleaseAnswers:
    return ReleaseAnswers(release=release, answers=(Answer(question=QUESTION, exists=exists),))


def context(*sources: Source) -> Context:
    return Context(SupportRange(oldest=OLD, newest=NEW), [NEW], (), sources)


def test_survey_reads_concerned_files_only_and_reports_unreadable_ones() -> None:
    good = Source("good.py", "x.old\n", "utf-8")
    other = Source("other.py", "def broken(:\n", "utf-8")
    broken = Source("broken.py", "x.old\ndef broken(:\n", "utf-8")
    found = survey([good, other, broken], context(good, other, broken), [Renamed()])
    assert [one.line for one in found.repairs] == [1]
    (problem,) = found.problems
    assert (problem.kind, problem.path, problem.line) == (FaultKind.SYNTAX, "broken.py", 2)


def test_a_file_with_blanks_at_its_end_is_read() -> None:
    source = Source("a.py", "if x:\n    x.old\n \n \n\n", "utf-8")
    assert survey([source], context(source), [Renamed()]).repairs


def test_bytes_that_fit_no_encoding_are_a_problem() -> None:
    sources, problems = read_all({"a.py": b"x = 1\n", "b.py": b"\xff\xfe\x00", "c.py": b"# coding: nonsense\n"})
    assert [source.path for source in sources] == ["a.py"]
    assert [problem.path for problem in problems] == ["b.py", "c.py"]


def test_only_a_no_makes_a_fault() -> None:
    assert faults_from([repair()], [said(True)], [NEW]) == ()
    assert faults_from([repair()], [said(None)], [NEW]) == ()
    assert faults_from([repair()], [], [NEW]) == ()
    (found,) = faults_from([repair()], [said(False)], [NEW])
    assert (found.proof, found.source, found.rule, found.release) == (Proof.API, FaultSource.API, "TST101", NEW)
    assert (found.owner, found.member, found.path, found.line) == ("Thing", "old", "a.py", 1)


def test_the_newest_target_that_says_no_is_named_else_another_release() -> None:
    assert faults_from([repair()], [said(False, OLD), said(False, NEW)], [OLD])[0].release == OLD
    assert faults_from([repair()], [said(False, OLD), said(True, NEW)], [NEW])[0].release == OLD


def test_questions_are_asked_once() -> None:
    assert questions_of([repair(), repair(line=2)]) == (QUESTION,)


def test_a_repair_is_chosen_for_its_own_fault_only() -> None:
    one, two = repair(), repair(line=2, edits=(Edit(start=5, end=6, text="y"),))
    faults = faults_from([one], [said(False)], [NEW])
    assert select([one, two], faults).chosen == (one,)
    assert select([one, two], []).chosen == ()


def test_a_located_fault_chooses_the_repair_that_names_it() -> None:
    seen = fault()
    located = repair(question=None, fault=seen)
    assert select([located], [seen]).chosen == (located,)
    assert select([located], [fault(line=7)]).chosen == ()


def test_what_a_person_must_decide_is_explained_when_it_is_a_fault() -> None:
    left = repair(decision=Decision.EXPLAIN, reason="because", edits=())
    selection = select([left], faults_from([left], [said(False)], [NEW]))
    assert selection.explained == (left,)
    assert not selection.chosen
    assert select([left], []).explained == ()


def test_of_two_that_want_a_place_the_reproduced_one_wins_and_the_other_waits() -> None:
    seen = fault()
    plain = repair(rule="AAA101", edits=(Edit(start=0, end=1, text="w"),))
    backed = repair(rule="ZZZ101", fault=seen)
    faults = (seen, *faults_from([plain], [said(False)], [NEW]))
    selection = select([plain, backed], faults)
    assert selection.chosen == (backed,)
    assert selection.postponed == (plain,)


def test_equal_edits_of_two_repairs_do_not_collide() -> None:
    shared = Edit(start=0, end=0, text="import bpy\n")
    one = repair(edits=(shared, Edit(start=5, end=6, text="a")))
    two = repair(line=2, edits=(shared, Edit(start=9, end=10, text="b")))
    selection = select([one, two], faults_from([one, two], [said(False)], [NEW]))
    assert len(selection.chosen) == 2
    source = Source("a.py", "x = [1,\n 2]\n", "utf-8")
    made = apply([source], selection.chosen).files["a.py"]
    assert made.startswith(b"import bpy\nx = [a")


def test_only_changed_files_come_back() -> None:
    one, two = Source("a.py", "x = 1\n", "utf-8"), Source("b.py", "z = 1\n", "utf-8")
    assert apply([one, two], [repair()]).files == {"a.py": b"y = 1\n"}
    assert apply([one], [repair(edits=(Edit(start=0, end=1, text="x"),))]).files == {}


def test_a_rule_whose_result_is_no_python_loses_its_repairs_alone() -> None:
    source = Source("a.py", "x = 1\nz = 2\n", "utf-8")
    bad = repair(rule="BAD101", edits=(Edit(start=0, end=1, text="def"),))
    good = repair(rule="GUD101", line=2, edits=(Edit(start=6, end=7, text="y"),))
    made = apply([source], [bad, good])
    assert made.files == {"a.py": b"x = 1\ny = 2\n"}
    (dropped,) = made.dropped
    assert dropped.rule == "BAD101"
    assert dropped.decision is Decision.LEAVE
    assert dropped.reason


def test_encoding_mark_and_line_endings_survive() -> None:
    data = "\ufeffx = 'é'\r\nz = 2\r\n".encode()
    source = Source.read("a.py", data)
    made = apply([source], [repair(edits=(Edit(start=0, end=1, text="y"),))]).files["a.py"]
    assert made == "\ufeffy = 'é'\r\nz = 2\r\n".encode()
