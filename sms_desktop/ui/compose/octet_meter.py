"""The meter of what is built from octets: a bar of parts, and the octets in words. Part of the sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sms_desktop.encoding.encode import Part
from sms_desktop.encoding.segments import USER_DATA_OCTETS
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.line import Line

if TYPE_CHECKING:
    from sms_desktop.services.prices import Price

_BAR, _HEIGHT, _GAP = 144.0, 10.0, 8.0
_CELLS_AT_MOST = 12


class OctetMeter(QWidget):
    """Bar and words for the parts of a message, or the sentence that says why there are none."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._parts: tuple[Part, ...] = ()
        self._refused: str | None = None
        self._price: Price | None = None
        self.setObjectName("octet_meter")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_parts(self, parts: tuple[Part, ...], *, refused: str | None = None) -> None:
        """Show these parts; `refused` says why there are none."""
        self._parts, self._refused = parts, refused
        self._restyle()

    def show_price(self, price: Price | None) -> None:
        """Show what the parts cost, None where that is not known."""
        if price != self._price:
            self._price = price
            self._restyle()

    def price_words(self) -> str:
        """What the parts cost, "" where that is not known."""
        if self._price is None or not self._parts or self._refused is not None:
            return ""
        return self.tr("about %1").replace("%1", self._price.of(len(self._parts)).words)

    def words(self) -> tuple[str, str]:
        """How many parts, and of how many octets."""
        if self._refused is not None:
            return "", self._refused
        if not self._parts:
            return "", self.tr("Nothing is written yet")
        header = len(self._parts[0].udh)
        body = sum(part.octets for part in self._parts)
        number = self.tr("%n part(s)", "", len(self._parts))
        if len(self._parts) == 1:
            words = self.tr("%1 header + %2 body = %3 of %4 octets").replace("%3", str(header + body))
            words = words.replace("%4", str(USER_DATA_OCTETS))
        else:
            words = self.tr("%2 octets, %3 in each part").replace("%3", str(USER_DATA_OCTETS - header))
        return number, words.replace("%1", str(header)).replace("%2", f"{body:,}")

    @Slot()
    def _restyle(self) -> None:
        self.setAccessibleName(", ".join(word for word in (*self.words(), self.price_words()) if word))
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """A control's height."""
        height = QFontMetricsF(self._appearance.fonts.body).lineSpacing() + 10
        return QSize(320, max(24, round(height)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bar and words."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = Line(painter, self, start=0)
        number, words = self.words()
        if self._refused is not None:
            line.icon(self._appearance.icons, "warning", theme.warn, gap=6)
            line.text(words, fonts.body, theme.warn)
            return
        self._paint_bar(painter, line.take(_BAR, gap=_GAP), round((self.height() - _HEIGHT) / 2))
        if number:
            line.text(number, fonts.strong, theme.text, gap=_GAP)
        line.text(words, fonts.body, theme.text2, gap=2 * _GAP)
        line.text(self.price_words(), fonts.body, theme.text)

    def _paint_bar(self, painter: QPainter, x: float, y: float) -> None:
        theme = self._appearance.theme
        cells = max(1, min(len(self._parts), _CELLS_AT_MOST))
        gap = 3.0
        width = (_BAR - gap * (cells - 1)) / cells
        for number in range(cells):
            part = self._parts[number] if number < len(self._parts) else None
            share = 0.0 if part is None else min(1.0, (len(part.udh) + part.octets) / USER_DATA_OCTETS)
            cell = QRectF(x + number * (width + gap), y, width, _HEIGHT)
            ink = theme.tints[number % len(theme.tints)].ink if theme.tinted else theme.text
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(cell, theme.sunken)
            painter.fillRect(QRectF(cell.x(), cell.y(), cell.width() * share, cell.height()), ink)
            painter.setPen(QPen(theme.line2, 1))
            painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))
