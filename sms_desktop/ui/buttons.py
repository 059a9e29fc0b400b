"""Push buttons as the window draws them: raised, plain, primary and chip. Used by every pane."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.line import ICON, Line
from sms_desktop.ui.style import CONTROL_RADIUS, FOCUS_WIDTH, frame

_GAP = 6
_HINT_GAP = 10


class ButtonLook(Enum):
    """How much a button stands out."""

    RAISED = auto()
    PLAIN = auto()
    PRIMARY = auto()
    CHIP = auto()


class Button(QPushButton):
    """A painted push button: icon, label, and the keys that do the same.

    `label` may hold any character: no mnemonic is taken from it. `height_extra` is added to the font's line
    spacing (10 for a control, 6 inside a row).
    A button that `folds` is its icon alone where the room is short.
    """

    def __init__(
        self,
        label: str,
        *,
        appearance: Appearance,
        icon: str | None = None,
        keys: str = "",
        look: ButtonLook = ButtonLook.RAISED,
        height_extra: int = 10,
        folds: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._folds = folds
        self._icon_name = icon
        self._keys = keys
        self._look = look
        self._height_extra = height_extra
        self._label = ""
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(
            QSizePolicy.Policy.Maximum if folds else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed
        )
        self.set_label(label)
        appearance.changed.connect(self._restyle)

    @property
    def label(self) -> str:
        """What the button says."""
        return self._label

    def set_label(self, label: str) -> None:
        """Change what the button says, and its accessible name."""
        if label == self._label:
            return
        self._label = label
        self.setText(label.replace("&", "&&"))
        if self._folds:
            self.setToolTip(label)
        self.setAccessibleName(label)
        self.updateGeometry()
        self.update()

    def set_icon_name(self, icon: str | None) -> None:
        """Change the icon."""
        if icon != self._icon_name:
            self._icon_name = icon
            self.updateGeometry()
            self.update()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """The room that icon, label and keys need."""
        fonts = self._appearance.fonts
        label = QFontMetricsF(fonts.strong if self._look is ButtonLook.PRIMARY else fonts.body)
        width = 2.0 * self._padding()
        if self._icon_name:
            width += ICON + (_GAP if self._label else 0)
        if self._label:
            width += label.horizontalAdvance(self._label)
        if self._keys:
            width += _HINT_GAP + QFontMetricsF(fonts.caption).horizontalAdvance(self._keys)
        height = max(label.lineSpacing() + self._height_extra, 24)
        return QSize(max(int(width + 1), 24), round(height))

    def minimumSizeHint(self) -> QSize:
        """The same: a label is never cut; of a button that folds, the icon."""
        full = self.sizeHint()
        return QSize(2 * self._padding() + ICON, full.height()) if self._folds else full

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, edge, icon, label, keys and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, QRectF(self.rect()))
        self._paint_content(painter)
        if self.hasFocus():
            frame(painter, QRectF(self.rect()), self._appearance.theme.accent, width=FOCUS_WIDTH)

    def _padding(self) -> int:
        return 8 if self._look in (ButtonLook.PLAIN, ButtonLook.CHIP) else 10

    def _ink(self) -> QColor:
        theme = self._appearance.theme
        if not self.isEnabled():
            return theme.text3
        if self._look is ButtonLook.PRIMARY:
            return theme.on_accent
        if self._look is ButtonLook.CHIP and self.isChecked():
            return theme.accent if theme.tinted else theme.selected_text
        return theme.text

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        theme = self._appearance.theme
        pressed = self.isDown()
        ground: QColor | None
        edge: QColor | None
        match self._look:
            case ButtonLook.PRIMARY | ButtonLook.RAISED if not self.isEnabled():
                ground, edge = theme.sunken, theme.line
            case ButtonLook.PRIMARY:
                ground, edge = theme.accent, theme.accent
            case ButtonLook.RAISED:
                ground, edge = (theme.hover if self.underMouse() or pressed else theme.raised), theme.line2
            case ButtonLook.CHIP if self.isChecked():
                ground, edge = theme.selected, None
            case _:
                ground, edge = (theme.hover if self.underMouse() or pressed else None), None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, CONTROL_RADIUS, CONTROL_RADIUS)
        if edge is not None:
            frame(painter, rect, edge, width=theme.edge)

    def _paint_content(self, painter: QPainter) -> None:
        fonts, ink = self._appearance.fonts, self._ink()
        line = Line(painter, self, start=self._padding())
        if self._icon_name:
            line.icon(self._appearance.icons, self._icon_name, ink, gap=_GAP)
        if self._folds and self.width() < self.sizeHint().width():
            return
        font = fonts.strong if self._look is ButtonLook.PRIMARY else fonts.body
        line.text(self._label, font, ink, gap=_HINT_GAP)
        if self._keys:
            plain = self._look is not ButtonLook.PRIMARY and self.isEnabled()
            keys = self._appearance.theme.text2 if plain else ink
            line.text(self._keys, fonts.caption, keys)
