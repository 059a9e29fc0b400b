"""The colour of a live account: one of those that can't be taken for a state or for the Sandbox.

Used by the form.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.fields import Field, control_height
from sms_desktop.ui.style import FOCUS_WIDTH, frame
from sms_desktop.ui.theme import PROFILE_COLOURS


class _Swatch(QAbstractButton):
    """One colour, ticked when it is chosen."""

    def __init__(self, colour: str, words: str, *, appearance: Appearance) -> None:
        super().__init__()
        self.colour = colour
        self._appearance = appearance
        self.setObjectName(f"colour_{colour}")
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.update)

    # Qt overrides

    def sizeHint(self) -> QSize:
        """A square as high as a field."""
        side = control_height(self)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the colour as it will look, the tick, the ring of the chosen one, and the focus."""
        theme = self._appearance.theme
        colours = theme.profile(sandbox=False, colour=self.colour)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        painter.setPen(QPen(colours.outline, 1))
        painter.setBrush(colours.fill)
        painter.drawRoundedRect(rect.adjusted(3.5, 3.5, -3.5, -3.5), 4, 4)
        if self.isChecked():
            painter.setPen(
                QPen(
                    colours.text, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
                )
            )
            x, y, u = rect.center().x(), rect.center().y(), rect.width() / 28
            painter.drawPolyline(
                [QPointF(x - 5 * u, y), QPointF(x - 1.5 * u, y + 3.5 * u), QPointF(x + 5 * u, y - 4 * u)]
            )
            frame(painter, rect, theme.text, width=1.5, radius=6)
        if self.hasFocus():
            frame(painter, rect, theme.accent, width=FOCUS_WIDTH, radius=6)


class ColourField(Field):
    """A row of colours; the arrow keys go from one to the next."""

    def __init__(
        self, name: str, label: str, *, appearance: Appearance, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, label, appearance=appearance, hint=hint, parent=parent)
        words = {
            "plum": self.tr("plum"),
            "indigo": self.tr("indigo"),
            "violet": self.tr("violet"),
            "steel": self.tr("steel"),
            "cocoa": self.tr("cocoa"),
            "graphite": self.tr("graphite"),
        }
        self._group = QButtonGroup(self)
        self._swatches: dict[str, _Swatch] = {}
        self.row.setSpacing(2)
        for colour in PROFILE_COLOURS:
            swatch = _Swatch(colour, f"{label}: {words[colour]}", appearance=appearance)
            self._swatches[colour] = swatch
            self._group.addButton(swatch)
            self.row.addWidget(swatch)
            swatch.clicked.connect(lambda: self.changed.emit())
        self._chosen = QLabel()
        self._chosen.setObjectName("colour_name")
        self.row.addSpacing(6)
        self.row.addWidget(self._chosen)
        self.row.addStretch(1)
        self.label.setBuddy(self._swatches["plum"])
        self._words = words
        self._group.buttonToggled.connect(self._name)
        self._swatches["plum"].setChecked(True)
        self.setFocusProxy(self._swatches["plum"])
        self.show_words()

    @property
    def value(self) -> str:
        """The colour that is chosen."""
        return next((colour for colour, one in self._swatches.items() if one.isChecked()), "plum")

    def show_value(self, value: str) -> None:
        """Choose a colour."""
        self._swatches.get(value, self._swatches["plum"]).setChecked(True)

    def _name(self) -> None:
        """Say which colour is chosen: not everybody can tell them apart."""
        self._chosen.setText(self._words[self.value])

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        colours = list(self._swatches)
        wanted = self._swatches[colours[(colours.index(self.value) + step) % len(colours)]]
        wanted.setFocus()
        wanted.click()
