"""The providers there are, by the names `--llm`, `llm_order` and `[roles]` take."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError, MissingError
from bot.llm import manual, presets, probing, scripted
from bot.llm.brokered import Brokered, Connection
from bot.llm.budget import Purse
from bot.llm.desk import Models
from bot.llm.endpoint import Endpoint
from bot.llm.manual import Manual
from bot.llm.members import Member
from bot.llm.prices import Prices
from bot.llm.replies import Replies
from bot.llm.resilience import Persistence
from bot.llm.scripted import Scripted
from bot.llm.starting import Access
from bot.models.exchange import Role
from bot.settings import Settings

NONE, AUTO = "none", "auto"
PROMPTS = "prompts"

UNKNOWN = "There is no model provider named {name!r}."
KNOWN_CURE = "Known ones: {names}, http://HOST/v1#MODEL; a model comes after a colon, as in ollama:MODEL."
NEEDS_FILE = "The provider scripted needs a file."
NEEDS_FILE_CURE = "Name it: scripted:FILE"
NEEDS_FOLDER = "The provider manual needs a folder to put prompts into, and this command has none."
NEEDS_FOLDER_CURE = "Use it with bot run."
NEEDS_MODEL = "The provider azure needs the name of a deployment."
NEEDS_MODEL_CURE = "Name it: azure:DEPLOYMENT"
TAKES_NONE = "The provider {name} takes nothing after a colon."
UNKNOWN_ROLE = "[roles.{role}]: there is no such role."
UNKNOWN_ROLE_CURE = "Roles: {roles}."
NO_KEY = "The model provider {name} needs a key."
NO_KEY_CURE = "Put it into the environment variable {key}, or choose another: --llm none needs no model."
WITHHELD = "The key in {key} is not read, because no sandbox works here: the add-on's code could find it."
WITHHELD_CURE = "`bot doctor` says how to get a sandbox. A local model or --llm manual works without."
EXPOSED = "The key in {key} would be sent to {host} unencrypted."
EXPOSED_CURE = "Use an https address, or unset {key} if the server needs no key."

ASKED = "Models: {names}."
SWITCHED_OFF = "Models are switched off (llm = none)."
NOBODY = "None of {names} can be used: {reasons}."
NO_ANSWER = "{name} does not run"
LACKS_KEY = "{name} has no key in {key}"
LACKS_SANDBOX = "{name} has a key, but no sandbox works"


@dataclass(frozen=True)
class Surroundings:
    """What providers are made with: the settings, where prompts go, what keys there are, the way to the broker."""

    settings: Settings
    out: Path | None
    access: Access
    connection: Connection


def names() -> tuple[str, ...]:
    """Every name there is."""
    return (NONE, AUTO, *presets.PRESETS, manual.NAME, scripted.NAME)


def create(
    settings: Settings,
    out: Path | None = None,
    access: Access | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    persistence: Persistence | None = None,
    replies: Replies | None = None,
) -> Models:
    """Every model a run may ask. `out` is its bundle, where `manual` puts prompts; `access` what `inherited` gave.

    Raises:
        ConfigurationError: a name, an address or a role is wrong.
        MissingError: a provider that was named needs a key that is not there, or may not be read.
    """
    access = access or Access()
    connection = Connection(access, os.environ if environment is None else environment)
    around = Surroundings(settings, out, access, connection)
    presets.check_urls(settings.llm_urls)
    roles = {_role(name): own for name, own in settings.roles.items()}
    members, why = chosen(settings.llm, around)
    of_role = {role: chosen(own.llm, around)[0] for role, own in roles.items() if own.llm}
    return Models(
        members,
        Purse(Prices(settings.prices), settings.max_cost, settings.run_seconds),
        of_role=of_role,
        roles=settings.roles,
        replies=replies or Replies(),
        persistence=persistence,
        why=why,
        connection=connection,
    )


def chosen(name: str, around: Surroundings) -> tuple[tuple[Member, ...], str]:
    """The members behind a name, in the order they are asked, and a sentence on them.

    One that is named is asked alone: whoever chose a local model did not choose to send code elsewhere.

    Raises:
        ConfigurationError, MissingError: see `create`.
    """
    name = name.strip()
    if name == NONE:
        return (), SWITCHED_OFF
    if name == AUTO:
        return _automatic(around)
    member = _member(name, around)
    if member.endpoint:
        _check_key(member.endpoint, around.access)
    return (member,), ASKED.format(names=member.name)


def _automatic(around: Surroundings) -> tuple[tuple[Member, ...], str]:
    """What of `llm_order` can be used: local servers that answer, others there is a key for."""
    found: list[Member] = []
    reasons: list[str] = []
    for name in around.settings.llm_order:
        if name in (NONE, AUTO):
            raise _unknown(name)
        member = _member(name, around)
        usable = _usable(member, around)
        if isinstance(usable, Member):
            found.append(usable)
        else:
            reasons.append(usable)
    if found:
        return tuple(found), ASKED.format(names=", ".join(member.name for member in found))
    order = ", ".join(around.settings.llm_order)
    return (), NOBODY.format(names=order, reasons="; ".join(reasons)) if reasons else SWITCHED_OFF


def _usable(member: Member, around: Surroundings) -> Member | str:
    """A member that can be asked, or why it cannot."""
    end = member.endpoint
    if end is None:
        return member
    if end.key_required and end.key not in around.access.keys:
        withheld = end.key in around.access.withheld
        return (LACKS_SANDBOX if withheld else LACKS_KEY).format(name=end.name, key=end.key)
    if end.key in around.access.keys and end.exposes_key():
        return EXPOSED.format(key=end.key, host=end.host).rstrip(".")
    if not end.local:
        return member
    listed = probing.models(end, around.connection)
    if not listed:
        return NO_ANSWER.format(name=end.name)
    return member if end.model else _at(end.model_copy(update={"model": listed[0]}), around)


def _member(name: str, around: Surroundings) -> Member:
    """The member behind one name, usable or not.

    Raises:
        ConfigurationError: there is none.
    """
    if name.startswith(("http://", "https://")):
        return _at(presets.direct(name), around)
    kind, _, rest = name.partition(":")
    if kind == scripted.NAME:
        if not rest:
            raise ConfigurationError(NEEDS_FILE, NEEDS_FILE_CURE)
        return Member(Scripted.read(Path(rest)), around.settings.llm_seconds, kept=False)
    if kind == manual.NAME:
        if rest:
            raise ConfigurationError(TAKES_NONE.format(name=kind), KNOWN_CURE.format(names=", ".join(names())))
        if around.out is None:
            raise ConfigurationError(NEEDS_FOLDER, NEEDS_FOLDER_CURE)
        seconds = max(manual.PATIENCE, around.settings.llm_seconds)
        return Member(Manual(around.out / PROMPTS), seconds, patient=True)
    if kind not in presets.PRESETS:
        raise _unknown(name)
    endpoint = presets.at(kind, rest, around.settings.llm_urls)
    if kind == "azure" and not endpoint.model:
        raise ConfigurationError(NEEDS_MODEL, NEEDS_MODEL_CURE)
    return _at(endpoint, around)


def _at(endpoint: Endpoint, around: Surroundings) -> Member:
    return Member(Brokered(endpoint, around.connection), around.settings.llm_seconds, endpoint)


def _check_key(endpoint: Endpoint, access: Access) -> None:
    if endpoint.key is None:
        return
    if endpoint.key in access.keys:
        if endpoint.exposes_key():
            raise ConfigurationError(
                EXPOSED.format(key=endpoint.key, host=endpoint.host), EXPOSED_CURE.format(key=endpoint.key)
            )
    elif endpoint.key in access.withheld and not endpoint.local:
        raise MissingError(WITHHELD.format(key=endpoint.key), WITHHELD_CURE)
    elif endpoint.key_required:
        raise MissingError(NO_KEY.format(name=endpoint.name), NO_KEY_CURE.format(key=endpoint.key))


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        cure = UNKNOWN_ROLE_CURE.format(roles=", ".join(Role))
        raise ConfigurationError(UNKNOWN_ROLE.format(role=name), cure) from None


def _unknown(name: str) -> ConfigurationError:
    shown = name.partition("://")[0][:100]
    return ConfigurationError(UNKNOWN.format(name=shown), KNOWN_CURE.format(names=", ".join(names())))
