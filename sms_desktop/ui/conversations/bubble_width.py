"""How wide a bubble may be. Asked by bubble_layout, and by the timeline when it is resized."""

from __future__ import annotations

_WIDEST = 540
_SHARE = 0.68


def widest(available: float) -> float:
    """The greatest width of a bubble where `available` pixels lie between the margins."""
    return min(_WIDEST, available * _SHARE)
