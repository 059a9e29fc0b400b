"""What of the 140 octets of one message is used: header elements and body as adjoining cells, and in words.

Part of the Binary sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.encoding.segments import USER_DATA_OCTETS
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import set_ink

BODY_TINT = 1
"""Which tint stands for body and payload, counted from 0."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of octets: how many, in which tint (from 0), and what it is called."""

    octets: int
    tint: int
    name: str


class BudgetBar(QWidget):
    """Bar and words; over the limit, a sentence that says by how much."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._header, self._body = 0, 0
        self.setObjectName("octet_meter")
        self._bar = _Bar(appearance=appearance)
        self._split = QLabel()
        self._total = QLabel()
        for label in (self._split, self._total):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._over = IconLabel(appearance=appearance, icon="error", tone="bad", caption=True)
        self._over.setObjectName("binary_over")
        self._over.setWordWrap(True)
        self._over.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._bar, 1)
        row.addWidget(self._split)
        row.addWidget(self._total)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(row)
        layout.addWidget(self._over)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_octets(self, header: tuple[Cell, ...], body: int) -> None:
        """Show a header by its cells, and so many octets of body."""
        self._header, self._body = sum(cell.octets for cell in header), body
        cells = (*header, Cell(body, BODY_TINT, self.tr("body"))) if body else header
        self._bar.show_cells(cells)
        self._show_words()

    def words(self) -> str:
        """The total in words."""
        total = self._header + self._body
        words = self.tr("%1 header + %2 body, %3 of %4 octets")
        for place, number in zip(
            ("%1", "%2", "%3", "%4"), (self._header, self._body, total, USER_DATA_OCTETS), strict=True
        ):
            words = words.replace(place, str(number))
        return words

    def _show_words(self) -> None:
        split, _, total = self.words().partition(", ")
        over = self._header + self._body - USER_DATA_OCTETS
        self._split.setText(split)
        self._total.setText(total)
        words = ""
        if over > 0:
            words = self.tr("Header and body make %1 octets; one message holds %2. Remove %3.")
            words = words.replace("%1", str(self._header + self._body))
            words = words.replace("%2", str(USER_DATA_OCTETS)).replace("%3", str(over))
        self._over.show_words(words)
        self._over.setVisible(bool(words))
        self.setAccessibleName(words or self.words())

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        set_ink(self._split, theme.text2)
        self._total.setFont(fonts.strong)
        self._show_words()


class _Bar(QWidget):
    """The cells, to scale; what is free is sunken, and what is over stands behind the mark of 140."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._cells: tuple[Cell, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    def show_cells(self, cells: tuple[Cell, ...]) -> None:
        """Show these cells."""
        self._cells = cells
        self.setToolTip("\n".join(f"{cell.name}: {cell.octets}" for cell in cells))
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """High enough for a caption inside a cell."""
        return QSize(200, max(14, self.fontMetrics().height() - 1))

    def minimumSizeHint(self) -> QSize:
        """Narrow where it must be."""
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells from where lines begin."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.line2, 1))
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(whole, 2, 2)
        used = sum(cell.octets for cell in self._cells)
        scale = whole.width() / max(used, USER_DATA_OCTETS)
        x = whole.x()
        for cell in self._cells:
            tint = theme.tints[cell.tint % len(theme.tints)]
            rect = QRectF(x, whole.y(), cell.octets * scale, whole.height())
            painter.setPen(QPen(tint.ink, 1))
            painter.setBrush(tint.ground)
            painter.drawRoundedRect(rect, 2, 2)
            # In grey, too, it is told from its neighbour: by the bar at its start and the line under it.
            painter.fillRect(QRectF(rect.x(), rect.y(), min(2.0, rect.width()), rect.height()), tint.ink)
            painter.fillRect(QRectF(rect.x(), rect.bottom() - 1.5, rect.width(), 2), tint.ink)
            x += rect.width()
        if used > USER_DATA_OCTETS:
            limit = whole.x() + USER_DATA_OCTETS * scale
            painter.fillRect(QRectF(limit - 1, 0, 2, self.height()), theme.bad)
