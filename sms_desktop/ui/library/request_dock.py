"""The dock that shows the request of what is written now, as a command. Made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
    QTextOption,
)
from PySide6.QtWidgets import QButtonGroup, QDockWidget, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import new_id
from sms_desktop.services.request_preview import STYLES, Preview, Sketch, preview
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.library.highlighter import CommandHighlighter
from sms_desktop.ui.reading import TaskRunner

_DELAY_MS = 200
_WIDTH_LINES = 24.0
_LONGEST = 200_000  # characters that are shown


class RequestDock(QDockWidget):
    """The exact request as curl, HTTPie or Python, `***` in place of secrets; worked out while it is open.

    `sketch` reads what stands in the window. Signals: `left()`, the person closed it.
    """

    left = Signal()

    def __init__(
        self,
        *,
        sketch: Callable[[], Sketch | None],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sketch = sketch
        self._tasks = tasks
        self._appearance = appearance
        self._style = next(iter(STYLES))
        self._reference = new_id()
        self._asked: tuple[Sketch, str] | None = None
        self._busy = False
        self.setObjectName("request")
        self.setWindowTitle(self.tr("Request"))
        self.setAccessibleName(self.tr("Request"))
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.view = QPlainTextEdit()
        self.view.setObjectName("request_text")
        self.view.setAccessibleName(self.tr("The request"))
        self.view.setReadOnly(True)
        self.view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.view.setTabChangesFocus(True)
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.view.document().setDocumentMargin(8)
        self._colours = CommandHighlighter(self.view.document(), appearance=appearance)
        self._reason = IconLabel(appearance=appearance, icon="info")
        self._reason.setObjectName("request_reason")
        self._note = IconLabel(appearance=appearance, icon="key", tone="quiet", caption=True)
        self._note.setObjectName("request_note")
        for label in (self._reason, self._note):
            label.setWordWrap(True)
        self.copy = Button(
            self.tr("Copy"), appearance=appearance, icon="copy", look=ButtonLook.PLAIN, height_extra=6
        )
        self.copy.setObjectName("request_copy")
        self._close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN, height_extra=6)
        self._close.setObjectName("request_close")
        self._close.setAccessibleName(self.tr("Close the request"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._lay_out()
        self._timer.timeout.connect(self._ask)
        self.copy.clicked.connect(self._copy)
        self._close.clicked.connect(self._leave)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._leave)
        appearance.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def refresh(self) -> None:
        """Something was typed: work it out anew in a moment, if anybody looks."""
        if not self.isHidden() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _ask(self) -> None:
        sketch = self._sketch()
        if sketch is None:
            self._asked = None
            self._tell(self.tr("Open a conversation or begin a message: its request is shown here."))
            return
        wanted = (sketch, self._style)
        if self._busy or wanted == self._asked:
            return
        self._asked, self._busy = wanted, True
        reference = self._reference
        self._tasks.run(
            lambda: preview(sketch, wanted[1], client_ref=reference),
            lambda made: self._answered(lambda: self._show(made, sandbox=sketch.profile.is_sandbox)),
            lambda error: self._answered(lambda: self._refuse(error)),
        )

    def _answered(self, show: Callable[[], None]) -> None:
        self._busy = False
        show()
        self.refresh()  # typed on meanwhile

    def _show(self, made: Preview, *, sandbox: bool) -> None:
        text = "\n\n".join(made.commands)
        if len(text) > _LONGEST:
            self._tell(self.tr("The request is too long to be shown here."))
            return
        bar = self.view.verticalScrollBar().value()
        if text != self.view.toPlainText():
            self.view.setPlainText(text)
            self.view.verticalScrollBar().setValue(bar)
        number = len(made.commands)
        words = self.tr("Secrets stay where they are kept: *** stands in their place, also in a copy.")
        if number > 1:
            words = self.tr("%n requests, sent in this order.", "", number) + " " + words
        if sandbox:
            words += " " + self.tr("The Sandbox chooses its port each time it starts.")
        self._note.show_words(words)
        self._reason.hide()
        self._rest.hide()
        for shown in (self.view, self._note):
            shown.show()
        self.copy.setEnabled(True)

    def _refuse(self, error: SmsDesktopError) -> None:
        self._tell(self.tr("No request yet. %1").replace("%1", error.message))

    def _tell(self, sentence: str) -> None:
        self.view.clear()
        self._reason.show_words(sentence)
        self._reason.show()
        for hidden in (self.view, self._note):
            hidden.hide()
        self._rest.show()
        self.copy.setEnabled(False)

    def _choose(self, style: str) -> None:
        self._style = style
        self._ask()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self._note.show_words(self.tr("Copied. Put your secret where *** stands."), icon="ok")

    @Slot()
    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def _lay_out(self) -> None:
        self._title = IconLabel(appearance=self._appearance, icon="request")
        self._title.show_words(self.tr("Request"))
        self._subtitle = IconLabel(
            appearance=self._appearance, icon="state-draft", tone="quiet", caption=True
        )
        self._subtitle.show_words(self.tr("Draft · as it would be sent"))
        bar = QWidget()
        head = QHBoxLayout(bar)
        head.setContentsMargins(16, 10, 10, 4)
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._subtitle)
        head.addStretch(1)
        head.addWidget(self._close)
        self.setTitleBarWidget(bar)
        chips = QHBoxLayout()
        chips.setSpacing(4)
        group = QButtonGroup(self)
        for style, name in STYLES.items():
            chip = Button(name, appearance=self._appearance, look=ButtonLook.CHIP, height_extra=6)
            chip.setObjectName(f"request_{style}")
            chip.setCheckable(True)
            chip.setChecked(style == self._style)
            chip.clicked.connect(self._choosing(style))
            group.addButton(chip)
            chips.addWidget(chip)
        chips.addStretch(1)
        chips.addWidget(self.copy)
        inside = _Inside(self._appearance)
        inside.setFocusProxy(group.buttons()[0])
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(16, 0, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(chips)
        layout.addWidget(self._reason)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._note)
        self._rest = QWidget()
        self._rest.hide()
        layout.addWidget(self._rest, 1)
        self.setWidget(inside)
        self._reason.hide()

    def _choosing(self, style: str) -> Callable[[], None]:
        return lambda: self._choose(style)

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self._title.setFont(fonts.title)
        self.view.setFont(fonts.mono)

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """Look from now on."""
        super().showEvent(event)
        self._asked = None
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._timer.stop()


class _Inside(QWidget):
    """As wide as a line of a command needs."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance

    # Qt overrides

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self._appearance.fonts.body).lineSpacing()
        return QSize(round(line * _WIDTH_LINES), super().sizeHint().height())
