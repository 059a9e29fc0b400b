"""The kinds of message, without what they hold: all that a window needs to know before there is one."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of message, by the API's `type` values."""

    TEXT = "text"
    UNICODE = "unicode"
    BINARY = "binary"
    WAPPUSH = "wappush"
    VCARD = "vcard"
    VCAL = "vcal"
