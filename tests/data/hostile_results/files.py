"""Writes a result where results once were read from, and where they might be."""

import json
import os

RESULT = {
    "version": "9.9.9", "release": "9.9", "python": "9", "complete": True,
    "probes": [{"id": "operator:object.forged", "kind": "operator", "outcome": "pass"}],
}  # fmt: skip


def attack():
    work = os.path.dirname(os.path.dirname(os.environ["HOME"]))
    for folder in (work, os.getcwd(), os.environ["HOME"], os.path.dirname(os.environ["HOME"])):
        for name in ("result.json", "journal.jsonl", "journal", "request.json"):
            with open(os.path.join(folder, name), "w") as file:
                file.write(json.dumps(RESULT))
