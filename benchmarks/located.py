"""Is the fault of a log reported at its file and line? Every real case that raises, its traceback as `--log`.

    python benchmarks/located.py --cases cases.jsonl --checker check_case.py --mirrors CLONES [--run]

The tree of the failing commit is exported, the traceback a user would paste is handed in (`bot check
--static --log`, or `bot run --llm none --log` with `--run`), and the faults are compared with the place the
case knows. Exit status 1 where one is missed. The silent cases have no traceback in the add-on and are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def place_of(case: dict[str, Any]) -> str:
    """The case's place as a repository path: the case spells it from the folder the add-on was installed as."""
    path, _, line = case["location"].rpartition(":")
    installed = case["module"] + "/"
    if path.startswith(installed):
        below = path.removeprefix(installed)
        path = below if case["addon_path"] == "." else f"{case['addon_path']}/{below}"
    else:
        path = case["addon_path"]
    return f"{path}:{line}"


def places_told(
    cases: ModuleType, bench: argparse.Namespace, case: dict[str, Any], folder: Path
) -> tuple[set[str], str]:
    """Every place the bot reports a fault at, and the end of what it said."""
    checkout, log = folder / "checkout", folder / "traceback.txt"
    mirror = bench.mirrors / case["repo"].replace("/", "+") / "repo"
    export = [case["id"], "--cases", bench.cases, "--git-dir", mirror, "--export", checkout, "before"]
    subprocess.run([sys.executable, bench.checker, *map(str, export)], check=True, capture_output=True)
    cases.commit_all(checkout)
    log.write_text(cases.users_traceback(case["traceback"]), encoding="utf-8")
    release = cases.release_of(case["runtime"])
    common = [str(checkout), "--addon", case["addon_path"], "--blender", release, "--log", str(log)]
    how = (
        ["run", *common, "--llm", "none", "--json", "--out", str(folder / "out")]
        if bench.run
        else ["check", *common, "--static", "--format", "json"]
    )
    done = subprocess.run([sys.executable, "-m", "bot", *how], capture_output=True, text=True, cwd=ROOT)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return set(), done.stderr[-300:]
    faults = answer["faults"] if bench.run else answer
    return {f"{fault['path']}:{fault['line']}" for fault in faults}, done.stderr[-300:]


def cases_script() -> ModuleType:
    """`cases.py` beside this file: how a case is exported, and what a user would paste of its traceback."""
    spec = importlib.util.spec_from_file_location("cases_benchmark", Path(__file__).with_name("cases.py"))
    if spec is None or spec.loader is None:
        raise SystemExit("cases.py is not beside this script")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Print one line per case and the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, required=True, help="the case file, one JSON object per line")
    parser.add_argument("--checker", type=Path, required=True, help="the program that exports a case")
    parser.add_argument("--mirrors", type=Path, required=True, help="git directories, as <owner>+<name>/repo")
    parser.add_argument("--only", nargs="+", default=[], metavar="CASE", help="these cases alone")
    parser.add_argument("--run", action="store_true", help="a whole `bot run`, in Blender, instead of a static check")
    bench = parser.parse_args()
    cases = cases_script()
    known = [json.loads(line) for line in bench.cases.read_text(encoding="utf-8").splitlines()]
    chosen = [case for case in known if case["location"] and (not bench.only or case["id"] in bench.only)]
    found = 0
    for case in chosen:
        with tempfile.TemporaryDirectory(prefix="located-") as folder:
            told, said = places_told(cases, bench, case, Path(folder))
        hit = place_of(case) in told
        found += hit
        how = "found" if hit else f"MISSED: {sorted(told)[:6] if told else said}"
        print(f"{case['id']:20} {place_of(case):52} {how}", flush=True)
    print(f"{found} of {len(chosen)} found")
    return 0 if found == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
