"""A pasted curl command as a message to go on with, and the account that it belongs to. Called by ui and cli.

The secret of the command stays in the value that `understand` returns, which nobody writes anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from sms_desktop.gateway import curl
from sms_desktop.gateway.curl import CurlRequest
from sms_desktop.gateway.providers import call_url
from sms_desktop.messages import durations
from sms_desktop.messages.drafts import MAIN_FIELD, OPTION_FIELDS, OTHER_FIELDS, Draft
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.wire import Authentication
from sms_desktop.services.collection import holds_secret
from sms_desktop.settings.profiles import Profile

LONGEST = 400_000
"""Characters of a command that is looked at."""
_DURATIONS = frozenset({"ttl", "validity"})
_SWITCHES = frozenset({"status-report-req", "trusted-number"})
_ON_OFF = MappingProxyType({"1": "on", "true": "on", "yes": "on", "0": "off", "false": "off", "no": "off"})
_PROOFS = frozenset({"api_key", "timestamp"})


@dataclass(frozen=True, slots=True)
class Understood:
    """What a command means here.

    `to` is the recipient as it stands there, "" for none. `host` is where the command goes. `profile` is the
    account whose key (or else address) it has, None if none of them. `secret` is the API secret that the
    command holds, None where there is none; `for_profile` says that `profile` could send with it.
    """

    draft: Draft
    to: str
    host: str
    profile: Profile | None
    left_out: tuple[str, ...]
    secret: str | None = field(repr=False)
    for_profile: bool

    @property
    def secret_dropped(self) -> bool:
        """Whether the command holds a secret that nothing here can use."""
        return self.secret is not None and not self.for_profile


def understand(text: str, profiles: Iterable[Profile]) -> Understood:
    """Read a command. Raises Mendable, which repeats no value of it."""
    found = curl.read(text)
    left_out = list(found.left_out)
    parameters = {
        name.strip().replace("_", "-") if "_" in name and name not in _PROOFS else name: value
        for name, value in found.parameters.items()
    }
    kind = _kind(parameters, left_out)
    draft = _draft(kind, parameters, left_out)
    profile, by_key = _owner(found, tuple(profiles))
    usable = (
        by_key
        and profile is not None
        and profile.authentication in (Authentication.BODY, Authentication.BASIC)
        and not profile.is_sandbox
    )
    return Understood(
        draft,
        parameters.get("to", "").strip(),  # an unescaped + is a space in a form
        urlsplit(found.url).hostname or "",
        profile,
        tuple(left_out),
        found.api_secret,
        usable,
    )


def looks_like_curl(text: str) -> bool:
    """Whether something that was pasted is probably a curl command."""
    begin = text.lstrip()[:200].removeprefix("$ ").lstrip()
    return begin.startswith(("curl ", "curl\t", "curl.exe ", "curl\\\n"))


def _kind(parameters: Mapping[str, str], left_out: list[str]) -> Kind:
    typed = parameters.get("type", "").strip().lower()
    if typed in tuple(Kind):
        return Kind(typed)
    if typed:
        left_out.append("type: the API has no kind like this one. The fields tell which it is.")
    for kind in (Kind.BINARY, Kind.WAPPUSH, Kind.VCARD, Kind.VCAL):
        names = (MAIN_FIELD[kind], *(("udh",) if kind is Kind.BINARY else ()))
        if not parameters.get("text") and any(parameters.get(name) for name in names):
            return kind
    return Kind.TEXT


def _draft(kind: Kind, parameters: Mapping[str, str], left_out: list[str]) -> Draft:
    main = MAIN_FIELD[kind]
    taken = {name for name in (*OTHER_FIELDS[kind], *OPTION_FIELDS) if name != "as"}
    every = {name for each in Kind for name in (MAIN_FIELD[each], *OTHER_FIELDS[each])}
    fields = {}
    unusual = 0
    for name, value in parameters.items():
        if name in taken:
            if name == "callback" and holds_secret(value):
                left_out.append("callback: it holds a secret, so it was dropped.")
            else:
                fields[name] = _as_typed(name, value)
        elif name in (main, "to", "type") or name in _PROOFS:
            continue
        elif name in every:
            left_out.append(f"{name}: {kind} has no such field.")
        elif curl.printable(name) == name:
            left_out.append(f"{name}: the API has no such parameter.")
        else:
            unusual += 1
    if unusual:
        left_out.append(f"Parameters that the API does not have: {unusual}.")
    if kind in (Kind.WAPPUSH, Kind.VCARD, Kind.VCAL):
        fields["as"] = "api"  # that is what the command asks the gateway for
    return Draft(kind, parameters.get(main, ""), fields)


def _as_typed(name: str, value: str) -> str:
    """What a person would have typed for a value of the wire; what can't be read stays as it is."""
    plain = value.strip()
    if name == "from":
        return plain
    if name in _SWITCHES:
        return _ON_OFF.get(plain.lower(), value)
    if name in _DURATIONS and plain.isascii() and plain.isdecimal() and len(plain) <= 12 and int(plain):
        return durations.say(int(plain))
    return value


def _owner(found: CurlRequest, profiles: tuple[Profile, ...]) -> tuple[Profile | None, bool]:
    """The account that a command belongs to, and whether its key says so."""
    host = urlsplit(found.url).hostname
    there = [profile for profile in profiles if _host(profile) == host]
    if found.api_key:
        by_key = [profile for profile in profiles if profile.api_key == found.api_key]
        return next((one for one in by_key if one in there), next(iter(by_key), None)), True
    return (there[0], False) if len(there) == 1 else (None, False)


def _host(profile: Profile) -> str | None:
    try:
        return urlsplit(call_url(profile.provider, "json", profile.gateway_url)).hostname
    except SmsDesktopError:
        return None
