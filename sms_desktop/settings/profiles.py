"""Profiles: which account, which gateway, which relay. Read by services, background, ui and cli."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sms_desktop.messages.addresses import sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import private_url

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_STREAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # as the relay has it
_MAXIMUM_FILE = 1_000_000
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Profile:
    """One account on one gateway, and the relay that receives its webhooks. Holds no secret.

    `gateway_url` is None for the provider's own address. `relay_url` is None without a relay; for the
    built-in sandbox both are None, since this program starts its servers. `stream` is the relay's stream.
    `colour` is the name of one of the window's profile colours.
    """

    id: ProfileId
    name: str
    provider: Provider
    api_key: str
    sender: str
    gateway_url: str | None = None
    relay_url: str | None = None
    stream: str = "main"
    colour: str = "plum"

    @property
    def is_sandbox(self) -> bool:
        """True for the built-in profile: nothing leaves this computer and nothing costs money."""
        return self.id == SANDBOX.id


SANDBOX = Profile(
    id=ProfileId("sandbox"), name="Sandbox", provider=Provider.SANDBOX, api_key="sandbox1", sender="Sandbox"
)
"""The profile that always exists."""


def load(file: Path) -> tuple[Profile, ...]:
    """The sandbox, then the profiles of `file` in its order; a missing file is no profiles.

    The file is a JSON list of objects with the fields of Profile. Raises Mendable naming the profile and the
    field.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAXIMUM_FILE + 1)
    except FileNotFoundError:
        return (SANDBOX,)
    except OSError as error:
        raise Mendable(f"The profiles in {file} can't be read: {error.strerror}.") from error
    if len(data) > _MAXIMUM_FILE:
        raise Mendable(f"The profiles in {file} can't be read: it holds more than {_MAXIMUM_FILE:,} octets.")
    import json  # most people have the sandbox only, and then nothing is read before the first paint

    try:
        listed = json.loads(data)
    except ValueError as error:
        raise Mendable(f"The profiles in {file} are not JSON: {error}.") from error
    except RecursionError:
        listed = None
    if not isinstance(listed, list):
        raise Mendable(f"The profiles in {file} must be a JSON list of objects.")
    profiles = [SANDBOX]
    for number, fields in enumerate(listed, start=1):
        where = f"Profile {number} in {file.name}"
        try:
            profile = _profile(fields)
        except Mendable as error:
            raise Mendable(f"{where}: {error.message}", field=error.field) from error
        if profile.id in (known.id for known in profiles):
            raise Mendable(f"{where}: id: {profile.id!r} is used twice.", field="id")
        profiles.append(profile)
    return tuple(profiles)


def find(profiles: tuple[Profile, ...], name: str) -> Profile:
    """The profile with the id `name`. Raises Mendable that lists those there are."""
    for profile in profiles:
        if profile.id == name:
            return profile
    known = ", ".join(profile.id for profile in profiles)
    raise Mendable(f"profile: there is none called {name!r}. There are: {known}.", field="profile")


def _profile(fields: object) -> Profile:
    if not isinstance(fields, dict):
        raise Mendable("it must be an object with id, name, provider, api_key and sender.")
    unknown = min(fields.keys() - set(Profile.__slots__), default=None)
    if unknown is not None:
        raise Mendable(f"{unknown[:_LONGEST_TEXT]!r} is not a field of a profile.", field=unknown)
    if _ID.fullmatch(_text(fields, "id")) is None:
        raise Mendable(
            "id: it has 1 to 32 of a-z, 0-9, - and _, beginning with a letter or digit.", field="id"
        )
    stream = _text(fields, "stream", "main")
    if _STREAM.fullmatch(stream) is None:
        raise Mendable(
            "stream: it has 1 to 64 letters, digits, dots, - and _, beginning with a letter or digit.",
            field="stream",
        )
    try:
        provider = Provider(_text(fields, "provider"))
    except ValueError:
        raise Mendable(f"provider: it is one of {', '.join(Provider)}.", field="provider") from None
    try:
        own = sender(_text(fields, "sender")).value
    except Mendable as error:
        raise Mendable(f"sender: {error.message.removeprefix('From: ')}", field="sender") from error
    gateway, relay = (
        private_url(_text(fields, name), field=name) if name in fields else None
        for name in ("gateway_url", "relay_url")
    )
    if gateway is None and provider is Provider.SANDBOX:
        raise Mendable(
            "gateway_url: the provider sandbox has no address of its own. Give the one that it printed.",
            field="gateway_url",
        )
    return Profile(
        id=ProfileId(_text(fields, "id")),
        name=_text(fields, "name"),
        provider=provider,
        api_key=_text(fields, "api_key"),
        sender=own,
        gateway_url=gateway,
        relay_url=relay,
        stream=stream,
        colour=_text(fields, "colour", "plum"),
    )


def _text(fields: dict[str, object], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_TEXT or not value.isprintable():
        raise Mendable(f"{name}: it must be a text of 1 to {_LONGEST_TEXT} printable characters.", field=name)
    return value
