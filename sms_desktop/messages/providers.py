"""The providers' ids. Gateway gives each its addresses and rules; settings keeps one in every profile."""

from __future__ import annotations

from enum import StrEnum


class Provider(StrEnum):
    """Whose gateway an account belongs to."""

    SANDBOX = "sandbox"
    VONAGE = "vonage"
    KPN = "kpn"
