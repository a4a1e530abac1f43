"""The figures the README promises, measured: `python benchmarks/figures.py [--blender 4.5] [--runs 3]`.

`bot --help` in under 0.4 s; each broken example repaired and verified in under 25 s once its Blender and
the stubs are there, with at most 4 Blender starts per release; the healthy one clean. The baseline of
`--help` is a Python that starts and does nothing, in the same run. Exit status 1 if a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {"wave_279": "repaired", "studio_36": "repaired", "healthy_bolt": "clean"}
HELP_SECONDS = 0.4
REPAIR_SECONDS = 25.0
STARTS = 4


def timed(command: list[str], cwd: Path) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Seconds of wall clock, and how it ended."""
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return time.perf_counter() - begin, done


def median(command: list[str], cwd: Path, runs: int) -> float:
    """The median of several runs, after one that does not count."""
    return statistics.median([timed(command, cwd)[0] for _ in range(runs + 1)][1:])


def main() -> int:
    """Measure, print a table, say with the exit status whether every figure is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blender", default="4.5", help="releases, as `bot run` takes them")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    met = True
    idle = median([sys.executable, "-c", "pass"], ROOT, 7)
    shown = median([sys.executable, "-m", "bot", "--help"], ROOT, 7)
    met &= shown < HELP_SECONDS
    print("| what | seconds (median) | limit | Blender starts |\n|---|---|---|---|")
    print(f"| python -c pass (baseline) | {idle:.2f} | | |\n| bot --help | {shown:.2f} | {HELP_SECONDS} | |")
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "repo"
        shutil.copytree(ROOT / "examples", repo)
        for command in (
            ["git", "init", "-q"],
            ["git", "add", "-A"],
            ["git", "-c", "user.name=B", "-c", "user.email=b@example.org", "commit", "-qm", "Start"],
        ):
            subprocess.run(command, cwd=repo, check=True)
        for name, status in EXAMPLES.items():
            command = [sys.executable, "-m", "bot", "run", name, "--blender", options.blender, "--json"]
            seconds, reports = [], []
            for _ in range(options.runs + 1):
                took, done = timed(command, repo)
                seconds.append(took)
                reports.append(json.loads(done.stdout))
            took = statistics.median(seconds[1:])
            starts = max(count for report in reports for count in report["blender_starts"].values())
            right = all(report["status"] == status for report in reports)
            met &= right and took < REPAIR_SECONDS and starts <= STARTS
            told = ", ".join(f"{release}: {count}" for release, count in reports[-1]["blender_starts"].items())
            word = reports[-1]["status"] + (", verified" if reports[-1]["verified"] else "")
            print(f"| examples/{name}: {word} | {took:.1f} | {REPAIR_SECONDS:.0f} | {told} (limit {STARTS}) |")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
