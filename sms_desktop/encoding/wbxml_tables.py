"""The tokens of the WBXML documents of WAP Push, and the names of others. Called by wbxml and wap_push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SWITCH_PAGE, END, ENTITY, STR_I, LITERAL, PI, STR_T, OPAQUE = 0x00, 0x01, 0x02, 0x03, 0x04, 0x43, 0x83, 0xC3
"""Global tokens (WAP-192 7.1)."""

HAS_ATTRIBUTES, HAS_CONTENT = 0x80, 0x40
"""Bits of a tag token (WAP-192 5.8.2)."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A document type's code space; both of ours have code page 0 only.

    `tags` maps the low six bits of a tag token to a name. `attributes` maps an attribute start token to the
    attribute's name and the beginning of its value, `values` an attribute value token to text. `dates` are
    the attributes whose value is a packed date.
    """

    title: str
    public_identifier: int
    formal_identifier: str
    tags: Mapping[int, str]
    attributes: Mapping[int, tuple[str, str]]
    values: Mapping[int, str]
    dates: frozenset[str] = frozenset()
    tag_tokens: Mapping[str, int] = field(init=False)
    """The reverse of `tags`."""
    start_tokens: Mapping[str, tuple[tuple[str, int], ...]] = field(init=False)
    """By attribute: (beginning of the value, token), the longest beginning first."""

    def __post_init__(self) -> None:
        starts: dict[str, list[tuple[str, int]]] = {}
        for token, (name, beginning) in self.attributes.items():
            starts.setdefault(name, []).append((beginning, token))
        ordered = {name: tuple(sorted(found, key=lambda one: -len(one[0]))) for name, found in starts.items()}
        object.__setattr__(self, "tag_tokens", {name: token for token, name in self.tags.items()})
        object.__setattr__(self, "start_tokens", ordered)


_DOMAINS = {0x85: ".com/", 0x86: ".edu/", 0x87: ".net/", 0x88: ".org/"}

SERVICE_INDICATION = Vocabulary(
    title="Service Indication 1.0",
    public_identifier=0x05,
    formal_identifier="-//WAPFORUM//DTD SI 1.0//EN",
    tags={0x05: "si", 0x06: "indication", 0x07: "info", 0x08: "item"},
    attributes={
        0x05: ("action", "signal-none"),
        0x06: ("action", "signal-low"),
        0x07: ("action", "signal-medium"),
        0x08: ("action", "signal-high"),
        0x09: ("action", "delete"),
        0x0A: ("created", ""),
        0x0B: ("href", ""),
        0x0C: ("href", "http://"),
        0x0D: ("href", "http://www."),
        0x0E: ("href", "https://"),
        0x0F: ("href", "https://www."),
        0x10: ("si-expires", ""),
        0x11: ("si-id", ""),
        0x12: ("class", ""),
    },
    values=_DOMAINS,
    dates=frozenset({"created", "si-expires"}),
)
"""WAP-167 8.3 and 9.3."""

SERVICE_LOADING = Vocabulary(
    title="Service Loading 1.0",
    public_identifier=0x06,
    formal_identifier="-//WAPFORUM//DTD SL 1.0//EN",
    tags={0x05: "sl"},
    attributes={
        0x05: ("action", "execute-low"),
        0x06: ("action", "execute-high"),
        0x07: ("action", "cache"),
        0x08: ("href", ""),
        0x09: ("href", "http://"),
        0x0A: ("href", "http://www."),
        0x0B: ("href", "https://"),
        0x0C: ("href", "https://www."),
    },
    values=_DOMAINS,
)
"""WAP-168 9.3."""

VOCABULARIES = (SERVICE_INDICATION, SERVICE_LOADING)

PUBLIC_IDENTIFIERS = {
    0x01: "unknown document type",
    0x02: "WML 1.0",
    0x03: "WTA 1.0",
    0x04: "WML 1.1",
    0x05: SERVICE_INDICATION.title,
    0x06: SERVICE_LOADING.title,
    0x07: "Cache Operation 1.0",
    0x08: "Channel 1.1",
    0x09: "WML 1.2",
    0x0A: "WML 1.3",
    0x0B: "Provisioning 1.0",
    0x0C: "WTA-WML 1.2",
    0x0D: "E-Mail Notification 1.0",
    0x0E: "DRM Rights 1.0",
    0x0F: "Wireless Village CSP 1.0",
    0x10: "Wireless Village CSP 1.1",
    0x11: "IMPS CSP 1.2",
    0x12: "IMPS CSP 1.3",
    0x13: "DRM 2.1",
}
"""The numbers of document types (OMNA WBXML public document identifiers)."""
