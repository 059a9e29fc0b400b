"""The documented status codes of the API's answers and of receipts, with meaning and advice.

Read by services, ui and cli.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StatusGroup(StrEnum):
    """What a status asks of the person."""

    ACCEPTED = "accepted"
    THROTTLED = "throttled"
    PLATFORM = "platform"
    MESSAGE = "message"
    CREDENTIALS = "credentials"
    MONEY = "money"
    DESTINATION = "destination"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ApiStatus:
    """One `status` of an answer: short name, what it means, and what to do, in plain words."""

    code: str
    name: str
    meaning: str
    advice: str
    group: StatusGroup


def _table(*rows: tuple[str, str, StatusGroup, str, str]) -> dict[str, ApiStatus]:
    return {
        code: ApiStatus(code, name, meaning, advice, group) for code, name, group, meaning, advice in rows
    }


_G = StatusGroup

# SMS API 1.5.0 `x-errors` and the older SMS API reference, "Error codes"; 18 stands in older client libraries
# only.
API_STATUSES = _table(
    ("0", "Success", _G.ACCEPTED, "the gateway accepted it for delivery", "Wait for the receipt."),
    ("1", "Throttled", _G.THROTTLED, "too many messages in a short time", "It goes out again by itself."),
    (
        "2",
        "Missing parameters",
        _G.MESSAGE,
        "a required field is missing",
        "Fill the field in and send again.",
    ),
    (
        "3",
        "Invalid parameters",
        _G.MESSAGE,
        "a field has a value that is not allowed",
        "Mend the field and send again.",
    ),
    (
        "4",
        "Invalid credentials",
        _G.CREDENTIALS,
        "the gateway does not know this key or secret",
        "Check key and secret.",
    ),
    (
        "5",
        "Internal error",
        _G.PLATFORM,
        "the gateway had a fault of its own",
        "Try again; ask its support if it stays.",
    ),
    (
        "6",
        "Invalid message",
        _G.MESSAGE,
        "the gateway could not process it",
        "Check the number and its country code.",
    ),
    (
        "7",
        "Number barred",
        _G.DESTINATION,
        "this number is blocked and takes no messages",
        "Do not send it again.",
    ),
    ("8", "Account barred", _G.CREDENTIALS, "this account is suspended", "Ask the gateway's support."),
    ("9", "Out of credit", _G.MONEY, "the account is out of credit", "Top up, then retry."),
    (
        "10",
        "Too many connections",
        _G.THROTTLED,
        "too many connections at once",
        "It goes out again by itself.",
    ),
    (
        "11",
        "Not enabled",
        _G.CREDENTIALS,
        "this account may not send over HTTP",
        "Ask the gateway's support.",
    ),
    (
        "12",
        "Message too long",
        _G.MESSAGE,
        "it is longer than a message may be",
        "Shorten it and send again.",
    ),
    ("13", "Communication failed", _G.PLATFORM, "the gateway could not pass it on", "Try again."),
    (
        "14",
        "Invalid signature",
        _G.CREDENTIALS,
        "the signature did not match",
        "Check the signature secret and the clock of this computer.",
    ),
    ("15", "Sender not allowed", _G.MESSAGE, "this sender is not allowed there", "Use one of your numbers."),
    ("16", "Invalid ttl", _G.MESSAGE, "the time to live is out of range", "Use 20 seconds to 7 days."),
    ("17", "Blocked by provider", _G.OTHER, "the provider blocked it", "Ask the gateway's support."),
    (
        "18",
        "Too many destinations",
        _G.MESSAGE,
        "more than one number was given",
        "Send to one number at a time.",
    ),
    (
        "19",
        "Facility not allowed",
        _G.OTHER,
        "it uses something this account may not",
        "Ask the gateway's support.",
    ),
    ("20", "Invalid message class", _G.MESSAGE, "the message class is out of range", "Use 0, 1, 2 or 3."),
    (
        "22",
        "Invalid network code",
        _G.MESSAGE,
        "the network code does not fit the number",
        "Leave the network out.",
    ),
    (
        "23",
        "Invalid callback",
        _G.MESSAGE,
        "the callback address is too long or not a web address",
        "Use https:// and at most 100 characters.",
    ),
    (
        "29",
        "Not on the list",
        _G.DESTINATION,
        "a trial account may only send to approved numbers",
        "Add the number to the list, or top up.",
    ),
    (
        "32",
        "Signature and secret",
        _G.CREDENTIALS,
        "a signature and a secret were sent together",
        "Use one of the two.",
    ),
    (
        "33",
        "Number no longer active",
        _G.DESTINATION,
        "this number is no longer in use",
        "Do not send it again.",
    ),
    (
        "34",
        "Missing or invalid number",
        _G.MESSAGE,
        "the number is missing or not valid",
        "Check the number.",
    ),
    ("101", "Invalid campaign", _G.OTHER, "the account's campaign is not valid", "Check the campaign."),
    (
        "102",
        "Opted out, or invalid short code",
        _G.DESTINATION,
        "the number left this campaign, or the campaign's short code is not valid",
        "Check the campaign.",
    ),
    (
        "103",
        "Invalid campaign number",
        _G.DESTINATION,
        "the number is not valid for this campaign",
        "Check the number.",
    ),
)


def api_status(code: str) -> ApiStatus:
    """The documented row of `code`; an unknown code gets a row that says so."""
    known = API_STATUSES.get(code)
    if known is not None:
        return known
    return ApiStatus(
        code, f"Status {code}", "the gateway gave a reason that is not documented", "", StatusGroup.OTHER
    )


@dataclass(frozen=True, slots=True)
class ReceiptError:
    """One `err-code` of a receipt: what happened at the carrier or phone, and what to do."""

    code: str
    meaning: str
    advice: str


# Delivery receipts guide, "DLR error codes", beside the older SMS API reference.
RECEIPT_ERRORS = {
    code: ReceiptError(code, meaning, advice)
    for code, meaning, advice in (
        ("0", "delivered", ""),
        ("1", "no reason was given", "Check the number."),
        ("2", "the phone is off or out of coverage", "This is temporary."),
        ("3", "this number is no longer in use", "Do not send to it again."),
        ("4", "the recipient barred the call", "Only the recipient can change that with the carrier."),
        ("5", "the number was moved between carriers and could not be found", "The carrier must mend that."),
        ("6", "the carrier's spam filter stopped it", "Another sender or wording may pass."),
        ("7", "the phone was busy", "Try again."),
        ("8", "the network had a fault", "Try again."),
        ("9", "the recipient has opted out", "Do not send to this number."),
        ("10", "the carrier could not read the message", "Check encoding and header."),
        ("11", "no carrier route leads there", "Ask the gateway's support."),
        ("12", "the number could not be reached", "Check the number."),
        ("13", "the recipient's age restriction stopped it", ""),
        ("14", "the carrier blocked this number", "Its plan lacks SMS or is suspended."),
        ("15", "the recipient's prepaid credit is used up", "Try again later."),
        ("50", "the entity id is wrong or missing", "Check entity-id."),
        ("51", "the sender is not registered for this", "Check the sender's registration."),
        ("52", "the content id is wrong or missing", "Check content-id."),
        ("53", "the recipient's consent is not on record", ""),
        ("54", "a regulation check failed", "Ask the gateway's support."),
        ("99", "the route had a fault", "Ask the gateway's support."),
    )
}


def receipt_error(code: str) -> ReceiptError:
    """The documented row of an `err-code`; an unknown one gets a row that says so."""
    return RECEIPT_ERRORS.get(code) or ReceiptError(
        code, "the carrier gave a reason that is not documented", ""
    )
