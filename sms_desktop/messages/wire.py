"""Words for how requests are proven and written. Kept in profiles, chosen by people, obeyed by gateway."""

from __future__ import annotations

from enum import StrEnum

from sms_desktop.messages.providers import Provider


class Authentication(StrEnum):
    """How a request proves whose it is."""

    BODY = "body"
    """Key and secret as parameters (SMS API reference (2016), "Authentication information")."""
    BASIC = "basic"
    """Key and secret in an Authorization header (SMS API 1.5.0, `basicAuth`)."""
    SIGNATURE = "signature"
    """A signature over the parameters, made with a secret of its own (SMS API 1.5.0, `sig`)."""
    BEARER = "bearer"
    """An access token (KPN portal)."""


def authentications(provider: Provider) -> tuple[Authentication, ...]:
    """What a provider's gateway takes, the usual one first."""
    if provider is Provider.KPN:
        return (Authentication.BEARER,)
    return (Authentication.BODY, Authentication.BASIC, Authentication.SIGNATURE)


class RequestFormat(StrEnum):
    """How a message's parameters travel, and what the answer is written in."""

    FORM = "form"
    """POST of a form, answered in JSON."""
    JSON = "json"
    """POST of a JSON object, answered in JSON."""
    XML = "xml"
    """POST of a form, answered in XML."""
    GET = "get"
    """GET with everything in the address, answered in JSON."""


def formats(provider: Provider) -> tuple[RequestFormat, ...]:
    """What a provider's gateway takes, the usual one first."""
    return (RequestFormat.FORM,) if provider is Provider.KPN else tuple(RequestFormat)


JSON_TYPES = (
    "application/json",
    "application/jsonrequest",
    "application/x-javascript",
    "text/json",
    "text/javascript",
    "text/x-javascript",
    "text/x-json",
)
"""The content types that stand for a JSON object (SMS API reference (2016), "Encoding")."""


class Route(StrEnum):
    """How a WAP Push, vCard or vCal goes out."""

    API = "api"
    """As the API's own type: the gateway builds the octets."""
    BINARY = "binary"
    """As octets that are built here, one binary request a part."""


class ReceiptsBy(StrEnum):
    """How the gateway learns where an account's receipts go."""

    MESSAGE = "message"
    """Every message names the relay's address in `callback`."""
    ACCOUNT = "account"
    """The account has the address; messages name none."""
    NONE = "none"
    """Nobody is told: receipts go elsewhere, or nowhere."""
