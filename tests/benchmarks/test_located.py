from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "located.py"


@pytest.fixture(scope="module")
def located() -> ModuleType:
    spec = importlib.util.spec_from_file_location("located_benchmark", FILE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("addon_path", "module", "location", "place"),
    [
        ("src/kiln", "kiln", "kiln/io/ops.py:12", "src/kiln/io/ops.py:12"),
        ("kiln", "kiln_t", "kiln_t/ops.py:12", "kiln/ops.py:12"),
        (".", "kiln", "kiln/__init__.py:3", "__init__.py:3"),
        ("slope.py", "slope", "slope.py:86", "slope.py:86"),
    ],
)
def test_a_place_is_spelled_from_the_repository(
    located: ModuleType, addon_path: str, module: str, location: str, place: str
) -> None:
    assert located.place_of({"addon_path": addon_path, "module": module, "location": location}) == place
