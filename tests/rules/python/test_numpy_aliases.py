from __future__ import annotations

from typing import Any

from bot.models.patch import Decision
from bot.rules.python.numpy_aliases import NumpyAliases


def test_every_way_to_import_numpy_is_seen(looking: Any) -> None:
    rule = looking(NumpyAliases(), "4.2-4.5")
    assert rule.repaired("import numpy\nx = numpy.object\n") == "import numpy\nx = object\n"
    assert rule.repaired("import numpy as n\nx = n.unicode, n.long\n") == "import numpy as n\nx = str, int\n"


def test_a_name_that_is_no_numpy_is_left(looking: Any) -> None:
    text = "import numpy\nnp = make()\nx = np.bool\n"
    assert looking(NumpyAliases(), "4.2-4.5").repaired(text) == text


def test_where_the_built_in_is_hidden_a_person_decides(looking: Any) -> None:
    for hiding in ("for object in objects: pass", "def f(object): pass", "object = 1", "[object for object in x]"):
        (repair,) = looking(NumpyAliases(), "4.2-4.5").repairs(f"import numpy as np\n{hiding}\nx = np.object\n")
        assert repair.decision is Decision.EXPLAIN
        assert "object" in repair.reason
