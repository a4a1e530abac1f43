"""Made-up faults and what hypothesis makes of them, for the tests of every format."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release

ADDON = Addon(
    path="src/kiln",
    module="kiln",
    kind=AddonKind.LEGACY,
    single_file=False,
    name="Kiln",
    declared_minimum=None,
    files=("src/kiln/__init__.py", "src/kiln/ops.py"),
)
OPS = '''\
import bpy


class KILN_OT_fire(bpy.types.Operator):
    """Fire."""

    def execute(self, context):
        mesh = context.object.data
        mesh.use_auto_smooth = True
        mesh.use_auto_smooth = True  # twice
        return {"FINISHED"}
'''
TEXTS = {"src/kiln/ops.py": OPS}

NAMES = st.text(st.characters(codec="utf-8"), max_size=30)
WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "::error::owned",
        "a\n::set-output name=x::y",
        "##[error]x",
        "%0A::x",
        "\x1b]8;;http://x\x07",
        "\ud800",
        "<b>&",
        "\u202e",
    ]
)
FAULTS = st.builds(
    Fault,
    kind=st.sampled_from(FaultKind),
    owner=st.none() | WORDS,
    member=st.none() | WORDS,
    path=st.sampled_from(["", "src/kiln/ops.py", "src/kiln/ö €#?.py", "src/kiln/\udcff.py"]),
    line=st.integers(0, 2_000_000),
    end_line=st.integers(0, 2_000_000),
    message=WORDS,
    exception=st.none() | st.just("ValueError") | WORDS,
    source=st.sampled_from(FaultSource),
    proof=st.sampled_from(Proof),
    release=st.none() | st.sampled_from([Release(4, 2), Release(5, 0)]),
    rule=st.none() | st.sampled_from(["MSH101", "NOD101", "X999"]),
    subject=st.none() | WORDS,
)


def fault(line: int = 9, **changes: object) -> Fault:
    """`mesh.use_auto_smooth` at a line of `OPS`."""
    known: dict[str, object] = {
        "kind": FaultKind.OPERATOR,
        "owner": "Mesh",
        "member": "use_auto_smooth",
        "path": "src/kiln/ops.py",
        "line": line,
        "end_line": line,
        "message": "'Mesh' object has no attribute 'use_auto_smooth'",
        "exception": "AttributeError",
        "source": FaultSource.RUNTIME,
        "proof": Proof.REPRODUCED,
        "release": Release(4, 5),
    }
    return Fault.model_validate({**known, **changes})
