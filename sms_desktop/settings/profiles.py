"""Profiles: which account, which gateway, which relay. Read by services, background, ui and cli."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sms_desktop.messages.addresses import sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.transport import private_url

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_MAXIMUM_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class Profile:
    """One account on one gateway, and the relay that receives its webhooks. Holds no secret.

    `gateway_url` is None for the provider's own address. `relay_url` is None without a relay; for the built-in
    sandbox both are None, since this program starts its servers. `stream` is the relay's stream. `colour` is the
    name of one of the window's profile colours.
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

    The file is a JSON list of objects with the fields of Profile. Raises Mendable naming the profile and the field.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAXIMUM_FILE + 1)
    except FileNotFoundError:
        return (SANDBOX,)
    except OSError as error:
        raise Mendable(f"The profiles in {file} can't be read: {error.strerror}.") from error
    try:
        listed = json.loads(data) if len(data) <= _MAXIMUM_FILE else None
    except ValueError as error:
        raise Mendable(f"The profiles in {file} are not JSON: {error}.") from error
    if not isinstance(listed, list):
        raise Mendable(f"The profiles in {file} must be a JSON list of objects.")
    profiles = [SANDBOX]
    for number, fields in enumerate(listed, start=1):
        profile = _profile(fields, f"Profile {number} in {file.name}")
        if profile.id in (known.id for known in profiles):
            raise Mendable(
                f"Profile {number} in {file.name}: the id {profile.id!r} is used twice.", field="id"
            )
        profiles.append(profile)
    return tuple(profiles)


def find(profiles: tuple[Profile, ...], name: str) -> Profile:
    """The profile with the id `name`. Raises Mendable that lists those there are."""
    for profile in profiles:
        if profile.id == name:
            return profile
    known = ", ".join(profile.id for profile in profiles)
    raise Mendable(f"profile: there is none called {name!r}. There are: {known}.", field="profile")


def _profile(fields: object, where: str) -> Profile:
    if not isinstance(fields, dict):
        raise Mendable(f"{where} must be an object with id, name, provider, api_key and sender.")

    def text(key: str, default: str | None = None) -> str:
        value = fields.get(key, default)
        if not isinstance(value, str) or not value or len(value) > 200:
            raise Mendable(f"{where}: {key} must be a text of 1 to 200 characters.", field=key)
        return value

    unknown = fields.keys() - Profile.__slots__
    if unknown:
        raise Mendable(f"{where}: {min(unknown)!r} is not a field of a profile.", field=str(min(unknown)))
    if _ID.fullmatch(text("id")) is None:
        raise Mendable(
            f"{where}: id has 1 to 32 of a-z, 0-9, - and _, beginning with a letter or digit.", field="id"
        )
    try:
        provider = Provider(text("provider"))
    except ValueError as error:
        raise Mendable(f"{where}: provider is one of {', '.join(Provider)}.", field="provider") from error
    gateway = private_url(text("gateway_url"), field="gateway_url") if "gateway_url" in fields else None
    if gateway is None and provider is Provider.SANDBOX:
        raise Mendable(f"{where}: gateway_url is required for the provider sandbox.", field="gateway_url")
    return Profile(
        id=ProfileId(text("id")),
        name=text("name"),
        provider=provider,
        api_key=text("api_key"),
        sender=sender(text("sender")).value,
        gateway_url=gateway,
        relay_url=private_url(text("relay_url"), field="relay_url") if "relay_url" in fields else None,
        stream=text("stream", "main"),
        colour=text("colour", "plum"),
    )
