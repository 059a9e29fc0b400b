"""Profiles: which account, which gateway, which relay. Read by services, background, ui and cli."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import MISSING, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.wire import (
    JSON_TYPES,
    Authentication,
    ReceiptsBy,
    RequestFormat,
    authentications,
    formats,
)
from sms_desktop.settings.paths import write_private

_Word = TypeVar("_Word", bound=StrEnum)

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

    `authentication` is how requests prove whose they are, `algorithm` how they are signed where they are, and
    `format` with `json_type` how they are written. `receipts` says how the gateway learns where receipts go.
    `proxy` and `ca_file` (certificate authorities in PEM that replace the usual ones) hold for gateway and
    relay; the environment is not asked.

    KPN's accounts have a `client_id` and no key. A `test_application` has no numbers: `phone` is the one that
    it sends from and hears replies of. `inbound` sends the header that routes replies to the webhook.
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
    authentication: Authentication = Authentication.BODY
    algorithm: SignatureAlgorithm = SignatureAlgorithm.MD5HASH
    format: RequestFormat = RequestFormat.FORM
    json_type: str = JSON_TYPES[0]
    receipts: ReceiptsBy = ReceiptsBy.MESSAGE
    client_id: str | None = None
    test_application: bool = False
    phone: str | None = None
    inbound: bool = False
    proxy: str | None = None
    ca_file: str | None = None

    @property
    def hears_receipts(self) -> bool:
        """True if something of ours, or the account's own address, would receive a message's receipt."""
        has_relay = self.is_sandbox or self.relay_url is not None
        return self.receipts is ReceiptsBy.ACCOUNT or (has_relay and self.receipts is ReceiptsBy.MESSAGE)

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
            profile = made(fields)
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


def save(file: Path, profiles: Iterable[Profile]) -> None:
    """Write `profiles`, all but the sandbox, readable by this user only; whole or not at all.

    What would not be read back is not written. Raises Mendable.
    """
    import json

    listed = [fields_of(profile) for profile in profiles if not profile.is_sandbox]
    for fields in listed:
        made(fields)
    try:
        write_private(file, f"{json.dumps(listed, indent=2, ensure_ascii=False)}\n".encode())
    except OSError as error:
        raise Mendable(f"The profiles in {file} can't be written: {error.strerror}.") from error


def made(fields: object) -> Profile:
    """A profile from its fields, as they stand in the file. Raises Mendable naming the field."""
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
    provider = _word(fields, "provider", Provider)
    from sms_desktop.messages.transport import private_url  # the sandbox has no addresses to check

    gateway, relay = (
        private_url(_text(fields, name), field=name) if name in fields else None
        for name in ("gateway_url", "relay_url")
    )
    if gateway is None and provider is Provider.SANDBOX:
        raise Mendable(
            "gateway_url: the provider sandbox has no address of its own. Give the one that it printed.",
            field="gateway_url",
        )
    by_key = provider is not Provider.KPN
    return Profile(
        id=ProfileId(_text(fields, "id")),
        name=_text(fields, "name"),
        provider=provider,
        api_key=_text(fields, "api_key") if by_key else _optional(fields, "api_key") or "",
        sender=_sender(fields),
        gateway_url=gateway,
        relay_url=relay,
        stream=stream,
        colour=_text(fields, "colour", "plum"),
        authentication=_authentication(fields, provider),
        algorithm=_word(fields, "algorithm", SignatureAlgorithm, SignatureAlgorithm.MD5HASH),
        format=_format(fields, provider),
        json_type=_json_type(fields),
        receipts=_word(fields, "receipts", ReceiptsBy, ReceiptsBy.MESSAGE),
        client_id=_optional(fields, "client_id") if by_key else _text(fields, "client_id"),
        test_application=_switch(fields, "test_application"),
        phone=_phone(fields),
        inbound=_switch(fields, "inbound"),
        proxy=_proxy(fields),
        ca_file=_optional(fields, "ca_file"),
    )


def fields_of(profile: Profile) -> dict[str, object]:
    """The fields that are not what they would be anyway: what `made` makes this profile of."""
    plain = {name: getattr(profile, name) for name in Profile.__slots__}
    usual: dict[str, object] = {
        field.name: field.default for field in dataclasses.fields(Profile) if field.default is not MISSING
    }
    usual["authentication"] = authentications(profile.provider)[0]
    return {
        name: value
        for name, value in plain.items()
        if not (name in usual and value == usual[name]) and not (name == "api_key" and value == "")
    }


def _sender(fields: dict[str, object]) -> str:
    typed = _text(fields, "sender")
    try:
        return sender(typed).value
    except Mendable as error:
        raise Mendable(f"sender: {error.message.removeprefix('From: ')}", field="sender") from error


def _phone(fields: dict[str, object]) -> str | None:
    typed = _optional(fields, "phone")
    if typed is None:
        return None
    try:
        return recipient(typed)
    except Mendable as error:
        raise Mendable(f"phone: {error.message.removeprefix('To: ')}", field="phone") from error


def _authentication(fields: dict[str, object], provider: Provider) -> Authentication:
    taken = authentications(provider)
    chosen = _word(fields, "authentication", Authentication, taken[0])
    if chosen not in taken:
        raise Mendable(
            f"authentication: the provider {provider} takes {' or '.join(taken)}, not {chosen}.",
            field="authentication",
        )
    return chosen


def _format(fields: dict[str, object], provider: Provider) -> RequestFormat:
    taken = formats(provider)
    chosen = _word(fields, "format", RequestFormat, taken[0])
    if chosen not in taken:
        raise Mendable(
            f"format: the provider {provider} takes {' or '.join(taken)}, not {chosen}.", field="format"
        )
    return chosen


def _json_type(fields: dict[str, object]) -> str:
    chosen = _text(fields, "json_type", JSON_TYPES[0])
    if chosen not in JSON_TYPES:
        raise Mendable(f"json_type: it is one of {', '.join(JSON_TYPES)}.", field="json_type")
    return chosen


def _proxy(fields: dict[str, object]) -> str | None:
    typed = _optional(fields, "proxy")
    if typed is None:
        return None
    try:
        parts = urlsplit(typed)
        fine = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and " " not in typed
    except ValueError:
        fine = False
    else:
        if parts.username is not None or parts.password is not None:
            raise Mendable("proxy: a user name or password can't stand in this address.", field="proxy")
    if not fine:
        raise Mendable("proxy: it is the address of an HTTP proxy, as in http://proxy:3128.", field="proxy")
    return typed


def _word(fields: dict[str, object], name: str, words: type[_Word], default: _Word | None = None) -> _Word:
    choice = f"It is one of {', '.join(words)}."
    if fields.get(name, default) is None:
        raise Mendable(f"{name}: it is missing. {choice}", field=name)
    text = _text(fields, name, default)
    try:
        return words(text)
    except ValueError:
        raise Mendable(f"{name}: {text} is none. {choice}", field=name) from None


def _switch(fields: dict[str, object], name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise Mendable(f"{name}: it is true or false.", field=name)
    return value


def _optional(fields: dict[str, object], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _text(fields: dict[str, object], name: str, default: str | None = None) -> str:
    value = fields.get(name, default)
    if value is None:
        raise Mendable(f"{name}: it is missing.", field=name)
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_TEXT or not value.isprintable():
        raise Mendable(f"{name}: it must be a text of 1 to {_LONGEST_TEXT} printable characters.", field=name)
    return value
