"""What a snippet may not do, and what it may, read from its code alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.validators.snippet import inspect

GOOD = sorted((Path(__file__).parents[1] / "data" / "snippets").glob("*.py"))

REFUSED = {
    "a file": ("open('/etc/passwd').read()", "1: it calls `open`, which reads or writes a file"),
    "a file by another name": ("o = open\no('x').read()", "2: it calls `open`"),
    "the system": ("import os\nos.remove('x')", "1: it imports `os`"),
    "a part of the system": ("import os.path as p\np.exists('x')", "1: it imports `os.path`"),
    "a path": ("from pathlib import Path\nPath('x').touch()", "1: it imports `pathlib`"),
    "the network": ("def f():\n    from urllib import request\n    request.urlopen('x')", "2: it imports `urllib`"),
    "a relative import": ("from . import x\nx.y()", "1: it imports `.`"),
    "a process": ("import subprocess\nsubprocess.run('x')", "1: it imports `subprocess`"),
    "the clock": ("import time\ntime.sleep(1)", "1: it imports `time`"),
    "hidden code": ("exec('x.y()')", "1: it calls `exec`"),
    "a hidden import": ("__import__('os').remove('x')", "1: it calls `__import__`"),
    "a way out": ("().__class__.__base__.__subclasses__()", "1: it uses `__subclasses__`"),
    "built-in functions": ("__builtins__['open']('x').read()", "1: it uses `__builtins__`"),
    "saving": ("import bpy\nbpy.ops.wm.save_mainfile()", "2: `bpy.ops.wm.save_mainfile` reads or writes files"),
    "exporting": ("import bpy\nbpy.ops.export_scene.gltf(filepath='x')", "2: `bpy.ops.export_scene.gltf` reads"),
    "loading": ("import bpy\nbpy.data.images.load('x')", "2: `bpy.data.images.load` reads or writes a file"),
    "a library": ("import bpy\nd = bpy.data\nd.libraries.load('x')", "3: `bpy.data.libraries.load` reads"),
    "an image": ("import bpy\nbpy.data.images['x'].save()", "2: `save` reads or writes a file"),
    "numpy's files": ("import numpy as np\nnp.load('x')", "2: `numpy.load` reads or writes a file"),
    "chance": ("import random\nrandom.random()", "2: `random.random` gives another result each time"),
    "chance by name": ("from random import uniform\nx.y(uniform(0, 1))", "2: `random.uniform` gives another"),
    "no seed": ("import random\nrandom.seed()\nx.y(random.random())", "3: `random.random` gives another"),
    "numpy's chance": ("import numpy as np\nx.y(np.random.rand(3))", "2: `numpy.random.rand` gives another"),
    "a generator": ("import numpy as np\nx.y(np.random.default_rng())", "2: `numpy.random.default_rng` gives another"),
    "the area": ("import bpy\nx.y(bpy.context.area)", "2: `bpy.context.area` needs a window"),
    "an override": ("import bpy\nwith bpy.context.temp_override(area=a):\n    x.y()", "2: `bpy.context.temp_override`"),
    "the 3D view": ("import bpy\nbpy.ops.view3d.view_all()", "2: `bpy.ops.view3d.view_all` needs a window"),
    "an invocation": ("import bpy\nbpy.ops.object.join('INVOKE_DEFAULT')", "called with 'INVOKE_DEFAULT'"),
    "an operator": (
        "import bpy\nbpy.ops.mesh.primitive_cube_add(size=2)",
        "2: `bpy.ops.mesh.primitive_cube_add` works on what happens to be active; make a mesh with",
    ),
    "an operator by another name": ("from bpy import ops\nops.object.modifier_add(type='SUBSURF')", "modifiers.new"),
    "rendering": ("import bpy\nbpy.ops.render.render()", "2: `bpy.ops.render.render` renders"),
    "what runs later": ("import bpy\nbpy.app.timers.register(f)", "2: `bpy.app.timers` runs code after"),
    "sweeping": (
        "import bpy\nfor one in list(bpy.data.objects):\n    bpy.data.objects.remove(one)",
        "2: it removes everything in `bpy.data.objects`",
    ),
    "swallowing": ("try:\n    x.y()\nexcept Exception:\n    pass", "3: it catches every exception"),
    "disguise": ("x.y()  # \u202e", "1: it has characters that hide what the code says (U+202E)"),
    "a key": ("x.y = 'ghp_" + "a1B2" * 9 + "'", "1: it holds what looks like a GitHub token"),
    "nothing": ("import bpy\nprint('done')", "1: it changes nothing in Blender"),
}

LEFT_ALONE = {
    "a seed": "import random\nrandom.seed(4)\nx.y(random.random())",
    "a seeded generator": "import random\nr = random.Random(4)\nx.y(r.random())",
    "numpy with a seed": "import numpy as np\nx.y(np.random.default_rng(1).random(3))",
    "an operator without data": "import bpy\nbpy.ops.object.mode_set(mode='EDIT')\nbpy.ops.rigidbody.world_add()",
    "an override of objects": "import bpy\nwith bpy.context.temp_override(object=a):\n    x.y()",
    "removing by name": (
        "import bpy\nfor one in list(bpy.data.objects):\n    if one.name == 'Mine':\n        "
        "bpy.data.objects.remove(one)"
    ),
    "one exception": "try:\n    x.y()\nexcept KeyError:\n    pass",
    "the end of a script": "if __name__ == '__main__':\n    x.y()",
    "its own member called area": "x.area = thing.area",
    "a regular expression": "import re\nx.name = re.compile('a').sub('b', x.name)",
    "its own load": "loader.load()",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_snippet_may_not_do_is_said_with_its_line(name: str) -> None:
    code, complaint = REFUSED[name]
    found = inspect(code)
    assert any(complaint in one for one in found), found
    assert all(one.startswith("snippet.py:") and "\n" not in one for one in found)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_it_may_do_is_left_alone(name: str) -> None:
    assert inspect(LEFT_ALONE[name]) == ()


@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_good_snippets_have_no_complaint(path: Path) -> None:
    assert inspect(path.read_text()) == ()
