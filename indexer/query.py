"""What a query asks for, understood without a model.

A query may be a name, a question in a user's words, several of them, a line of a traceback, or the
whole text of an issue. It comes from outside: it is bounded, and only ever compared with what is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexer.tokens import parts

MAX_READ = 100_000
"""Of a longer text only the beginning is looked at."""
MAX_TEXT = 2_000
"""What is longer is an issue or a log: only its telling lines are the query."""
MAX_LINES = 40
MAX_LINE = 400
MAX_WORDS = 64
MAX_NAMES = 24
MAX_PARTS = 4

STOP = frozenset(
    """
    a about actually after again also am an and any anybody anyone anything are as at be because been being but
    by can cannot could did do does doing done don't dont each either else etc for from get gets getting give had
    has have having hello help here hey hi how howto i i'd i'm i've if in instead into is isn't it it's its just
    kind know let like looking me might mine must my need needed needs no nor of oh ok on one only or other our
    out over please possible properly really same she should show so some somebody somehow someone something such
    tell than thank thanks that that's the their them then there there's these they thing things this those through
    to too trying try up us use used uses using very via want wanted wants was way ways we were what what's when
    where which while who whose why will wish with within without won't would yes you your
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
"""Words that say nothing about what is looked for."""

COMMON = frozenset(
    """
    blender bpy python script scripts scripting api addon addons add-on add-ons code programmatically
    """.split()  # noqa: SIM905  (as above)
)
"""Words that everything here is about; they count only where nothing else was said."""

TASK = frozenset(
    """
    bug bugs bugfix bugfixes cause caused causes causing close closes correctly correct fix fixed fixes fixing fixup
    hotfix implement implemented improve improved improves incorrect incorrectly issue issues problem problems
    resolve resolved resolves support supported wip work worked working works wrong wrongly workaround
    """.split()  # noqa: SIM905  (as above)
)
"""Words of what is to be done about it; like the common ones they say little about where it is."""

_ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"operators?|bpy\.ops", ("operator",)),
    (r"propert(?:y|ies)|attributes?|settings?|options?|flags?|checkbox(?:es)?", ("property", "readonly")),
    (r"class(?:es)?|types?", ("class",)),
    (r"functions?|methods?|call", ("function", "method")),
    (r"modules?", ("module",)),
    (r"panels?", ("panel",)),
    (r"menus?", ("menu",)),
    (r"handlers?", ("handler",)),
)
_ROLE_PATTERNS = tuple((re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), roles) for pattern, roles in _ROLES)

_WISHES: tuple[tuple[str, str], ...] = (
    (r"\bwhere\b.{0,80}\bregist(?:er|ered|ers|ration)\b|\bregist(?:ers|ered)\b", "registered"),
    (r"\b(?:what|who|which|where)\b.{0,80}\b(?:raises?|raised|throws?|thrown)\b|^\s*raises?\s+\w+\s*$", "raised"),
    (r"\bwhere\b.{0,80}\b(?:defined|declared|implemented|lives?|located)\b|\bdefinition of\b", "defined"),
    (r"\b(?:who|what|which|where)\b.{0,80}\b(?:calls?|called|uses|used)\b|\bcallers? of\b|\busages? of\b", "called"),
    (r"\btests? (?:of|for)\b|\bwhere\b.{0,80}\btested\b", "tested"),
)
_WISH_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), wish) for pattern, wish in _WISHES)

_IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_DOTTED = re.compile(rf"(?<![\w/\\.-]){_IDENTIFIER}(?:\.{_IDENTIFIER})*(?![\w/\\])")
_CALLED = re.compile(rf"(?<![\w/\\.])({_IDENTIFIER}(?:\.{_IDENTIFIER})*)\(")
_KEYWORD = re.compile(rf"[(,]\s*({_IDENTIFIER})\s*=(?!=)")
_FRAME = re.compile(r'File "([^"\n]{1,300})", line (\d{1,7})(?:, in ([^\s,]{1,120}))?')
_EXCEPTION = re.compile(
    r"\b((?:[A-Za-z_]\w{0,60}\.)*(?:[A-Z]\w{0,60})?(?:Error|Exception|Warning|Interrupt))\b(?:\s*:\s*([^\n]{0,300}))?"
)
_NO_MEMBER = re.compile(
    r"""(?:type object |module )?['"‘“`]([\w.]{1,120})['"’”`]\s+(?:object\s+|type\s+)?"""
    r"""has no attribute\s+['"‘“`](\w{1,120})['"’”`]"""
)
_RAISED = re.compile(rf"\braises?\s+(?:an?\s+)?({_IDENTIFIER})")
_OPERATOR_FAILED = re.compile(r"""(bpy\.ops\.\w{1,80}\.\w{1,80})\.poll\(\)""")
_ARGUMENTS = re.compile(r"(?<=\w)\(([^()\n]{0,400})\)")
_PAIR = re.compile(
    rf"({_IDENTIFIER})\s+(?:(?:is|are|lives?|stands?)\s+)?(?:of|in|on|from|for|inside)\s+"
    rf"(?:(?:the|a|an)\s+)?(?:(?:class|module|type|struct)\s+)?({_IDENTIFIER}(?:\.{_IDENTIFIER})*)"
)
_NO_ITEM = re.compile(r"""enum\s+["'“]([^"'”\n]{1,80})["'”]\s+not found in""")
_KEYWORDLESS = re.compile(r"""([\w.]{1,120})\(\)[^\n]{0,60}?keyword (?:argument )?['"“]([\w]{1,80})['"”]""")
_UNRECOGNIZED = re.compile(r"""keyword ['"“](\w{1,80})['"”] unrecognized""")
_CONVERTED = re.compile(r"""Calling operator ["']([\w.]{1,120})["']""")
_QUOTED = re.compile(r"""(?<!\w)(?:"([^"\n]{2,120})"|'([^'\n]{2,120})'|“([^”\n]{2,120})”|`([^`\n]{2,200})`)(?!\w)""")
_FILE = re.compile(
    r"(?<![\w:])((?:[\w.@+-]{1,80}[/\\]){0,12}[\w@+-][\w.@+-]{0,80}\.(?:py|glsl|toml|json|md|rst|ya?ml|blend|js|cpp|hpp|cc|c|h|txt|osl|frag|vert))(?![\w(])(?::(\d{1,7}))?"
)
_RELEASE = re.compile(
    r"(?P<before>\bblender\s*(?:version\s*|v)?|\bbpy\s*|\bv|\bversions?\s*|\b(?:in|since|for|to|on|from|until|with|and|above|below|after|before|than)\s+)?"
    r"(?<![\w.])(?P<major>[2-9])\.(?P<minor>\d{1,2}|[6-9]x)(?P<plus>x|\+|\.x)?(?![\w%])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*(?:%|px|pixels?|seconds?|sec\b|s\b|ms\b|mm?\b|cm\b|units?|degrees?|times|fps|hours?|minutes?|m\b|gb\b|mb\b|x\s*\d|°)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\?+\s+|;\s+|,?\s+and (?=how |where |what |which |why )|\bthen how ", re.IGNORECASE)
_ASKS = re.compile(r"\?\s*$|^\W*(?:how|where|what|which|why|who|is there|can i)\b", re.IGNORECASE)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):?")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]{1,2}\b)?(?:_[^\W]+)*", re.UNICODE)
_TELLING = re.compile(
    r"error|exception|traceback|warning|fail|crash|broken|not work|missing|deprecat|removed|\?\s*$|has no attribute"
    r"|unexpected|keyword|`|\w\.\w+\(|File \"|bpy\.|expected|instead of",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"^\s*(?:[-*_=#>|`~]+\s*$|\[[ xX]\]|https?://\S+\s*$|!\[|<!--|os\b|operating system|graphics card|gpu:)",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"^(?:site-packages|lib|python[\d.]*)$")


_KEYS = frozenset({"bl_idname", "bl_label", "bl_rna", "self", "cls", "context", "poll"})
"""Names every class has: what they stand beside is what is meant."""


@dataclass(frozen=True)
class Frame:
    """One line of a traceback: where it was, innermost last. `line` counts from 1 (0: not said)."""

    path: str
    line: int = 0
    function: str = ""


@dataclass(frozen=True)
class Member:
    """Something looked for on a class, a module, or an object of a type: `calc_normals` of `Mesh`."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.name}"


@dataclass(frozen=True)
class Query:
    """What is asked for. Everything keeps the order of the text and stands once.

    `text` is what an embedder is given; `words` are its telling words, lower case and whole. `names`
    are identifiers as code spells them, dotted ones too; `certain` are those that can be nothing else
    (dotted, called, in backticks, or all there is). `members` were named by an error message, `pairs`
    are what "draw of the class Panel" may mean: to be believed only where there is such a thing.
    `roles` are kinds of thing the words ask for (`operator`, `property`, …), `wishes` what is asked
    about a name (`defined`, `registered`, `raised`, `called`, `tested`). `release` is the Blender that
    was named (`4.1`; `2.8` for "2.8x"). `parts` are the single questions where there are several.
    """

    text: str
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    certain: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    pairs: tuple[Member, ...] = ()
    keywords: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    files: tuple[Frame, ...] = ()
    frames: tuple[Frame, ...] = ()
    roles: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    release: str | None = None
    parts: tuple[Query, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.names or self.files or self.frames or self.members)


def understand(text: str) -> Query:
    """Read a query. Never raises, whatever the text is; an empty one gives an empty query."""
    text = _plain(text)
    if len(text) > MAX_TEXT:
        return _read(_telling(text))
    query = _read(text)
    if query.frames or query.members:
        return query  # a traceback is one question, however many lines it has
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # Lines are questions of their own only where they ask; a message's body goes with its title.
    whole = lines if sum(1 for line in lines if _ASKS.search(line)) > 1 else [text]
    pieces = [piece for line in whole for piece in _SPLIT.split(line) if piece.strip(" .,;:!?")]
    asked = [part for part in map(_read, pieces) if part.words]
    if len(asked) < 2:
        return query
    return replace(query, parts=tuple(asked[:MAX_PARTS]))


def _plain(text: str) -> str:
    text = text[:MAX_READ].encode("utf-8", "replace").decode("utf-8")
    return "".join(mark if mark.isprintable() or mark in "\n\t" else " " for mark in text).strip()


def _telling(text: str) -> str:
    """The lines of a long text that say what it is about: its title, errors, questions, code in prose."""
    lines = [line.strip()[:MAX_LINE] for line in text.splitlines()]
    lines = [line for line in lines if line and not _NOISE.match(line)]
    ranked = sorted(range(len(lines)), key=lambda at: (-_weight(lines[at], at, len(lines)), at))
    chosen: list[int] = []
    length = 0
    for at in ranked[:MAX_LINES]:
        length += len(lines[at]) + 1
        if length > MAX_TEXT and chosen:
            break
        chosen.append(at)
    return "\n".join(dict.fromkeys(lines[at] for at in sorted(chosen)))


def _weight(line: str, at: int, count: int) -> float:
    weight = 3.0 if at == 0 else 1.0 / (1 + at)
    if _NO_MEMBER.search(line) or _EXCEPTION.match(line):
        weight += 4
    elif _FRAME.search(line):
        # The innermost frames are the last ones.
        weight += 1.5 + at / max(count, 1)
    elif _TELLING.search(line):
        weight += 1
    return weight


def _read(text: str) -> Query:
    frames = tuple(_frames(text))
    members = tuple(dict.fromkeys(_members(text)))
    raised = [found[1] for found in _RAISED.finditer(text)]
    exceptions = tuple(dict.fromkeys((*raised, *(found[1] for found in _EXCEPTION.finditer(text)))))
    files = tuple(dict.fromkeys(_files(text)))
    quoted = tuple(dict.fromkeys("".join(group or "" for group in found.groups()) for found in _QUOTED.finditer(text)))
    release, prose = _release(_TRACEBACK.sub(" ", _FRAME.sub(" ", text)))
    prose = _FILE.sub(" ", prose)
    certain = _certain(prose, quoted, members, frames)
    names = tuple(dict.fromkeys((*certain, *_identifiers(prose))))[:MAX_NAMES]
    return Query(
        text=" ".join(text.split())[:MAX_TEXT],
        words=_words(_NO_MEMBER.sub(r" \1 \2 ", prose), files, frames),
        names=names,
        certain=certain,
        members=members,
        pairs=tuple(_pairs(prose)),
        keywords=tuple(dict.fromkeys((*_KEYWORD.findall(prose), *_UNRECOGNIZED.findall(text))))[:MAX_NAMES],
        exceptions=exceptions[:MAX_NAMES],
        quoted=quoted[:MAX_NAMES],
        files=files[:MAX_NAMES],
        frames=frames,
        roles=frozenset(role for pattern, roles in _ROLE_PATTERNS if pattern.search(prose) for role in roles),
        wishes=frozenset(wish for pattern, wish in _WISH_PATTERNS if pattern.search(prose)),
        release=release,
    )


def _frames(text: str) -> Iterator[Frame]:
    found = [Frame(_shortened(path), int(line), function or "") for path, line, function in _FRAME.findall(text)]
    yield from found[-MAX_NAMES:]


def _files(text: str) -> Iterator[Frame]:
    for path, line in _FILE.findall(_FRAME.sub(" ", text)):
        yield Frame(_shortened(path), int(line or 0))


def _shortened(path: str) -> str:
    """A path as a repository may have it: forward slashes, nothing before what is somebody's own folder."""
    pieces = [piece for piece in re.split(r"[/\\]+", path) if piece not in ("", ".", "..")]
    for at in range(len(pieces) - 1, -1, -1):
        if pieces[at] in ("addons", "addons_core", "addons_contrib", "user_default", "extensions") or _PRIVATE.match(
            pieces[at]
        ):
            pieces = pieces[at + 1 :]
            break
    return "/".join(pieces[-6:])


def _members(text: str) -> Iterator[Member]:
    for owner, name in _NO_MEMBER.findall(text)[:MAX_NAMES]:
        yield Member(owner, name)
    for function, keyword in _KEYWORDLESS.findall(text)[:MAX_NAMES]:
        yield Member(function, keyword)


def _pairs(prose: str) -> Iterator[Member]:
    for name, owner in _PAIR.findall(prose)[:MAX_NAMES]:
        if name.lower() not in STOP and owner.lower() not in STOP:
            yield Member(owner, name)


def _certain(prose: str, quoted: Iterable[str], members: Iterable[Member], frames: Iterable[Frame]) -> tuple[str, ...]:
    """Names that are names beyond doubt, the most telling first."""
    found: dict[str, None] = {}
    alone: set[str] = set()
    for member in members:
        found[str(member)] = None
        alone |= {member.owner, member.name}
    for name in (*_OPERATOR_FAILED.findall(prose), *_CONVERTED.findall(prose)):
        found[name] = None
        alone |= {f"{name}.poll"}
    prose_only = _ARGUMENTS.sub("() ", prose)
    for name in _CALLED.findall(prose):
        if "." in name or _looks_like_code(name) or name.lower() not in STOP:
            found[name] = None
    for text in quoted:
        if (match := _DOTTED.fullmatch(text.strip().removesuffix("()"))) and (
            f"`{text}`" in prose or _looks_like_code(match[0])
        ):
            found[match[0]] = None
    prose = prose_only
    stripped = prose.strip().rstrip("?.!,;:").strip()
    if _DOTTED.fullmatch(stripped):
        found[stripped] = None
    for name in _identifiers(prose):
        if "." in name or "_" in name.strip("_"):
            found[name] = None
    # An error message names owner and member together; a key every class has says which name follows.
    kept = [name for name in found if name not in alone and name not in _KEYS]
    return tuple(kept or found)[:MAX_NAMES]


def _identifiers(prose: str) -> Iterator[str]:
    for match in _DOTTED.finditer(prose):
        name = match[0]
        if "." in name:
            if not _is_sentence_end(name):
                yield name
        elif _looks_like_code(name):
            yield name


def _is_sentence_end(dotted: str) -> bool:
    """Whether a dot stands where a space was forgotten ("works.But"), or in "e.g"."""
    head, _, tail = dotted.partition(".")
    if dotted.lower() in ("e.g", "i.e", "a.k.a"):
        return True
    return "." not in tail and tail[:1].isupper() and tail[1:].islower() and head.islower() and tail.lower() in STOP


def _looks_like_code(name: str) -> bool:
    """Whether prose would not spell it so: an underscore inside, camelCase, or CONSTANT_CASE."""
    bare = name.strip("_")
    if "_" in bare or name.startswith("__"):
        return True
    return bool(re.search(r"[a-z][A-Z]", bare) or re.fullmatch(r"[A-Z]{2,}[a-z]\w*", bare))


def _release(text: str) -> tuple[str | None, str]:
    """The Blender release that is named, and the text without it."""
    for match in _RELEASE.finditer(text):
        major, minor = int(match["major"]), match["minor"].lower()
        number = int(minor.rstrip("x")) * (10 if minor.endswith("x") else 1)
        plausible = (
            (major == 2 and 40 <= number <= 93)
            or (major == 2 and number in (7, 8, 9))
            or (3 <= major <= 9 and number <= 9)
        )
        if not plausible or (not match["before"] and not match["plus"] and _UNIT.match(text, match.end())):
            continue
        if not match["before"] and not match["plus"] and major == 2 and number < 40:
            continue
        if _UNIT.match(text, match.end()) and not (match["before"] or "").lower().strip().startswith(("blender", "v")):
            continue
        release = f"{major}.{minor.rstrip('x') if major == 2 and minor.endswith('x') else number}"
        start = (
            match.start()
            if (match["before"] or "").strip().lower() not in ("and", "to", "from")
            else match.start("major")
        )
        return release, f"{text[:start]} {text[match.end() :]}"
    return None, text


def _words(prose: str, files: Iterable[Frame], frames: Iterable[Frame]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _WORD.finditer(prose):
        word = match[0].lower().replace("’", "'")
        word = word.removesuffix("'s")
        if word in STOP or (len(word) == 1 and not word.isalpha()) or len(word) > 64:
            continue
        found[word] = None
    for frame in (*files, *frames):
        stem = frame.path.rpartition("/")[2].partition(".")[0]
        for word in (*parts(stem), *parts(frame.function.strip("<>"))):
            if word not in STOP and not word.isdigit():
                found[word] = None
    telling = [word for word in found if word not in COMMON and word not in TASK and len(word) > 1]
    return tuple(telling or found)[:MAX_WORDS]
