"""A site as Sphinx makes it, served on loopback; then the same by somebody who means harm."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

pytest.importorskip("sphobjinv")
pytest.importorskip("selectolax")

from sphobjinv import DataObjStr, Inventory

from indexer.blender_api import sphinx
from indexer.blender_api.described import MAX_TEXT, EnumItem
from indexer.errors import IndexerError, Unreachable, UsageError

SITE = Path(__file__).parent / "site"
OBJECTS = {
    "bpy.types.Lamp": ("class", "bpy.types.Lamp.html#$"),
    "bpy.types.Lamp.energy": ("attribute", "bpy.types.Lamp.html#$"),
    "bpy.types.Lamp.kind": ("attribute", "bpy.types.Lamp.html#$"),
    "bpy.types.Lamp.users": ("data", "bpy.types.Lamp.html#$"),
    "bpy.types.Lamp.aim": ("method", "bpy.types.Lamp.html#$"),
    "bpy.types.Lamp.off": ("method", "bpy.types.Lamp.html#$"),
    "bpy.ops.lamp": ("module", "bpy.ops.lamp.html#module-$"),
    "bpy.ops.lamp.add": ("function", "bpy.ops.lamp.html#$"),
    "tiny.tools": ("module", "tiny.tools.html#module-$"),
    "tiny.tools.measure": ("function", "tiny.tools.html#$"),
    "tiny.tools.LIMIT": ("data", "tiny.tools.html#$"),
}


def inventory(objects: dict[str, tuple[str, str]], version: str = "4.5.0") -> bytes:
    made = Inventory()
    made.project, made.version = "Tiny", version
    for name, (role, uri) in objects.items():
        made.objects.append(DataObjStr(name=name, domain="py", role=role, priority="1", uri=uri, dispname="-"))
    lines = made.data_file(contract=True).split(b"\n", 4)
    return b"\n".join(lines[:4]) + b"\n" + zlib.compress(lines[4])


Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on loopback: files by path, and answers that are programmed."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.closing = Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                try:
                    if self.path in site.answers:
                        site.answers[self.path](self)
                    elif self.path in site.files:
                        send(self, 200, site.files[self.path])
                    else:
                        send(self, 404, b"")
                except OSError:
                    pass  # the reader hung up, as it should

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/api/"

    def serve(self, objects: dict[str, tuple[str, str]] = OBJECTS, version: str = "4.5.0") -> None:
        self.files["/api/objects.inv"] = inventory(objects, version)
        self.files |= {f"/api/{path.name}": path.read_bytes() for path in SITE.glob("*.html")}


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.serve()
    yield made
    made.closing.set()
    made.server.shutdown()
    made.server.server_close()


# ------------------------------------------------------------------------------------ a site as they are


def test_every_listed_symbol_is_read_and_each_page_asked_for_once(site: Site) -> None:
    steps: list[tuple[int, int]] = []
    found = sphinx.read_site(site.url, release="4.5", progress=lambda done, total: steps.append((done, total)))
    assert set(found) == set(OBJECTS)
    assert sorted(site.asked) == sorted(
        ["/api/objects.inv", "/api/bpy.ops.lamp.html", "/api/bpy.types.Lamp.html", "/api/tiny.tools.html"]
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert {symbol.source for symbol in found.values()} == {"sphinx"}
    assert found["bpy.types.Lamp.kind"].url == f"{site.url}bpy.types.Lamp.html#bpy.types.Lamp.kind"


def test_a_class_has_its_own_description_and_none_of_its_members(site: Site) -> None:
    lamp = sphinx.read_site(site.url)["bpy.types.Lamp"]
    assert (lamp.kind, lamp.text, lamp.bases) == ("class", "A thing that shines.", ("bpy.types.ID",))
    assert "4.1" in lamp.deprecated and "Light" in lamp.deprecated
    assert lamp.examples == ('lamp = bpy.data.lamps.new("Lamp")\nlamp.energy = 3.0',)


def test_attributes_have_types_ranges_choices_and_flags(site: Site) -> None:
    found = sphinx.read_site(site.url)
    energy, kind, users = (found[f"bpy.types.Lamp.{name}"] for name in ("energy", "kind", "users"))
    assert (energy.kind, energy.default, energy.minimum, energy.maximum) == ("property", "1.0", 0.0, 100.0)
    assert energy.readonly is False
    assert kind.enum == (EnumItem("POINT"), EnumItem("SUN"))
    assert (kind.default, kind.since) == ("'POINT'", "4.2")
    assert (users.kind, users.readonly, users.maximum) == ("readonly", True, None)


def test_a_method_has_parameters_a_result_links_and_examples(site: Site) -> None:
    aim = sphinx.read_site(site.url)["bpy.types.Lamp.aim"]
    assert aim.signature == "target, *, speed=1.0"
    target, speed = aim.parameters
    assert (target.name, target.type, target.text, target.keyword_only) == (
        "target", "mathutils.Vector", "Where to.", False,
    )  # fmt: skip
    assert (speed.default, speed.keyword_only, speed.maximum) == ("1.0", True, 10.0)
    assert aim.returns == "bool: Whether it could."
    assert aim.see_also == ("bpy.types.Lamp.off",)
    assert aim.examples == ("lamp.aim((0, 0, 0))",)


def test_operators_functions_and_modules_are_told_apart(site: Site) -> None:
    found = sphinx.read_site(site.url)
    add = found["bpy.ops.lamp.add"]
    assert add.kind == "operator"
    assert [(one.name, one.default) for one in add.parameters] == [
        ("kind", "'POINT'"), ("location", "(0.0, 0.0, 0.0)"),
    ]  # fmt: skip
    assert all(one.keyword_only for one in add.parameters)
    assert add.parameters[0].enum == (EnumItem("POINT"), EnumItem("SUN"))
    measure = found["tiny.tools.measure"]
    assert measure.kind == "function" and all(one.positional_only for one in measure.parameters)
    assert found["tiny.tools"].kind == "module" and found["tiny.tools"].text == "What a lamp needs."
    assert found["tiny.tools.LIMIT"].kind == "value"


@pytest.mark.parametrize("spelled", ["/api", "/api/", "/api/index.html"])
def test_the_site_can_be_named_in_any_of_the_usual_ways(site: Site, spelled: str) -> None:
    assert "tiny.tools" in sphinx.read_site(site.url.replace("/api/", spelled))


def test_only_as_many_pages_as_allowed_are_read(site: Site) -> None:
    found = sphinx.read_site(site.url, limit_pages=1)
    assert set(found) == {"bpy.ops.lamp", "bpy.ops.lamp.add"}


def test_the_site_of_another_release_is_refused(site: Site) -> None:
    with pytest.raises(UsageError, match=r"4\.5\.0, not 4\.2"):
        sphinx.read_site(site.url, release="4.2")


def test_at_most_four_pages_are_asked_for_at_once(site: Site) -> None:
    objects = {f"m{number}": ("module", f"m{number}.html#module-$") for number in range(24)}
    site.serve(objects)

    waiting: list[str] = []
    most: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        waiting.append(handler.path)
        most.append(len(waiting))
        time.sleep(0.02)
        waiting.remove(handler.path)  # before it is sent: whoever has it may ask for the next at once
        send(handler, 200, b"<p>")

    site.answers = {f"/api/m{number}.html": answer for number in range(24)}
    sphinx.read_site(site.url)
    assert 2 <= max(most) <= sphinx.CONCURRENT


def test_what_fails_for_a_moment_is_asked_for_again(site: Site) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        again = site.asked.count("/api/tiny.tools.html") > 1
        send(handler, *((200, site.files["/api/tiny.tools.html"]) if again else (503, b"")))

    site.answers["/api/tiny.tools.html"] = answer
    assert "tiny.tools.measure" in sphinx.read_site(site.url)


def test_a_page_that_is_missing_costs_its_own_symbols_only(site: Site) -> None:
    del site.files["/api/tiny.tools.html"]
    told: dict[str, str] = {}
    found = sphinx.read_site(site.url, report=told.__setitem__)
    assert not any(name.startswith("tiny") for name in found) and "bpy.ops.lamp.add" in found
    assert told == {f"{site.url}tiny.tools.html": "the server answers 404"}


# ------------------------------------------------------------------------------------ a site that means harm


def test_a_huge_page_is_left_out(site: Site) -> None:
    sent = 0

    def answer(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(400):
            handler.wfile.write(b"<p>" * 100_000)
            sent += 300_000

    site.answers["/api/tiny.tools.html"] = answer
    told: dict[str, str] = {}
    assert "tiny.tools" not in sphinx.read_site(site.url, report=told.__setitem__)
    assert "more than 5,242,880 bytes" in told[f"{site.url}tiny.tools.html"]
    assert sent < 60_000_000  # it hung up long before the end


@pytest.mark.parametrize("place", ["http://localhost:{port}/api/x.html", "http://127.0.0.1:1/", "file:///etc/passwd"])
def test_a_redirect_to_another_place_is_not_followed(site: Site, place: str) -> None:
    location = place.format(port=site.server.server_port)
    site.answers["/api/tiny.tools.html"] = lambda handler: send(handler, 302, b"", Location=location)
    told: dict[str, str] = {}
    found = sphinx.read_site(site.url, report=told.__setitem__)
    assert "tiny.tools" not in found
    assert "redirects to another place" in told[f"{site.url}tiny.tools.html"]
    assert "/api/x.html" not in site.asked


def test_a_redirect_within_the_site_is_followed_and_a_circle_is_not(site: Site) -> None:
    site.files["/api/moved.html"] = site.files["/api/tiny.tools.html"]
    site.answers["/api/tiny.tools.html"] = lambda handler: send(handler, 301, b"", Location="moved.html")
    site.answers["/api/bpy.ops.lamp.html"] = lambda handler: send(handler, 301, b"", Location="bpy.ops.lamp.html")
    found = sphinx.read_site(site.url)
    assert "tiny.tools.measure" in found and "bpy.ops.lamp" not in found
    assert site.asked.count("/api/bpy.ops.lamp.html") <= sphinx.MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.html#$",
        "/secret.html#$",
        "a/../../secret.html#$",
        "%2e%2e/secret.html#$",
        "..%2fsecret.html#$",
        "..\\secret.html#$",
        "http://127.0.0.1:1/x.html#$",
        "//127.0.0.1:1/x.html#$",
        "file:///etc/passwd#$",
        "javascript:alert(1)#$",
    ],
)
def test_pages_outside_the_site_are_never_asked_for(site: Site, uri: str) -> None:
    site.serve({"good": ("module", "good.html#module-$"), "bad": ("module", uri)})
    site.files["/secret.html"] = b'<section id="bad"><p>secret</p></section>'
    assert sphinx.read_site(site.url) == {}
    assert site.asked == ["/api/objects.inv", "/api/good.html"]


BOMB = b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# zlib\n" + zlib.compress(bytes(80 * 1024**2))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        b"# Sphinx inventory version 1\n\n\n\nx",
        b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# zlib\nnot packed",
        b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# zlib\n" + zlib.compress(b"\xff\xfe nonsense\n"),
        BOMB,
    ],
    ids=["empty", "html", "version 1", "not packed", "nonsense", "bomb"],
)
def test_a_broken_inventory_is_a_clear_error(site: Site, content: bytes) -> None:
    site.files["/api/objects.inv"] = content
    with pytest.raises(IndexerError, match=r"objects\.inv") as caught:
        sphinx.read_site(site.url)
    assert caught.value.cure


def test_a_site_without_inventory_is_a_clear_error(site: Site) -> None:
    site.files.clear()
    with pytest.raises(Unreachable, match="404"):
        sphinx.read_site(site.url)


def test_nobody_there_is_a_clear_error() -> None:
    with pytest.raises(Unreachable, match=r"objects\.inv"):
        sphinx.read_site("http://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["", "docs.blender.org", "file:///etc/", "ftp://x/", "http://user:word@127.0.0.1/"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        sphinx.read_site(url)


def test_a_page_that_trickles_for_ever_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sphinx, "PAGE_SECONDS", 0.3)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not site.closing.wait(0.05):
            handler.wfile.write(b"<p>")
            handler.wfile.flush()

    site.answers["/api/tiny.tools.html"] = answer
    begin = time.monotonic()
    told: dict[str, str] = {}
    assert "bpy.ops.lamp.add" in sphinx.read_site(site.url, report=told.__setitem__)
    assert "takes longer" in told[f"{site.url}tiny.tools.html"]
    assert time.monotonic() - begin < 5


def test_a_page_that_never_answers_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sphinx, "ANSWER_SECONDS", 0.1)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        site.closing.wait(20)

    site.answers["/api/tiny.tools.html"] = answer
    told: dict[str, str] = {}
    sphinx.read_site(site.url, report=told.__setitem__)
    assert "does not answer in time" in told[f"{site.url}tiny.tools.html"]


def test_a_page_that_comes_packed_unasked_is_left_out(site: Site) -> None:
    site.answers["/api/tiny.tools.html"] = lambda handler: send(
        handler, 200, zlib.compress(bytes(50 * 1024**2)), Content_Encoding="deflate"
    )
    assert "tiny.tools" not in sphinx.read_site(site.url)


def test_text_is_bounded_and_nothing_of_a_page_is_markup(site: Site) -> None:
    site.files["/api/tiny.tools.html"] = (
        b'<section id="module-tiny.tools"><p>' + b"word " * 100_000 + b"<script>alert(1)</script></p></section>"
    )
    found = sphinx.read_site(site.url)["tiny.tools"]
    assert len(found.text) <= MAX_TEXT and "<script>" not in found.text


def test_deeply_nested_markup_is_read_or_left_out(site: Site) -> None:
    site.files["/api/tiny.tools.html"] = b"<div>" * 200_000 + b'<section id="module-tiny.tools"><p>x</p></section>'
    assert "bpy.ops.lamp.add" in sphinx.read_site(site.url)
