"""Test files as one script: run by pytest where Blender's Python has it, else by `unittest` and by calling them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

MOST = 45_000
"""Characters of test files a script can hold."""

RUNNER = """\
import importlib.util, inspect, os, sys, unittest

FILES = {files!r}
folder = os.path.join(TMP, "tests")
os.makedirs(folder)
sys.path.insert(0, folder)
for name, text in FILES.items():
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
try:
    import pytest
except ImportError:
    pytest = None
if pytest is not None:
    status = pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", folder, folder])
    assert status == 0, "pytest ended with %s" % status
else:
    ran = 0
    for name in FILES:
        spec = importlib.util.spec_from_file_location(name[:-3], os.path.join(folder, name))
        module = sys.modules[name[:-3]] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        result = unittest.TextTestRunner(stream=sys.stdout).run(suite)
        assert result.wasSuccessful(), [text[-300:] for _, text in result.failures + result.errors]
        ran += result.testsRun
        for key, value in sorted(vars(module).items()):
            if key.startswith("test") and inspect.isfunction(value) and not inspect.signature(value).parameters:
                value()
                ran += 1
    assert ran, "no test could be run without pytest"
"""


def is_test(path: str) -> bool:
    """Whether a file is one of tests, by its name."""
    pure = PurePosixPath(path)
    return pure.suffix == ".py" and (pure.stem.startswith("test_") or pure.stem.endswith("_test"))


def script(files: Mapping[str, str]) -> str:
    """A script that fails where a test of the files fails, or none can be run; empty where they are too long."""
    named = {PurePosixPath(path).name: text for path, text in files.items()}
    if not named or len(named) < len(files) or sum(map(len, named.values())) > MOST:
        return ""
    text = RUNNER.format(files=named)
    return text if len(text) <= MOST + len(RUNNER) else ""
