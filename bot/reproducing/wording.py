"""What a script says of itself, and the frame it stands in."""

from __future__ import annotations

import json
import textwrap

from bot.models.fault import FaultKind

TITLE = "{told}{place} in Blender {release}"
HOW = "{doing}. In a folder of the repository, or with the add-on's folder (or its one file) named at the end:"
DOING = {
    FaultKind.LOAD: "Enabling the add-on",
    FaultKind.DISABLE: "Disabling the add-on",
    FaultKind.OPERATOR: "Calling the operator {subject}",
    FaultKind.PANEL: "Drawing {subject}",
    FaultKind.NODE: "Using the node, socket or tree {subject}",
    FaultKind.PROPERTY: "Using the property {subject}",
    FaultKind.HANDLER: "What Blender calls by itself: {subject}",
    FaultKind.KEYMAP: "Looking for what the shortcut {subject} calls",
    FaultKind.FUNCTION: "Calling {subject}",
    FaultKind.RELOAD: "Saving a file with the add-on's data and loading it",
    FaultKind.LEFT_BEHIND: "Using what is still there once the add-on is disabled: {subject}",
    FaultKind.SCENARIO: "Running a script that states what is expected",
}
ENDS_RAISING = """\
Exit status: 1, with the traceback, when that exception is raised at that place; 0 when nothing is raised; 3 when
something else is; 2 when there is no add-on."""
ENDS_DYING = """\
Blender itself dies of it: the exit status is that of a crash, and standard error says in which call. 0: it did not."""
ENDS_HANGING = """\
It does not come to an end: after {seconds} seconds the exit status is 1, and standard error says where it hangs. 0: it
ended."""
HANGS_AFTER = 20
"""Seconds until a script takes what it does for endless."""

SCRIPT = '''"""{title}

{message}

{how}

    blender -b --factory-startup --python {file} -- [ADD-ON]
    python {file} [ADD-ON]          (a Python with the module bpy of Blender {release})

{ends}
It runs the add-on's code, in the folders of a user who has nothing else. Made by bcrag, and needs nothing of it.
"""

from __future__ import annotations

{imports}

ADDON, FAULTY = {addon}, {faulty}  # in the repository
NAME, MODULE = {name}, {module}
EXPECTED = ({expected}, {line})
RELEASE, PRINTED = {number!r}, {printed!r}

FOLDER = os.path.realpath(tempfile.mkdtemp(prefix="reproduce-"))
TMP = os.path.join(FOLDER, "files")
for variable, name in {folders}:
    os.environ[variable] = os.path.join(FOLDER, name)  # before bpy is imported: then it looks for them
    os.makedirs(os.environ[variable])
os.makedirs(TMP)

{blender}
{script}

def reproduce() -> None:
    """{doing}."""
{body}


# That is all there is to it. The rest is how the add-on gets into a clean Blender, and what is said of what it raises.


{definitions}


{start}
'''
START = """\
sys.excepthook = witness
bpy.ops.wm.read_factory_settings()
root = {install}(found())
try:
    reproduce()
except BaseException as error:
    judge(error, root)
judge(None, root)"""
FOLDERS = """(
    *(("HOME", "home"), ("TMPDIR", "tmp"), ("BLENDER_USER_SCRIPTS", "scripts"), ("BLENDER_USER_CONFIG", "config")),
    *(("BLENDER_USER_EXTENSIONS", "extensions"), ("BLENDER_USER_DATAFILES", "datafiles")),
)"""


WIDTH = 115


def words(text: str) -> str:
    """Text of a stranger's, so that it stays text in a docstring."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:600]
    return flat.replace("\\", "/").replace('"', "'")


def paragraph(text: str) -> str:
    """Words in lines."""
    return "\n".join(textwrap.wrap(words(text), WIDTH))


def quoted(text: str) -> str:
    """A text as a literal, in double quotes."""
    return json.dumps(text, ensure_ascii=False)
