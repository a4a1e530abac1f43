"""The documented examples in real Blender: what stands before fails there, what stands after runs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bot.blender.base import Runtime
from bot.rules.base import Rule
from bot.rules.registry import all_rules

SCRIPT = """
import json, os, sys, traceback
import bpy

def outcome(code):
    bpy.ops.wm.read_factory_settings()
    try:
        exec(compile(code, "example", "exec"), {"__name__": "example"})
    except BaseException:
        return traceback.format_exc()
    return ""

asked, answer = sys.argv[-2:]
with open(asked) as file:
    examples = json.load(file)
result = {name: [outcome(before), outcome(after)] for name, (before, after) in examples.items()}
with open(answer, "w") as file:
    json.dump(result, file)
sys.stdout.flush()
os._exit(0)
"""


def executable(runtime: Runtime) -> list[Rule]:
    return [
        rule
        for rule in all_rules()
        if getattr(rule, "runs_in_blender", False)
        and rule.since <= runtime.release
        and (rule.until is None or runtime.release < rule.until)
    ]


def test_before_fails_and_after_runs(runtime: Runtime, tmp_path: Path) -> None:
    rules = executable(runtime)
    assert rules
    script, asked, answer = tmp_path / "script.py", tmp_path / "asked.json", tmp_path / "answer.json"
    script.write_text(SCRIPT)
    examples = {rule.code: (rule.documentation.before, rule.documentation.after) for rule in rules}
    asked.write_text(json.dumps(examples))
    start = [str(runtime.path), str(script)]
    if runtime.kind == "executable":
        start = [str(runtime.path), "-b", "--factory-startup", "--python", str(script), "--"]
    subprocess.run([*start, str(asked), str(answer)], timeout=120, check=False, capture_output=True, cwd=tmp_path)
    for code, (before, after) in json.loads(answer.read_text()).items():
        assert before, f"{code}: the example before runs in {runtime.release}"
        assert not after, f"{code}: the example after fails in {runtime.release}:\n{after}"
