"""An account as it is typed into a form: each field checked by itself, then made a profile. Called by ui.

Pure: what is checked here is what `settings.profiles` would refuse to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sms_desktop.messages.addresses import sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.transport import is_loopback
from sms_desktop.messages.wire import JSON_TYPES, ReceiptsBy, RequestFormat, authentications, formats
from sms_desktop.settings import profiles
from sms_desktop.settings.profiles import Profile

Values = Mapping[str, str | bool]
"""Fields of a profile by name, all texts as typed: an empty one is one that was not given."""

TEXTS = (
    "name",
    "api_key",
    "client_id",
    "sender",
    "phone",
    "gateway_url",
    "relay_url",
    "stream",
    "proxy",
    "ca_file",
)
"""The fields that are typed."""

_GOOD: dict[str, object] = {
    "id": "account",
    "name": "Account",
    "api_key": "key",
    "client_id": "client",
    "sender": "Sender",
}
_NEEDED = "This is needed."


def blank(colour: str = "plum") -> dict[str, str | bool]:
    """A new account, nothing typed yet."""
    return {
        **dict.fromkeys(TEXTS, ""),
        "provider": Provider.VONAGE.value,
        "colour": colour,
        "authentication": authentications(Provider.VONAGE)[0].value,
        "algorithm": SignatureAlgorithm.MD5HASH.value,
        "format": RequestFormat.FORM.value,
        "json_type": JSON_TYPES[0],
        "receipts": ReceiptsBy.MESSAGE.value,
        "test_application": False,
        "inbound": False,
    }


def values_of(profile: Profile) -> dict[str, str | bool]:
    """A profile as the form shows it."""
    values: dict[str, str | bool] = {}
    for name in blank():
        value = getattr(profile, name)
        values[name] = value if isinstance(value, bool) else ("" if value is None else str(value))
    if values["stream"] == "main":
        values["stream"] = ""
    return values


def profile_from(values: Values, profile_id: ProfileId) -> Profile:
    """The profile that was typed. Raises Mendable naming the field."""
    return profiles.made({**_given(values), "id": profile_id})


def problems(values: Values) -> dict[str, str]:
    """What is wrong, by field, each in a sentence that stands beside the field."""
    provider = Provider(str(values["provider"]))
    found: dict[str, str] = {}
    for name in needed(provider, test_application=bool(values["test_application"])):
        if not str(values[name]).strip():
            found[name] = _NEEDED
    base = {**_GOOD, "provider": provider.value}
    if provider is Provider.SANDBOX:
        base["gateway_url"] = "https://gateway.example"
    for name, value in _given(values).items():
        if name not in found:
            try:
                profiles.made({**base, name: value})
            except Mendable as error:
                if error.field == name:
                    found[name] = beside_field(error)
    return found


def warnings(values: Values) -> dict[str, str]:
    """What is probably not meant, by field; it stops nothing."""
    found: dict[str, str] = {}
    typed = str(values["sender"]).strip()
    if typed:
        try:
            checked = sender(typed)
        except Mendable:
            pass  # a problem, said by `problems`
        else:
            if checked.spaces_dropped:
                found["sender"] = f"It goes as {checked.value}, without spaces."
    if not values["gateway_url"] and values["provider"] != Provider.SANDBOX and _is_here(values["relay_url"]):
        found["relay_url"] = "This is an address of this computer, which the gateway can't reach."
    return found


def needed(provider: Provider, *, test_application: bool = False) -> tuple[str, ...]:
    """The fields that a provider's accounts can't do without."""
    match provider:
        case Provider.KPN:
            return ("name", "client_id", "sender", *(("phone",) if test_application else ()))
        case Provider.SANDBOX:
            return ("name", "api_key", "sender", "gateway_url")
        case Provider.VONAGE:
            return ("name", "api_key", "sender")


def beside_field(error: Mendable) -> str:
    """What is wrong, without the name of the field before it."""
    words = error.message
    if error.field and words.startswith(f"{error.field}: "):
        words = words[len(error.field) + 2 :]
    return words[:1].upper() + words[1:]


def free_name(name: str, taken: Iterable[str]) -> bool:
    """True if no other account is called so: two of one name could be confused."""
    return name.strip().casefold() not in {other.strip().casefold() for other in taken}


def _given(values: Values) -> dict[str, object]:
    """The fields as a profile's file has them, without those that are not given or do not apply."""
    provider = Provider(str(values["provider"]))
    given: dict[str, object] = {}
    for name, value in values.items():
        typed = value.strip() if isinstance(value, str) else value
        if typed not in ("", False):
            given[name] = typed
    if provider is Provider.KPN:
        given.pop("api_key", None)
    else:
        for name in ("client_id", "phone", "test_application", "inbound"):
            given.pop(name, None)
    if given.get("authentication") not in authentications(provider):
        given["authentication"] = authentications(provider)[0].value
    if given.get("format") not in formats(provider):
        given["format"] = formats(provider)[0].value
    return given


def _is_here(url: str | bool) -> bool:
    try:
        return is_loopback(urlsplit(str(url).strip()).hostname or "")
    except ValueError:
        return False
