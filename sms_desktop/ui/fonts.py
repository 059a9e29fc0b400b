"""The sizes of text, relative to the application's font. Read by everything that paints or builds widgets."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF

_CAPTION_MINIMUM_POINTS = 8.0


class Fonts(NamedTuple):
    """The fonts of the window. `body` is the application's own; two weights only."""

    body: QFont
    strong: QFont
    caption: QFont
    caption_strong: QFont
    title: QFont
    head: QFont
    mono: QFont


def fonts_for(base: QFont) -> Fonts:
    """The fonts that follow from the application's font `base`."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    return Fonts(
        body=QFont(base),
        strong=_scaled(base, 1.0, bold=True),
        caption=_scaled(base, 0.88),
        caption_strong=_scaled(base, 0.88, bold=True),
        title=_scaled(base, 1.15, bold=True),
        head=_scaled(base, 1.35, bold=True),
        mono=_scaled(base, 0.92, family=fixed.family()),
    )


def head_height(fonts: Fonts) -> int:
    """The height of the strip over list and messages, the same on both sides."""
    return max(42, round(QFontMetricsF(fonts.title).lineSpacing() + 22))


def _scaled(base: QFont, factor: float, *, bold: bool = False, family: str | None = None) -> QFont:
    font = QFont(base)
    if family is not None:
        font.setFamily(family)
    points = base.pointSizeF() if base.pointSizeF() > 0 else QFontInfo(base).pointSizeF()
    wanted = points * factor
    if factor < 1.0:
        wanted = max(wanted, min(_CAPTION_MINIMUM_POINTS, points))
    font.setPointSizeF(wanted)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font
