"""Where the token comes from."""

from __future__ import annotations

from bot.host.values import Token, TokenKind

__all__ = ["Token", "TokenKind"]
