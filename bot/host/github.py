"""A repository on GitHub: everything we ask of it and do to it, one method each.

Every method raises a `HostError`, unless it says that it does not: those that give a bool or null where something may
not be possible are for what is nice to have.
"""

from __future__ import annotations

from bot.host.actions import Actions
from bot.host.errors import HostError, NotThere
from bot.host.git import Git
from bot.host.issues import Issues
from bot.host.part import read, text_of
from bot.host.pulls import Pulls
from bot.host.values import Permission, Repo, TokenKind

ACTIONS_BOT = "github-actions[bot]"

_PERMISSIONS = {
    ("admin", "admin"): Permission.ADMIN,
    ("write", "maintain"): Permission.MAINTAIN,
    ("read", "triage"): Permission.TRIAGE,
}
"""By `permission` and `role_name`; the first alone knows four."""
_COARSE = {"admin": Permission.ADMIN, "write": Permission.WRITE, "read": Permission.READ}


class GitHub(Issues, Pulls, Git, Actions):
    """One repository, and the token's rights to it."""

    def about(self) -> Repo:
        """The repository."""
        return read(Repo, self.wire.request("GET", self._at()))

    def permission(self, login: str) -> Permission:
        """What a person may do now. Somebody unknown, or who is no person, may do nothing."""
        try:
            answer = self.wire.request("GET", self._at("collaborators", login, "permission"))
        except NotThere:
            return Permission.NONE
        coarse = text_of(answer, "permission")
        role = answer.get("role_name") if isinstance(answer, dict) else None
        # A role an organisation made may be called anything: it counts only as far as `permission` bears it out.
        return _PERMISSIONS.get((coarse, str(role))) or _COARSE.get(coarse, Permission.NONE)

    def me(self) -> str:
        """The login our comments stand under; empty where GitHub does not say. Raises nothing."""
        token = self.wire.token
        if token.login:
            return token.login
        if token.kind is TokenKind.ACTIONS:
            return ACTIONS_BOT
        try:
            if token.kind is TokenKind.PERSONAL:
                return text_of(self.wire.request("GET", "/user"), "login")
            return text_of(self.wire.graphql("query { viewer { login } }"), "viewer", "login")
        except HostError:
            return ""
