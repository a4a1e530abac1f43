"""Addresses: pieces that cannot climb out, servers told apart."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.host.addresses import led_to, next_page, origin, quoted
from bot.host.errors import NotThere


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("fix/a b", "fix/a%20b"),
        (7, "7"),
        ("a?b#c", "a%3Fb%23c"),
        ("ä%2F", "%C3%A4%252F"),
        ("...a", "...a"),
        ("dependabot[bot]", "dependabot%5Bbot%5D"),
    ],
)
def test_pieces_are_quoted(piece: str | int, shown: str) -> None:
    assert quoted(piece) == shown


@pytest.mark.parametrize("piece", ["", ".", "..", "a/../b", "/a", "a/", "a//b", "./a"])
def test_what_no_name_can_be_is_nowhere(piece: str) -> None:
    with pytest.raises(NotThere):
        quoted(piece)


@given(st.text(min_size=1))
def test_whatever_a_piece_is_it_stays_in_its_path(piece: str) -> None:
    try:
        path = quoted(piece)
    except NotThere:
        return
    parts = urlsplit(f"https://api.github.com/repos/o/r/{path}")
    assert parts.path == f"/repos/o/r/{path}"
    assert not parts.query
    assert not parts.fragment
    assert path.isascii()
    assert path.count("/") == piece.count("/")


def test_servers_are_told_apart() -> None:
    assert origin("https://API.github.com/x") == origin("https://api.github.com:443")
    assert origin("https://api.github.com") != origin("http://api.github.com")
    assert origin("https://api.github.com") != origin("https://api.github.com.evil.example")
    assert origin("https://api.github.com@evil.example/") != origin("https://api.github.com")
    assert origin("https://[") is None
    assert origin("javascript:alert(1)") is None


def test_links() -> None:
    assert next_page('<https://a/x?page=2>; rel="next", <https://a/x?page=3>; rel="last"') == "https://a/x?page=2"
    assert next_page('<https://a/x?page=1>; rel="prev", <https://a/x?page=3>; rel="next"') == "https://a/x?page=3"
    assert next_page('<https://a/x?page=1>; rel="prev"') is None
    assert next_page("") is None
    assert next_page(None) is None


def test_where_a_redirect_leads() -> None:
    assert led_to("https://a/x", "/y") == "https://a/y"
    assert led_to("https://a/x", "//b/y") == "https://b/y"
    assert led_to("https://a/x", "javascript:alert(1)") is None
    assert led_to("https://a/x", "http://[/") is None
    assert led_to("https://a/x", None) is None
