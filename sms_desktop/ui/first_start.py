"""The card of the first start: what the sandbox is, and three things to try.

Stands above the timeline until it is closed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.style import set_ink

_RADIUS = 6
_WIDEST_LINES = 36.7  # 650 pixels where a line is 18


class KeyCap(QLabel):
    """Keys to press, drawn as a cap."""

    def __init__(self, keys: str, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self._appearance = appearance
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(8, 2, 8, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap under the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        painter.setPen(Qt.PenStyle.NoPen if theme.tinted else QPen(theme.line2, 1))
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.end()
        super().paintEvent(event)


class FirstStartCard(QFrame):
    """Closable; says nothing that does not exist.

    Signals: `closed()`, the person closed it; `account_asked()`, they want a real account.
    """

    closed = Signal()
    account_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("first_start")
        self.setAccessibleName(self.tr("You are in the Sandbox"))
        self._title = QLabel(self.tr("You are in the Sandbox"))
        self._intro = QLabel(
            self.tr(
                "A small gateway and relay run inside this program. Sending, receipts and replies work "
                "right away; nothing leaves this computer and nothing costs money."
            )
        )
        self._intro.setWordWrap(True)
        self._close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN, height_extra=6)
        self._close.setObjectName("close_first_start")
        self._close.setAccessibleName(self.tr("Close this card"))
        self._close.setToolTip(self.tr("Close this card"))
        self._account = Button(self.tr("Add a real account"), appearance=appearance, icon="live")
        self._account.setObjectName("add_account")
        self._heads: list[QLabel] = []
        self._bodies: list[QLabel] = [self._intro]
        self._caps: list[KeyCap] = []
        self._icons: list[tuple[str, QLabel]] = []
        self._lay_out()
        self._restyle()

        self._close.clicked.connect(self.closed)
        self._account.clicked.connect(self.account_asked)
        appearance.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(self._icon("sandbox", 20))
        title.addWidget(self._title, 1)
        title.addWidget(self._close)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for number, (icon, head, body, keys) in enumerate(self._things()):
            grid.addWidget(self._icon(icon, 16), number, 0, Qt.AlignmentFlag.AlignVCenter)
            words = QVBoxLayout()
            words.setSpacing(0)
            self._heads.append(QLabel(head))
            self._bodies.append(QLabel(body))
            self._bodies[-1].setWordWrap(True)
            words.addWidget(self._heads[-1])
            words.addWidget(self._bodies[-1])
            grid.addLayout(words, number, 1)
            cap = KeyCap(keys, appearance=self._appearance)
            self._caps.append(cap)
            grid.addWidget(cap, number, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 12, 16)
        layout.setSpacing(10)
        layout.addLayout(title)
        intro = QHBoxLayout()
        intro.setContentsMargins(0, 0, 8, 0)
        intro.addWidget(self._intro)
        layout.addLayout(intro)
        things = QHBoxLayout()
        things.setContentsMargins(0, 0, 8, 0)
        things.addLayout(grid)
        layout.addLayout(things)
        account = QHBoxLayout()
        account.addWidget(self._account)
        account.addStretch(1)
        layout.addLayout(account)
        for label in (self._title, *self._heads, *self._bodies):
            label.setTextFormat(Qt.TextFormat.PlainText)

    def _things(self) -> tuple[tuple[str, str, str, str], ...]:
        down = QKeySequence("Alt+Down").toString(QKeySequence.SequenceFormat.NativeText).replace("Down", "↓")
        return (
            (
                "send",
                self.tr("Send a message to the Echo handset"),
                self.tr("A receipt comes within a second, then the reply."),
                "Ctrl+↵",
            ),
            (
                "state-failed",
                self.tr("See a failure in words"),
                self.tr("Open “Handset that is switched off” and send anything."),
                down,
            ),
            (
                "kind-unicode",
                self.tr("Watch a text become parts"),
                self.tr("Write more than 160 characters, or an emoji as Unicode; the meter counts."),
                "Ctrl+2",
            ),
        )

    def _icon(self, name: str, size: int) -> QLabel:
        label = QLabel()
        label.setFixedSize(size, size)
        self._icons.append((name, label))
        return label

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        self.setMaximumWidth(round(QFontMetricsF(fonts.body).lineSpacing() * _WIDEST_LINES))
        self._title.setFont(fonts.title)
        for head in self._heads:
            head.setFont(fonts.strong)
        for body in self._bodies:
            set_ink(body, theme.text2)
        for cap in self._caps:
            cap.setFont(fonts.caption)
        ratio = self.devicePixelRatioF()
        for name, label in self._icons:
            ink = theme.sandbox if name == "sandbox" else theme.text2
            label.setPixmap(self._appearance.icons.pixmap(name, ink, label.width(), ratio))
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card's ground and edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._appearance.theme
        edge = QColor(theme.sandbox)
        edge.setAlphaF(1.0 if not theme.tinted else 0.55)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(theme.sandbox_ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


class CardPlace(QScrollArea):
    """Where the card stands.

    In the middle, as high as it needs, and scrolled where the window is too low for it.
    """

    def __init__(self, card: FirstStartCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(20, 16, 20, 12)
        row.addStretch(1)
        row.addWidget(card, 1000)
        row.addStretch(1)
        self._row = row
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setViewport(QWidget())
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        # Not by Qt's height for width: that would take the card's whole height for the least it can have.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._needed = 0

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the card needs at the new width."""
        super().resizeEvent(event)
        self._ask()

    def event(self, event: QEvent) -> bool:
        """Ask again after a change of the card itself."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._ask()
        return handled

    def sizeHint(self) -> QSize:
        """What the card needs at its present width."""
        return QSize(400, self._needed or self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few lines: the rest is scrolled to."""
        return QSize(200, 80)

    def _ask(self) -> None:
        needed = self._row.totalHeightForWidth(self.viewport().width())
        if needed != self._needed:
            self._needed = needed
            self.updateGeometry()
