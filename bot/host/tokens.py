"""Where the token comes from: a GitHub App, a token somebody gave, or the workflow's own. None is ever printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from bot.errors import ConfigurationError, MissingError
from bot.host.addresses import quoted
from bot.host.errors import NotAllowed, NotThere
from bot.host.part import text_of
from bot.host.values import Token, TokenKind
from bot.host.wire import Wire

__all__ = ["Token", "TokenKind", "from_environment", "of_job"]

APP_ID = "BCRAG_APP_ID"
APP_KEY = "BCRAG_APP_PRIVATE_KEY"
GIVEN = "BCRAG_TOKEN"
OWN = "GITHUB_TOKEN"

NO_TOKEN = "There is no token for GitHub."  # noqa: S105
NO_TOKEN_CURE = f"Give the step {OWN} (in a workflow: ${{{{ github.token }}}}), {GIVEN}, or {APP_ID} and {APP_KEY}."
HALF_AN_APP = "{there} is given, {lacking} is not: a GitHub App needs both."
HALF_AN_APP_CURE = "Give both, or neither, to be the workflow itself."
BAD_KEY = f"{APP_KEY} is no private key of a GitHub App."
BAD_KEY_CURE = "Make one in the settings of the App, and store the whole file, first and last line included."
NOT_INSTALLED_CURE = "Install the GitHub App on this repository, in the settings of the App."
APP_REFUSED_CURE = f"See whether {APP_ID} and {APP_KEY} belong to the same GitHub App, and whether the key was revoked."

JWT_BEFORE = 60
JWT_SECONDS = 540
"""GitHub takes ten minutes at most, and clocks differ."""

_LEVELS = ("read", "write", "admin")
_INSTALLATION = "ghs_"


def from_environment(
    env: Mapping[str, str],
    repository: str,
    api_url: str,
    permissions: Mapping[str, str],
    *,
    wire: Callable[[str, Token], Wire] = Wire,
    clock: Callable[[], float] = time.time,
) -> Token:
    """The token to work with. An App's is made for this repository and these permissions alone.

    Raises:
        ConfigurationError, MissingError: there is none, or half of one.
        HostError: the App may not do this.
    """
    number, key = env.get(APP_ID, "").strip(), env.get(APP_KEY, "").strip()
    if bool(number) != bool(key):
        there, lacking = (APP_ID, APP_KEY) if number else (APP_KEY, APP_ID)
        raise ConfigurationError(HALF_AN_APP.format(there=there, lacking=lacking), HALF_AN_APP_CURE)
    own, given = env.get(OWN, "").strip(), env.get(GIVEN, "").strip()
    if number:
        app = Token(kind=TokenKind.APP, value=SecretStr(_signed(number, key, clock())))
        with wire(api_url, app) as talk:
            return _of_installation(talk, repository, permissions)
    if given and given != own:
        kind = TokenKind.APP if given.startswith(_INSTALLATION) else TokenKind.PERSONAL
        return Token(kind=kind, value=SecretStr(given))
    if token := of_job(env):
        return token
    raise MissingError(NO_TOKEN, NO_TOKEN_CURE)


def of_job(env: Mapping[str, str]) -> Token | None:
    """The token of the job itself, whatever else was given."""
    own = env.get(OWN, "").strip()
    return Token(kind=TokenKind.ACTIONS, value=SecretStr(own)) if own else None


def _signed(number: str, key: str, now: float) -> str:
    """What an App says to be known: its number, signed with its key."""
    import jwt

    # A secret that went through an environment file may have its line breaks written out.
    whole = key.replace("\\n", "\n") + "\n"
    claims = {"iat": int(now) - JWT_BEFORE, "exp": int(now) + JWT_SECONDS, "iss": number}
    try:
        return jwt.encode(claims, whole, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        raise ConfigurationError(BAD_KEY, BAD_KEY_CURE) from None


def _of_installation(talk: Wire, repository: str, permissions: Mapping[str, str]) -> Token:
    owner, _, name = repository.partition("/")
    path = f"/repos/{quoted(owner)}/{quoted(name)}/installation"
    try:
        found = talk.request("GET", path)
        installation = found if isinstance(found, dict) else {}
        asked = {"repositories": [name], "permissions": narrowed(permissions, installation.get("permissions"))}
        path = f"/app/installations/{quoted(str(installation.get('id')))}/access_tokens"
        answer = talk.request("POST", path, json=asked, repeatable=True)
    except NotThere as error:
        raise NotThere(error.asked, error.said, cure=NOT_INSTALLED_CURE) from None
    except NotAllowed as error:
        raise NotAllowed(error.asked, error.said, cure=APP_REFUSED_CURE) from None
    slug = installation.get("app_slug")
    return Token(
        kind=TokenKind.APP,
        value=SecretStr(text_of(answer, "token")),
        login=f"{slug}[bot]" if isinstance(slug, str) and slug else "",
    )


def narrowed(asked: Mapping[str, str], granted: object) -> dict[str, str]:
    """What is asked for, as far as the App has it: to ask for more is an error, to ask for nothing is to get all."""
    have = granted if isinstance(granted, Mapping) else asked
    found = {}
    for name, level in asked.items():
        if (most := have.get(name)) in _LEVELS:
            found[name] = min(level, str(most), key=_LEVELS.index)
    return found or {"metadata": "read"}
