"""A repository's own tests in real Blenders, in the real sandbox: every style, and everything that can go wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.blender.base import Runtime
from bot.blender.pytest_folder import pytest_folder
from bot.blender.runtimes import find_runtimes
from bot.blender.session import BlenderExerciser
from bot.models.addon import Addon, AddonKind
from bot.models.fault import FaultKind, FaultSource, Proof
from bot.models.patch import Patch
from bot.models.validation import Check, Observation, Outcome
from bot.sandbox.base import Sandbox
from bot.validators.base import Subject
from bot.validators.compare import difference
from bot.validators.tests.validator import NO_PYTEST, RepositoryTests

INIT = """bl_info = {"name": "Tiles", "blender": (4, 2, 0), "category": "Object"}
import bpy
from .make import smooth


class TILES_OT_add(bpy.types.Operator):
    bl_idname = "tiles.add"
    bl_label = "Add"

    def execute(self, context):
        smooth(bpy.data.meshes.new("Tile"))
        return {"FINISHED"}


def register():
    bpy.utils.register_class(TILES_OT_add)


def unregister():
    bpy.utils.unregister_class(TILES_OT_add)
"""
MAKE = """def area(a, b):
    return a + b


def smooth(mesh):
    mesh.use_auto_smooth = True
    return mesh


def worse(value):
    raise ValueError(value)
"""
LINE = 6
"""Of the member that is not there."""
CONFTEST = """import bpy
import pytest
import tiles


@pytest.fixture(scope="session", autouse=True)
def addon():
    tiles.register()
    yield tiles
    tiles.unregister()


@pytest.fixture
def mesh():
    mesh = bpy.data.meshes.new("M")
    yield mesh
    bpy.data.meshes.remove(mesh)
"""


def observe(
    sandbox: Sandbox, runtimes: Sequence[Runtime], folder: Path, files: dict[str, str], *,
    path: str = "tiles", seconds: float = 60.0, patch: Patch | None = None, baseline: Sequence[Observation] = (),
    with_pytest: bool = True, kind: AddonKind = AddonKind.LEGACY, store: Path | None = None,
) -> tuple[Observation, ...]:  # fmt: skip
    """What the validator sees of a repository with these files, and an add-on in it."""
    root, work = folder / "clone", folder / "work"
    inside = "" if path == "." else f"{path}/"
    everything = {f"{inside}__init__.py": INIT, f"{inside}make.py": MAKE, **files}
    for name, text in everything.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    work.mkdir()
    code = tuple(sorted(name for name in everything if name.endswith(".py") and name.startswith(inside)))
    addon = Addon(
        path=path, module="tiles", kind=kind, single_file=False, name="Tiles", declared_minimum=None, files=code
    )
    subject = Subject(
        root=root, work=work, addon=addon, files={name: everything[name].encode() for name in code},
        releases=tuple(runtime.release for runtime in runtimes), patch=patch or Patch(diff=""), baseline=baseline,
    )  # fmt: skip
    folder_of = lambda: pytest_folder(install=True) if with_pytest else None  # noqa: E731
    return RepositoryTests(BlenderExerciser(sandbox), runtimes, seconds, folder_of, store).observe(subject)


def checks(seen: Observation) -> dict[str, Check]:
    return {check.id: check for check in seen.checks}


def outcomes(seen: Observation) -> dict[str, str]:
    return {check.id: check.apart or check.outcome.value for check in seen.checks if check.id.startswith("test:")}


def test_pytest_style_with_fixtures_tells_each_test_and_where_the_add_on_raised(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    files = {
        "tests/conftest.py": CONFTEST,
        "tests/test_make.py": """import bpy
import pytest
from tiles.make import area, smooth


@pytest.mark.parametrize("side", [2, 3])
def test_area(side):
    assert area(side, side) == side * side


def test_smooth(mesh):
    assert smooth(mesh) is mesh


def test_operator():
    bpy.ops.tiles.add()


def test_old_api_in_the_test_itself():
    bpy.data.meshes.new("x").use_auto_smooth


@pytest.mark.skip(reason="not now")
def test_skipped():
    pass


@pytest.mark.xfail
def test_known():
    assert False


def test_with_a_plugin(mocker):
    pass


def test_with_a_program():
    import subprocess
    subprocess.run(["no-such-program"])


def test_with_a_network():
    import urllib.request
    urllib.request.urlopen("http://example.org")


def test_with_a_window():
    import gpu
    gpu.shader.from_builtin("UNIFORM_COLOR").bind()


def test_enabled():
    assert hasattr(bpy.types, "TILES_OT_add")
""",
    }
    patch = Patch(diff="x", changed_lines={"tiles/make.py": (LINE, LINE + 1)})
    (seen,) = observe(sandbox, [runtime], tmp_path, files, patch=patch)
    told, name = checks(seen), "test:tests/test_make.py::test_{}".format
    assert not seen.tampering and seen.reached
    assert {test: told[name(test)].outcome.value for test in ("area[2]", "area[3]", "enabled")} == {
        "area[2]": "pass", "area[3]": "fail", "enabled": "pass"
    }  # fmt: skip
    for test in ("smooth", "operator"):
        fault = told[name(test)].fault
        assert fault is not None
        assert (fault.path, fault.line, fault.exception) == ("tiles/make.py", LINE, "AttributeError")
        assert (fault.kind, fault.source, fault.proof) == (FaultKind.TEST, FaultSource.TEST, Proof.REPRODUCED)
        assert fault.release == runtime.release and fault.member == "use_auto_smooth"
    stated = told[name("area[3]")].fault
    assert stated is not None and (stated.path, stated.line) == ("tests/test_make.py", 8)
    assert stated.traceback is not None and "_pytest" not in stated.traceback and str(tmp_path) not in stated.traceback
    own = told[name("old_api_in_the_test_itself")]
    assert (own.outcome, own.fault) == (Outcome.FAIL, None), "the add-on has no part in it"
    assert "use_auto_smooth" in own.detail and "tests/test_make.py:20" in own.detail
    skipped = {
        test: told[name(test)]
        for test in ("skipped", "known", "with_a_plugin", "with_a_program", "with_a_network", "with_a_window")
    }
    assert {check.outcome for check in skipped.values()} == {Outcome.SKIPPED}
    for test, word in {
        "skipped": "not now", "known": "expected", "with_a_plugin": "mocker", "with_a_program": "no-such-program",
        "with_a_network": "network", "with_a_window": "window",
    }.items():  # fmt: skip
        assert word in skipped[test].detail
    assert "tiles/make.py::smooth" in told[name("smooth")].touched
    assert seen.executed == {"tiles/make.py": (LINE,)}, "of the lines a patch changed it is known which ran"


def test_unittest_style_with_fixtures_of_classes_and_modules(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    files = {
        "tests/__init__.py": "",
        "tests/test_case.py": """import unittest
import bpy
from tiles import make


def setUpModule():
    bpy.app.driver_namespace["module"] = 1


class Works(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.side = 2

    def test_area(self):
        self.assertEqual(make.area(self.side, 2), 4)
        self.assertEqual(bpy.app.driver_namespace["module"], 1)

    def test_part(self):
        for side in (2, 3):
            with self.subTest(side):
                self.assertEqual(make.area(side, side), side * side)

    def test_smooth(self):
        make.smooth(bpy.data.meshes.new("M"))

    @unittest.skip("not now")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_known(self):
        self.fail()


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        make.worse("set up")

    def test_a(self):
        pass

    def test_b(self):
        pass


class Left(unittest.TestCase):
    def test_c(self):
        pass

    @classmethod
    def tearDownClass(cls):
        make.worse("let go")


unittest.main()
""",
    }
    (seen,) = observe(sandbox, [runtime], tmp_path, files, with_pytest=False)
    told, name = checks(seen), "test:tests/test_case.py::{}".format
    assert outcomes(seen) == {
        name("Works::test_area"): "pass", name("Works::test_part"): "fail", name("Works::test_smooth"): "fail",
        name("Works::test_skipped"): "skipped", name("Works::test_known"): "skipped", name("Broken::test_a"): "fail",
        name("Broken::test_b"): "fail", name("Left::test_c"): "fail",
    }  # fmt: skip
    fault = told[name("Works::test_smooth")].fault
    assert fault is not None and (fault.path, fault.line) == ("tiles/make.py", LINE)
    for test, when in {"Broken::test_a": "set up", "Broken::test_b": "set up", "Left::test_c": "after"}.items():
        assert when in told[name(test)].detail and told[name(test)].fault is not None


def test_a_module_that_is_not_there_is_no_fault_unless_the_add_on_lost_it(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    files = {
        "tests/test_foreign.py": "import no_such_library\n\ndef test_a():\n    pass\n",
        "tests/test_array.py": "import numpy\n\ndef test_a():\n    assert numpy.zeros(3).sum() == 0\n",
        "tests/test_lost.py": "import tiles.gone\n\ndef test_a():\n    pass\n",
        "tests/test_retired.py": "import tiles.retired\n\ndef test_a():\n    pass\n",
        "tiles/retired.py": "import asyncore2\n",
        "tests/test_blender.py": "import tiles.drawing\n\ndef test_a():\n    pass\n",
        "tiles/drawing.py": "import bl_i18n_gone\n",
    }
    files["tiles/drawing.py"] = "import OpenGL\n"  # what Blender once had, and the add-on asks for
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path, files)
    told = checks(seen)
    foreign = told["test-file:tests/test_foreign.py"]
    assert (foreign.outcome, foreign.fault) == (Outcome.SKIPPED, None)
    assert "no_such_library" in foreign.detail
    assert told["test:tests/test_array.py::test_a"].outcome is Outcome.PASS
    assert told["test-file:tests/test_lost.py"].outcome is Outcome.FAIL
    assert told["test-file:tests/test_retired.py"].outcome is Outcome.SKIPPED
    lost = told["test-file:tests/test_blender.py"].fault
    assert lost is not None and (lost.path, lost.line) == ("tiles/drawing.py", 1)


def test_where_no_test_is_left_to_run_that_is_no_end_of_blender(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    files = {"tests/test_foreign.py": "import no_such_library\n\ndef test_a():\n    pass\n"}
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path, files)
    assert (seen.starts, seen.note) == (1, "") and {check.outcome for check in seen.checks} == {
        Outcome.PASS, Outcome.SKIPPED
    }  # fmt: skip


def test_an_add_on_that_does_not_load_fails_in_conftest_and_passes_once_it_does(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    tests = {"tests/conftest.py": CONFTEST, "tests/test_a.py": "def test_a():\n    pass\n"}
    broken = {**tests, "tiles/__init__.py": INIT + "\nbpy.types.NoSuchType\n"}
    (before,) = observe(sandbox, runtimes[-1:], tmp_path / "before", broken)
    (after,) = observe(sandbox, runtimes[-1:], tmp_path / "after", tests, baseline=[before])
    fault = checks(before)["test-file:conftest.py"].fault
    assert "Traceback" not in before.note, "where nothing could be read there is nothing to put in order"
    assert fault is not None and (fault.path, fault.line) == ("tiles/__init__.py", INIT.count("\n") + 2)
    change = difference(before, after)
    assert change.fixed == ("test-file:conftest.py",) and change.broken == ()
    assert change.tested is not None and change.tested.after is not None and change.tested.after.passed == 1


def test_a_test_that_hangs_costs_itself_alone(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    text = """import time


def test_before():
    pass


def test_hangs():
    while True:
        try:
            time.sleep(0.05)
        except Exception:
            pass


def test_after():
    pass
"""
    (seen,) = observe(sandbox, [runtime], tmp_path, {"tests/test_a.py": text}, seconds=24.0)
    name = "test:tests/test_a.py::test_{}".format
    assert outcomes(seen) == {name("before"): "pass", name("hangs"): "fail", name("after"): "pass"}
    assert "had not ended" in checks(seen)[name("hangs")].detail


def test_a_test_that_kills_its_blender_costs_itself_alone(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    files = {
        "tests/test_a.py": """import os
import signal


def test_before():
    pass


def test_crashes():
    os.kill(os.getpid(), signal.SIGSEGV)


def test_leaves():
    os._exit(0)


def test_after():
    pass
""",
        "tests/test_b.py": "import os\nos._exit(3)\n\ndef test_a():\n    pass\n",
        "tests/test_c.py": "def test_a():\n    pass\n",
    }
    (seen,) = observe(sandbox, [runtime], tmp_path, files)
    name = "test:tests/test_a.py::test_{}".format
    assert outcomes(seen) == {
        name("before"): "pass", name("crashes"): "fail", name("leaves"): "fail", name("after"): "pass",
        "test:tests/test_c.py::test_a": "pass",
    }  # fmt: skip
    told = checks(seen)
    assert told["test-file:tests/test_b.py"].outcome is Outcome.FAIL
    assert "signal 11" in told[name("crashes")].detail
    assert told[name("crashes")].fault is None, "nothing says that the add-on was at work"


def test_a_flaky_test_is_told_and_counts_neither_before_nor_after(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    flaky = """import os
import time
from tiles.make import area


def test_steady():
    assert area(2, 2) == 4


def test_flaky():
    assert area(2, 2) == 4
    assert {now}
"""
    # each start has a folder of its own: the first one of a look is called `tests`, the others `again`
    sometimes = flaky.format(now='"again" in os.getcwd()')
    steady = flaky.format(now="True")
    files = {"tests/test_a.py": sometimes}
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path / "a", files)
    name = "test:tests/test_a.py::test_{}".format
    assert outcomes(seen) == {name("steady"): "pass", name("flaky"): "flaky"}
    assert checks(seen)[name("flaky")].fault is None
    (good,) = observe(sandbox, runtimes[-1:], tmp_path / "b", {"tests/test_a.py": steady})
    (after,) = observe(sandbox, runtimes[-1:], tmp_path / "c", files, baseline=[good])
    change = difference(good, after)
    assert change.broken == () and change.tested is not None and change.tested.flaky == 1
    always = {"tests/test_a.py": flaky.format(now="False")}
    (later,) = observe(sandbox, runtimes[-1:], tmp_path / "d", always, baseline=[seen])
    assert outcomes(later)[name("flaky")] == "flaky", "known to be flaky before, it is no fault after"


def test_a_fault_of_the_patch_is_pass_to_fail(sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path) -> None:
    test = "from tiles.make import area\n\ndef test_area():\n    assert area(2, 3) == 5\n"
    (before,) = observe(sandbox, runtimes[-1:], tmp_path / "a", {"tests/test_a.py": test})
    worse = {"tests/test_a.py": test, "tiles/make.py": MAKE.replace("a + b", "a - b")}
    (after,) = observe(sandbox, runtimes[-1:], tmp_path / "b", worse, baseline=[before])
    assert difference(before, after).broken == ("test:tests/test_a.py::test_area",)


def test_where_time_is_short_what_the_patch_touches_is_run_first(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    slow = "import time\n\n" + "".join(f"def test_{n}():\n    time.sleep(0.7)\n\n\n" for n in range(40))
    files = {
        "tests/test_a.py": slow,
        "tests/test_z.py": "from tiles.make import area\n\ndef test_area():\n    assert area(2, 3) == 5\n",
    }
    name = "test:tests/test_z.py::test_area"
    # a baseline for which there was time enough, as another machine may have had
    (before,) = observe(sandbox, runtimes[-1:], tmp_path / "a", files, seconds=90.0)
    assert outcomes(before)[name] == "pass" and "untried" not in outcomes(before).values()
    patch = Patch(diff="x", changed_lines={"tiles/make.py": (2,)})
    worse = {**files, "tiles/make.py": MAKE.replace("a + b", "a - b")}
    (after,) = observe(sandbox, runtimes[-1:], tmp_path / "b", worse, seconds=16.0, patch=patch, baseline=[before])
    told = outcomes(after)
    assert told[name] == "fail" and "untried" in told.values()
    assert difference(before, after).broken == (name,), "what there was no time for is not broken"


def test_the_add_on_is_found_in_every_way_tests_ask_for_it(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    enabled = """import bpy
import addon_utils


def test_enabled_by_itself():
    assert bpy.context.preferences.addons.get("tiles") is None
    addon_utils.enable("tiles", default_set=True)
    assert "tiles" in bpy.context.preferences.addons
    assert hasattr(bpy.types, "TILES_OT_add")
"""
    before = """import bpy


def test_enabled_before():
    assert hasattr(bpy.types, "TILES_OT_add")
    bpy.ops.tiles.add()
"""
    relative = """from ..make import area


def test_relative():
    assert area(1, 2) == 3
    open("written.txt", "w").close()
"""
    layouts = {
        "source": ("source/tiles", {"tests/test_a.py": enabled}, {"enabled_by_itself": "pass"}),
        "before": ("tiles", {"tests/test_a.py": before}, {"enabled_before": "fail"}),
        "root": (".", {"tests/__init__.py": "", "tests/test_a.py": relative}, {"relative": "pass"}),
        "inner": ("tiles", {"tiles/tests/__init__.py": "", "tiles/tests/test_a.py": relative}, {"relative": "pass"}),
    }
    for name, (path, files, wanted) in layouts.items():
        (seen,) = observe(sandbox, [runtime], tmp_path / name, files, path=path)
        told = {identifier.rpartition("test_")[2]: outcome for identifier, outcome in outcomes(seen).items()}
        assert told == wanted, (name, [check.detail for check in seen.checks])
        assert not (tmp_path / name / "clone" / "written.txt").exists()


def test_an_extension_is_enabled_by_its_own_name(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    files = {
        "tiles/blender_manifest.toml": 'schema_version = "1.0.0"\nid = "tiles"\nname = "Tiles"\nversion = "1.0.0"\n'
        'tagline = "T"\nmaintainer = "M"\ntype = "add-on"\nblender_version_min = "4.2.0"\nlicense = ["SPDX:MIT"]\n',
        "tests/test_a.py": "import bpy\n\n\ndef test_there():\n"
        '    assert "bl_ext.user_default.tiles" in bpy.context.preferences.addons\n'
        "    bpy.ops.tiles.add()\n",
    }
    (seen,) = observe(sandbox, [runtime], tmp_path, files, kind=AddonKind.EXTENSION)
    (check,) = (check for check in seen.checks if check.id.startswith("test:"))
    assert check.fault is not None and (check.fault.path, check.fault.line) == ("tiles/make.py", LINE)


def test_the_configuration_of_the_repository_holds_in_the_sandbox(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["checks"]\npythonpath = ["lib"]\n'
        'addopts = "--cov=tiles -n 2 -p no_such_plugin -m \'not slow\'"\nrequired_plugins = "pytest-cov"\n'
        'markers = ["slow"]\n',
        "lib/helper.py": "ANSWER = 5\n",
        "checks/test_a.py": "import helper\nimport pytest\n\n\ndef test_a():\n    assert helper.ANSWER == 5\n\n\n"
        "@pytest.mark.slow\ndef test_slow():\n    assert False\n",
        "tests/test_b.py": "def test_b():\n    assert False\n",
    }
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path, files)
    assert outcomes(seen) == {"test:checks/test_a.py::test_a": "pass"}


def test_without_pytest_what_unittest_can_run_is_run(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    case = "import unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n"
    files = {"tests/test_a.py": case, "tests/test_b.py": "def test_b():\n    pass\n"}
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path / "a", files, with_pytest=False)
    assert outcomes(seen) == {"test:tests/test_a.py::A::test_a": "pass"}
    assert NO_PYTEST in seen.note
    (none,) = observe(
        sandbox, runtimes[-1:], tmp_path / "b", {"tests/test_b.py": files["tests/test_b.py"]}, with_pytest=False
    )
    assert (none.reached, none.checks, none.note) == (True, (), NO_PYTEST)


def test_a_file_that_git_lfs_keeps_is_taken_from_where_it_is_or_its_readers_say_nothing(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    content = b"three vertices"
    digest = hashlib.sha256(content).hexdigest()
    note = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    files = {
        "tests/data.bin": note,
        "tests/test_a.py": "def test_reads():\n    assert open('tests/data.bin').read() == 'three vertices'\n\n\n"
        "def test_other():\n    assert False\n",
    }
    name = "test:tests/test_a.py::test_{}".format
    (without,) = observe(sandbox, runtimes[-1:], tmp_path / "a", files)
    assert outcomes(without) == {name("reads"): "skipped", name("other"): "fail"}
    assert "tests/data.bin" in checks(without)[name("reads")].detail
    stored = tmp_path / "store" / digest[:2] / digest[2:4] / digest
    stored.parent.mkdir(parents=True)
    for content_there, outcome in ((content, "pass"), (b"three_vertices", "skipped")):
        stored.write_bytes(content_there)
        (seen,) = observe(sandbox, runtimes[-1:], tmp_path / outcome, files, store=tmp_path / "store")
        assert outcomes(seen)[name("reads")] == outcome


def test_what_computes_for_long_is_soon_as_fast_as_nobody_watched(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    files = {
        "tests/test_a.py": """import sys
import time
from tiles.make import area


def test_heavy():
    assert (sys.gettrace() is not None) == (sys.version_info < (3, 12))
    end = time.process_time() + 2.5
    while time.process_time() < end:
        area(1, 2)
    assert sys.gettrace() is None


def test_next():
    assert (sys.gettrace() is not None) == (sys.version_info < (3, 12))
"""
    }
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path, files)
    assert set(outcomes(seen).values()) == {"pass"}, [check.detail for check in seen.checks]
    assert checks(seen)["test:tests/test_a.py::test_heavy"].touched == ("tiles/make.py::area",)
    assert not seen.tampering


def test_a_repository_without_tests_starts_no_blender(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    assert observe(sandbox, runtimes, tmp_path, {}) == ()


def test_an_executable_runs_them_as_well(sandbox: Sandbox, tmp_path: Path) -> None:
    executable = next((runtime for runtime in find_runtimes() if runtime.kind == "executable"), None)
    if executable is None:
        pytest.skip("there is no executable Blender on this machine")
    files = {
        "tests/conftest.py": CONFTEST,
        "tests/test_a.py": "import os\nimport signal\nfrom tiles.make import area\n\n\n"
        "def test_good():\n    assert area(1, 2) == 3\n\n\ndef test_bad():\n    assert area(1, 2) == 4\n\n\n"
        "def test_crashes():\n    os.kill(os.getpid(), signal.SIGSEGV)\n",
    }
    (seen,) = observe(sandbox, [executable], tmp_path, files)
    name = "test:tests/test_a.py::test_{}".format
    assert outcomes(seen) == {name("good"): "pass", name("bad"): "fail", name("crashes"): "fail"}


HOSTILE = {
    "writes": """import pathlib
for place in ("/etc/written", "/written", str(pathlib.Path.home().parent / "written"), {outside!r}):
    try:
        pathlib.Path(place).write_text("here")
    except OSError:
        pass
""",
    "reads": """import pathlib
assert not pathlib.Path({outside!r}).exists()
""",
    "forges": """import os
said = b'{{"id": "test:tests/test_a.py::test_forged", "kind": "test", "outcome": "pass"}}'
for number in range(3, 600):
    try:
        os.write(number, b"0" * 64 + b" 9 " + said + b"\\n")
    except OSError:
        pass
""",
    "hands over": """import sys
frame = sys._getframe()
while frame is not None:
    record = frame.f_locals.get("record") or getattr(frame.f_locals.get("self"), "_record", None)
    if callable(record):
        record({{"id": "test:tests/test_a.py::test_forged", "kind": "test", "outcome": "pass"}})
    frame = frame.f_back
""",
    "ends": """import os
os._exit(0)
""",
    "raises": """raise SystemExit(0)
""",
    "floods": """import sys
sys.stdout.write("x" * 50_000_000)
""",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_conftest_reaches_nothing_and_forges_nothing(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path, name: str
) -> None:
    outside = tmp_path / "secret"
    if name == "reads":
        outside.write_text("secret")
    files = {
        "tests/conftest.py": HOSTILE[name].format(outside=str(outside)),
        "tests/test_a.py": "def test_fails():\n    assert False\n",
    }
    (seen,) = observe(sandbox, runtimes[-1:], tmp_path, files)
    told = outcomes(seen)
    assert "test:tests/test_a.py::test_forged" not in told
    assert outside.exists() == (name == "reads")
    if name in ("forges", "hands over"):
        assert seen.tampering
    if name in ("ends", "raises"):
        assert checks(seen)["test-file:conftest.py"].outcome is Outcome.FAIL
    else:
        assert told.get("test:tests/test_a.py::test_fails", "fail") == "fail"
    assert not Path("/etc/written").exists() and not Path("/written").exists()


def test_what_the_baseline_knows_of_a_file_is_kept_when_there_is_no_time_to_read_it(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    slow = "import time\ntime.sleep({seconds})\n\n\ndef test_a():\n    pass\n"
    quick = {"tests/test_a.py": slow.format(seconds=0), "tests/test_b.py": slow.format(seconds=0)}
    (before,) = observe(sandbox, runtimes[-1:], tmp_path / "a", quick, seconds=20.0)
    late = {**quick, "tests/test_a.py": slow.format(seconds=9)}
    (after,) = observe(sandbox, runtimes[-1:], tmp_path / "b", late, seconds=8.0, baseline=[before])
    assert outcomes(before) == dict.fromkeys(outcomes(before), "pass") and len(outcomes(before)) == 2
    assert "test:tests/test_b.py::test_a" not in difference(before, after).broken


def test_releases_are_looked_at_side_by_side(sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path) -> None:
    test = "import bpy\n\n\ndef test_release():\n    assert bpy.app.version[:2] == ({}, {})\n"
    newest = runtimes[-1].release
    seen = observe(sandbox, runtimes, tmp_path, {"tests/test_a.py": test.format(newest.major, newest.minor)})
    assert [one.release for one in seen] == [runtime.release for runtime in runtimes]
    assert [set(outcomes(one).values()) for one in seen] == [*({"fail"} for _ in runtimes[:-1]), {"pass"}]
