"""What a person has typed and not sent: a kind, and its fields by the API's names, each as typed.

Kept by store, read by services, shown by ui. A template that is a whole request is kept in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sms_desktop.messages.kinds import Kind

MAIN_FIELD: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "text",
        Kind.UNICODE: "text",
        Kind.BINARY: "body",
        Kind.WAPPUSH: "title",
        Kind.VCARD: "vcard",
        Kind.VCAL: "vcal",
    }
)
"""The field of each kind that a draft is known by: it is listed, searched and kept in its history."""

OTHER_FIELDS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.TEXT: (),
        Kind.UNICODE: (),
        Kind.BINARY: ("udh", "protocol-id"),
        Kind.WAPPUSH: ("url", "validity", "created", "expires", "action", "id", "as"),
        Kind.VCARD: ("as", "typed"),
        Kind.VCAL: ("as", "typed"),
    }
)
"""The other fields of each kind. `as` is its route: `api` or `binary`; `typed` holds, as a JSON object by
field, what stands in the form of a card and can't be written into it yet."""

OPTION_FIELDS = (
    "from",
    "ttl",
    "callback",
    "message-class",
    "client-ref",
    "status-report-req",
    "account-ref",
    "entity-id",
    "content-id",
    "trusted-number",
    "pool-id",
)
"""What every kind may have: the sender where it is not the profile's usual one, and the options."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it was typed: nothing is checked, nothing is lost.

    `text` is the main field (MAIN_FIELD), `fields` holds the others and the options by the API's names; what
    is empty is not in it.
    """

    kind: Kind
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything of the message is typed; options alone are none."""
        return bool(self.text) or any(name in self.fields for name in OTHER_FIELDS[self.kind] if name != "as")


def pane_of(kind: Kind) -> Kind:
    """The kind that stands for the pane in which `kind` is written: Text and Unicode share one."""
    return Kind.TEXT if kind is Kind.UNICODE else kind
