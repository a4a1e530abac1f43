"""The page `docs/eval.md`: how to evaluate, the form of a case, and what each figure means, in its own words."""

from __future__ import annotations

from bot.evaluation.ablations import ABLATIONS
from bot.evaluation.metrics.base import Measure
from bot.evaluation.metrics.registry import FAMILIES
from bot.evaluation.report import goal

PAGE = """# Evaluation

`bot eval` runs the bot on cases and says in figures what came of it.

    bot eval ~/my_addon --history 10 --llm none         # your own fixes: each one's parent, repaired anew
    bot eval --cases cases.jsonl --repositories clones  # cases in a file
    bot eval --cases cases.jsonl --ablate all --plot eval.png --json

Each case runs like `bot run`, on a checkout of its own at the commit with the fault. What judges it is run afterwards,
in the sandboxed Blender, and never shown to the bot; and before, on the commit and on the project's own fix: a case
whose judge does not tell the two apart is *unsound* and no resolved rate rests on it. Results are kept in `--out` (by
default `.bcrag/eval`), one file each: a second call runs what is missing, `--again` everything. `DIR/eval.md` and
`DIR/eval.json` have the figures, `DIR/<configuration>/<case>/` each run's report. Exit status 1 says that a proof was
false.

## Cases from history

A fix is a commit whose message says that something was repaired, and what. Its message stands in for the issue, which
the repository does not have and which may have said less; `--unaided` keeps it from the bot. The case is judged by the
test files the commit changed or added (`test_*.py`, `*_test.py`), run by pytest where Blender's Python has it, else by
`unittest` and by calling functions named `test…` that take nothing. Without tests, or where they do not tell, only
what the fix touched is known: then context and places are measured, and nothing is claimed to be resolved.

## Cases in a file

A line is a JSON object:

{fields}

## Without a part

{ablations}

## Figures

Each is taken over the cases in which it can be said; the number stands beside it.
"""
FIELDS = {
    "`id`": "short and unique",
    "`repo`": "`owner/name`, looked for below `--repositories` as `<owner>+<name>/repo`, `<owner>+<name>` or "
    "`<owner>/<name>`; or a path relative to the file",
    "`before`, `after`": "the commit with the fault; the project's own fix, which may be left out: then the judge is "
    "believed, and context and places are not measured",
    "`addon_path`, `module`": "where the add-on lies (`.`: the root), and the name it is enabled as",
    "`runtime`": "the Blender to work on, such as `4.2.23`; left out: the bot's choice",
    "`probe`": "Python that is run after enabling, with `bpy`, `addon`, `MODULE` and `CASE_TMP`; it fails by raising. "
    "Then the add-on is disabled (with `# no-disable` in it: not). Left out: enabling and disabling alone judge",
    "`traceback`, `silent_wrong_result`": "what a user would have pasted, given to the bot without the probe's frames; "
    "not where nothing raises",
    "`issue`": "what a user would have written, given to the bot as its task",
    "`kind`": "any word, for the tables",
}
FIELD = "| {name} | {meaning} |"
ABLATION = "| `{name}` | {title} |"
ROW = "| `{key}` | {goal} | {definition} |"
HEADER = "| figure | goal | definition |\n|---|---|---|"


def page() -> str:
    """The page, without the remark that it was generated."""
    ablations = "| `--ablate` | what is different |\n|---|---|\n"
    ablations += "\n".join(ABLATION.format(name=one.name, title=one.title) for one in ABLATIONS.values())
    fields = "| field | meaning |\n|---|---|\n"
    fields += "\n".join(FIELD.format(name=name, meaning=meaning) for name, meaning in FIELDS.items())
    parts = [PAGE.format(ablations=ablations, fields=fields)]
    for family, measures in FAMILIES.items():
        rows = "\n".join(_row(measure) for measure in measures)
        parts.append(f"### {family}\n\n{HEADER}\n{rows}\n")
    return "\n".join(parts)


def _row(measure: Measure) -> str:
    return ROW.format(key=measure.key, goal=goal(measure.figure([])), definition=measure.definition.replace("|", "\\|"))
