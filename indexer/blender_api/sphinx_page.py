"""One page of a Sphinx site -> what it says about the symbols it has anchors for.

Only text is taken out of a page; nothing of it is loaded or run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from indexer.blender_api.described import MAX_TEXT, ApiSymbol, EnumItem, Parameter
from indexer.blender_api.table import EntryKind

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_EXAMPLES = 5
MAX_EXAMPLE = 4_000
"""Characters of one; Blender's longest has about this many."""

MAX_DEPTH = 1_000
"""How many elements of a page may lie in each other; Sphinx makes some 30."""

MAX_PARAMETERS = 300
_FEW_TAGS = 3_000
_VOID = frozenset("area base br col embed hr img input link meta source track wbr path rect circle".split())  # noqa: SIM905
_MAX_SHORT = 300
_MAX_ITEMS = 2_000
_MAX_SEE_ALSO = 20

_ROLES: Mapping[str, EntryKind] = {
    "class": "class",
    "exception": "class",
    "method": "method",
    "classmethod": "method",
    "staticmethod": "method",
    "function": "function",
    "attribute": "property",
    "property": "property",
    "data": "value",
    "module": "module",
}
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_VERSION = re.compile(r"(?:version|in)\s+v?(\d{1,2}\.\d{1,3})", re.ASCII)
_DEFAULT = re.compile(r"default (\([^()]*\)|\{[^{}]*\}|'[^']*'|\"[^\"]*\"|[^\s,()]+)")
_CHOICES = re.compile(r"(?:enum(?: set)? in|[Ll]iteral)\s*[\[{](.*?)[\]}]", re.DOTALL)
_QUOTED = re.compile(r"['\"]([^'\"]+)['\"]")
_RANGE = re.compile(r"in \[\s*(-?[\d.e+-]+|-inf)\s*,\s*(-?[\d.e+-]+|inf)\s*\]")
_PARAMETER = re.compile(r"^(\*{0,2}\w+)\s*(?:\((.*?)\))?\s*(?:[–—-]\s*(.*))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A symbol that the site's inventory lists: its role in Sphinx's words, and its anchor on the page."""

    symbol: str
    role: str
    anchor: str


def read_page(content: bytes, wanted: tuple[Wanted, ...], url: str) -> dict[str, ApiSymbol]:
    """What a page says about the symbols that are wanted from it; those it has no anchor for are left out.

    `url` is the page's own, without an anchor.

    Raises:
        ValueError: its elements lie so deep in each other that reading it would take hours.
    """
    from selectolax.lexbor import LexborHTMLParser

    if content.count(b"<") > _FEW_TAGS and _depth(content) > MAX_DEPTH:
        raise ValueError(f"its elements lie more than {MAX_DEPTH:,} deep in each other")
    root = LexborHTMLParser(content).root
    if root is None:
        return {}
    anchors = {anchor: node for node in root.css("[id]") if (anchor := node.attributes.get("id"))}
    listed = {one.anchor: one.symbol for one in wanted}
    found: dict[str, ApiSymbol] = {}
    for one in wanted:
        node = anchors.get(one.anchor)
        if node is not None and (kind := _ROLES.get(one.role)) is not None:
            found[one.symbol] = _symbol(one, kind, node, f"{url}#{one.anchor}", listed)
    # Examples that stand above everything belong to what the page is about: its first symbol.
    if found and (first := next(iter(found.values()))) and not first.examples:
        found[first.symbol] = _with_examples(first, tuple(_examples_outside(root)))
    return found


def _depth(content: bytes) -> int:
    """How deep a page's elements lie in each other; too much rather than too little where ends are missing.

    The time that parsers of HTML take grows with the square of it, and nothing can interrupt them.
    """
    counter = _Depth(convert_charrefs=False)
    counter.feed(content.decode("utf-8", "replace"))
    return counter.deepest


class _Depth(HTMLParser):
    deepest = 0

    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self._open: Counter[str] = Counter()
        self._now = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open[tag] += 1
            self._now += 1
            self.deepest = max(self.deepest, self._now)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML does not know `<div/>`: it stays open

    def handle_endtag(self, tag: str) -> None:
        if self._open[tag]:
            self._open[tag] -= 1
            self._now -= 1


def _symbol(one: Wanted, kind: EntryKind, node: LexborNode, url: str, listed: Mapping[str, str]) -> ApiSymbol:
    body = _body(node)
    parts = list(_children(body)) if body is not None else []
    fields = _fields(parts)
    about = _words(fields["type"]).translate(_STRAIGHT) if "type" in fields else ""
    signature = _signature(node) if kind in ("method", "function", "class") else ""
    bases = tuple(_bases(parts, listed)) if kind == "class" else ()
    if kind == "class" and one.symbol.startswith("bpy.types."):
        # Blender writes a class's bases where others write what it is made from.
        bases, signature = tuple(f"bpy.types.{base}" for base in _split(signature)), ""
    kind = "operator" if kind == "function" and one.symbol.startswith("bpy.ops.") else kind
    if kind == "value" and one.symbol.startswith("bpy.types."):
        kind = "property"
    readonly = None
    if kind == "property":
        readonly = "readonly" in about
        kind = "readonly" if readonly else "property"
    parameters = tuple(_parameters(fields["parameters"])) if "parameters" in fields else ()
    minimum, maximum = _bounds(about)
    return ApiSymbol(
        symbol=one.symbol,
        kind=kind,
        signature=signature,
        text="\n\n".join(_words(part) for part in parts if part.tag == "p")[:MAX_TEXT],
        type=about[:_MAX_SHORT],
        default=found[1] if (found := _DEFAULT.search(about)) else None,
        parameters=_placed(parameters, signature),
        returns=_returned(fields),
        enum=_choices(about),
        minimum=minimum,
        maximum=maximum,
        readonly=readonly,
        deprecated=_marked(parts, "deprecated"),
        since=_since(parts),
        bases=bases,
        see_also=tuple(_see_also(parts, listed)),
        examples=tuple(_examples(parts)),
        url=url,
        source="sphinx",
    )


def _body(node: LexborNode) -> LexborNode | None:
    """Where the description of an anchor stands: behind a `dt`, in a module's section, around its `span`."""
    if node.tag == "dt":
        following = node.next
        while following is not None and following.tag in ("-text", "dt", "-comment"):
            following = following.next
        return following if following is not None and following.tag == "dd" else None
    return node if node.tag in ("section", "div") else node.parent


def _children(body: LexborNode) -> Iterator[LexborNode]:
    """What stands directly in a body, its members left out: they have anchors of their own."""
    for node in body.iter(include_text=False):
        if node.tag == "section" or (node.tag == "dl" and "field-list" not in _classes(node)):
            continue
        yield node


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _words(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator="").split()).replace("¶", "").strip()


def _fields(parts: list[LexborNode]) -> dict[str, LexborNode]:
    """The field list: `parameters`, `returns`, `return type`, `type` and the like, by name in lower case."""
    found: dict[str, LexborNode] = {}
    for part in parts:
        if part.tag != "dl":
            continue
        name = ""
        for node in part.iter(include_text=False):
            if node.tag == "dt":
                name = _words(node).rstrip(":").lower()
            elif node.tag == "dd" and name:
                found.setdefault(name, node)
    return found


def _signature(node: LexborNode) -> str:
    """What stands between the parentheses of a `dt`."""
    if node.tag != "dt":
        return ""
    parameters = [_words(part) for part in node.css(".sig-param")]
    if parameters:
        return ", ".join(parameters)[:MAX_TEXT]
    text = _words(node)
    begin, end = text.find("("), text.rfind(")")
    return text[begin + 1 : end].strip()[:MAX_TEXT] if 0 <= begin < end else ""


def _parameters(node: LexborNode) -> Iterator[Parameter]:
    lines = node.css("li") or [node]
    for line in lines[:MAX_PARAMETERS]:
        if (match := _PARAMETER.match(_words(line).translate(_STRAIGHT)[:MAX_TEXT])) is None:
            continue
        name, kind, text = match[1], match[2] or "", match[3] or ""
        minimum, maximum = _bounds(kind)
        yield Parameter(
            name=name[:_MAX_SHORT],
            type=kind[:_MAX_SHORT],
            text=text[:MAX_TEXT],
            enum=_choices(kind),
            minimum=minimum,
            maximum=maximum,
        )


def _placed(parameters: tuple[Parameter, ...], signature: str) -> tuple[Parameter, ...]:
    """Parameters with their defaults, and by name only or by place only, as the signature has them."""
    found = {parameter.name: parameter for parameter in parameters}
    written: list[Parameter] = []
    by_name = False
    for part in _split(signature):
        if part == "*":
            by_name = True
        elif part == "/":
            written = [_changed(parameter, positional_only=True) for parameter in written]
        else:
            name, equals, default = part.partition("=")
            name, _, kind = name.partition(":")
            known = found.pop(name.strip(), None) or Parameter(name.strip(), type=kind.strip()[:_MAX_SHORT])
            default = default.strip()[:_MAX_SHORT]
            written.append(_changed(known, default=default if equals else None, keyword_only=by_name))
    return (*written[:MAX_PARAMETERS], *found.values())


def _changed(
    parameter: Parameter,
    *,
    default: str | None = None,
    keyword_only: bool = False,
    positional_only: bool = False,
) -> Parameter:
    return replace(
        parameter,
        default=default if default is not None else parameter.default,
        keyword_only=keyword_only,
        positional_only=positional_only,
    )


def _split(signature: str) -> Iterator[str]:
    """The parts of a signature between its outermost commas."""
    depth, begin, quote = 0, 0, ""
    for index, letter in enumerate(signature):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            yield signature[begin:index].strip()
            begin = index + 1
    if rest := signature[begin:].strip():
        yield rest


def _returned(fields: Mapping[str, LexborNode]) -> str:
    kind = _words(fields["return type"]) if "return type" in fields else ""
    text = _words(fields["returns"]) if "returns" in fields else ""
    return (f"{kind}: {text}" if kind and text else kind or text)[:MAX_TEXT]


def _choices(text: str) -> tuple[EnumItem, ...]:
    match = _CHOICES.search(text)
    if match is None:
        return ()
    return tuple(EnumItem(item[:_MAX_SHORT]) for item in _QUOTED.findall(match[1])[:_MAX_ITEMS])


def _bounds(text: str) -> tuple[float | None, float | None]:
    match = _RANGE.search(text)
    return (_end(match[1]), _end(match[2])) if match else (None, None)


def _end(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 2_147_483_647 else None


def _marked(parts: list[LexborNode], mark: str) -> str:
    """What a `deprecated` box says; without a word of explanation, that it is."""
    for part in parts:
        if mark in _classes(part):
            return _words(part)[:MAX_TEXT] or mark
    return ""


def _since(parts: list[LexborNode]) -> str:
    found = _VERSION.search(_marked(parts, "versionadded"))
    return found[1] if found else ""


def _links(node: LexborNode, listed: Mapping[str, str]) -> Iterator[str]:
    for link in node.css("a.reference"):
        anchor = (link.attributes.get("href") or "").partition("#")[2]
        title = link.attributes.get("title") or ""
        if (name := listed.get(anchor) or title or anchor) and re.fullmatch(r"[A-Za-z_][\w.]*", name, re.ASCII):
            yield name[:_MAX_SHORT]


def _see_also(parts: list[LexborNode], listed: Mapping[str, str]) -> Iterator[str]:
    names: dict[str, None] = {}
    for part in parts:
        if "seealso" in _classes(part):
            names |= dict.fromkeys(_links(part, listed))
    yield from list(names)[:_MAX_SEE_ALSO]


def _bases(parts: list[LexborNode], listed: Mapping[str, str]) -> Iterator[str]:
    """`Bases: Panel, Menu`, as autodoc writes them."""
    for part in parts:
        if part.tag == "p" and _words(part).startswith("Bases:"):
            yield from _links(part, listed)


def _examples(parts: list[LexborNode]) -> Iterator[str]:
    left = MAX_EXAMPLES
    for part in parts:
        if part.tag != "div" or "admonition" in _classes(part):
            continue
        for node in part.css(".highlight pre")[:left]:
            left -= 1
            if code := node.text(deep=True, separator="").strip("\n"):
                yield code[:MAX_EXAMPLE]


def _examples_outside(root: LexborNode) -> Iterator[str]:
    """Code of a page that stands in no symbol's description."""
    left = MAX_EXAMPLES
    for node in root.css(".highlight pre"):
        above = node.parent
        while above is not None and above.tag != "dd":
            above = above.parent
        if above is None and left and (code := node.text(deep=True, separator="").strip("\n")):
            left -= 1
            yield code[:MAX_EXAMPLE]


def _with_examples(symbol: ApiSymbol, examples: tuple[str, ...]) -> ApiSymbol:
    return replace(symbol, examples=examples)
