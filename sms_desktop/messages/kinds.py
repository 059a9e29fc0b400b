"""What a message is: a closed union of kinds. Matched over by encoding, gateway, store and the panes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of message, by the API's `type` values."""

    TEXT = "text"
    UNICODE = "unicode"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the GSM 7 bit default alphabet (TS 23.038 6.2.1); what lies outside it arrives as `?`."""

    text: str

    @property
    def kind(self) -> Kind:
        """Text."""
        return Kind.TEXT


@dataclass(frozen=True, slots=True)
class Unicode:
    """A text sent whole in UCS-2, read by phones as UTF-16 (TS 23.038 6.2.3)."""

    text: str

    @property
    def kind(self) -> Kind:
        """Unicode."""
        return Kind.UNICODE


Content = Text | Unicode
"""What is meant: one of the kinds."""
