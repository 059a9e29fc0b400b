"""The tabs over the editor: which kind of message is written. Part of the compose pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.style import FOCUS_WIDTH, frame

_ICON = 16
_GAP = 7
_SIDE = 4
_UNDERLINE = 2


def kind_word(kind: Kind) -> str:
    """A kind as it is called in the window."""
    match kind:
        case Kind.TEXT:
            return QCoreApplication.translate("Kinds", "Text")
        case Kind.UNICODE:
            return QCoreApplication.translate("Kinds", "Unicode")
        case Kind.BINARY:
            return QCoreApplication.translate("Kinds", "Binary")
        case Kind.WAPPUSH:
            return QCoreApplication.translate("Kinds", "WAP Push")
        case Kind.VCARD:
            return QCoreApplication.translate("Kinds", "vCard")
        case Kind.VCAL:
            return QCoreApplication.translate("Kinds", "vCal")
        case _:
            assert_never(kind)


class KindTab(QAbstractButton):
    """One tab: icon and word, underlined while it is chosen. Where the room is short, the icon alone."""

    def __init__(
        self, label: str, icon: str, keys: str, *, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon = icon
        self.setText(label)
        self.setAccessibleName(label)
        self.setToolTip(f"{label} ({keys})")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.updateGeometry)
        appearance.changed.connect(self._restyle)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Icon and the wider form of the word, so that choosing a tab moves nothing."""
        strong = QFontMetricsF(self._appearance.fonts.strong)
        width = 2 * _SIDE + _ICON + _GAP + strong.horizontalAdvance(self.text())
        return QSize(round(width) + 1, max(34, round(strong.lineSpacing() + 16)))

    def minimumSizeHint(self) -> QSize:
        """The icon; the chosen tab keeps its word."""
        full = self.sizeHint()
        return full if self.isChecked() else QSize(2 * _SIDE + _ICON, full.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon, word, underline and focus."""
        theme, fonts = self._appearance.theme, self._appearance.fonts
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ink = theme.text if chosen or self.underMouse() else theme.text2
        x = self.width() - _SIDE - _ICON if mirrored else _SIDE
        icon_ink = theme.accent if chosen and theme.tinted else ink
        self._appearance.icons.paint(painter, self._icon, icon_ink, x, (self.height() - _ICON) / 2)
        painter.setFont(fonts.strong if chosen else fonts.body)
        painter.setPen(ink)
        inner = QRectF(self.rect())
        inner = (
            inner.adjusted(_SIDE, 0, -_SIDE - _ICON - _GAP, 0)
            if mirrored
            else inner.adjusted(_SIDE + _ICON + _GAP, 0, 0, 0)
        )
        if self.width() >= self.sizeHint().width():
            where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
            painter.drawText(inner, where, self.text())
        if chosen:
            painter.fillRect(0, self.height() - _UNDERLINE, self.width(), _UNDERLINE, theme.accent)
        if self.hasFocus():
            frame(painter, QRectF(self.rect()).adjusted(0, 3, 0, -3), theme.accent, width=FOCUS_WIDTH)


class KindTabs(QWidget):
    """The row of tabs.

    Signals: `chosen(kind)`, when the person takes another kind.
    """

    chosen = Signal(object)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kind_tabs")
        self._kind = Kind.TEXT
        self._group = QButtonGroup(self)
        self._tabs = {
            kind: KindTab(kind_word(kind), f"kind-{kind.value}", f"Ctrl+{number}", appearance=appearance)
            for number, kind in enumerate(Kind, start=1)
        }
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        for kind, tab in self._tabs.items():
            tab.setObjectName(f"kind_{kind.value}")
            self._group.addButton(tab)
            layout.addWidget(tab)
            tab.clicked.connect(self._choosing(kind))
        layout.addStretch(1)
        self._tabs[self._kind].setChecked(True)

    @property
    def kind(self) -> Kind:
        """The kind that is chosen."""
        return self._kind

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is at a tab."""
        return any(tab.hasFocus() for tab in self._tabs.values())

    def show_kind(self, kind: Kind) -> None:
        """Choose a kind without telling."""
        self._kind = kind
        self._tabs[self._kind].setChecked(True)

    def _choosing(self, kind: Kind) -> Callable[[], None]:
        def choose() -> None:
            if kind is not self._kind:
                self.show_kind(kind)
                self.chosen.emit(kind)

        return choose

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go from tab to tab."""
        kinds = list(self._tabs)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        wanted = kinds[min(max(kinds.index(self._kind) + step, 0), len(kinds) - 1)]
        self._tabs[wanted].setFocus()
        self._tabs[wanted].click()
