"""What every page of the store's dialog has: a head, words under it, and a strip for what happens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.flow_layout import FlowLayout
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.strip import Strip, StripWords
from sms_desktop.ui.style import set_ink


class KeptPage(QWidget):
    """`name` begins the names of its strip and of the buttons in it."""

    def __init__(self, name: str, *, work: KeptWork, appearance: Appearance) -> None:
        super().__init__()
        self._work = work
        self._name = name
        self._appearance = appearance
        self._doing = ""
        self._on_yes: Callable[[], None] | None = None
        self.setObjectName(f"{name}_page")
        self._head, self._intro = QLabel(), QLabel()
        self._sections: list[QLabel] = []
        for label in (self._head, self._intro):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.strip = Strip(f"{name}_strip", appearance=appearance)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(10)
        self.column.addWidget(self._head)
        self.column.addWidget(self._intro)
        self.strip.pressed.connect(self._pressed)
        work.advanced.connect(self._advance)
        work.busy_changed.connect(self._busy_changed)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def look_again(self) -> None:
        """Read everything anew, and leave no old question standing."""
        if self._on_yes is not None:
            self._drop_question()
        self.read()

    def read(self) -> None:
        """Read what is shown."""
        raise NotImplementedError

    def show_busy(self, busy: bool) -> None:
        """Offer, while a deed is under way, only what can be done beside it."""
        raise NotImplementedError

    # For the pages

    def show_head(self, head: str, words: str) -> None:
        """Say what the page is about."""
        self._head.setText(head)
        self._intro.setText(words)

    def add_section(self, words: str) -> None:
        """Put a head of a part under what was added before."""
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self._sections.append(label)
        self.column.addSpacing(6)
        self.column.addWidget(label)
        self._restyle()

    def add_buttons(self, *buttons: QWidget) -> None:
        """Put buttons under what was added before, in as many lines as they need."""
        row = QWidget()
        flow = FlowLayout(parent=row)
        for button in buttons:
            flow.addWidget(button)
        policy = row.sizePolicy()
        policy.setHeightForWidth(True)
        row.setSizePolicy(policy)
        self.column.addWidget(row)

    def ask(self, head: str, words: str, *, yes: str, no: str, then: Callable[[], None]) -> None:
        """Ask before something that can't be undone; the focus goes to the answer that changes nothing."""
        buttons = ((f"{self._name}_no", no), (f"{self._name}_yes", yes))
        self._on_yes = then
        self.strip.say(StripWords("warning", head, words, buttons, is_warning=True))
        self.strip.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self.strip)

    def tell(self, head: str, words: str = "", *, good: bool = True) -> None:
        """Say what came of a deed."""
        self._on_yes = None
        self.strip.say(StripWords("ok" if good else "warning", head, words, is_warning=not good))
        self.reveal(self.strip)

    def fail(self, error: SmsDesktopError) -> None:
        """Say why something could not be done."""
        self._doing = ""
        self.tell(error.message, error.hint or "", good=False)

    def begin(self, doing: str) -> None:
        """Say what is being done, and from now on how much of it."""
        self._on_yes = None
        self._doing = doing
        self.strip.say(StripWords("clock", doing))
        self.reveal(self.strip)

    def reveal(self, part: QWidget) -> None:
        """Scroll to a part of the page that appears, once the page has made room for it."""

        def scroll() -> None:
            host = self.parentWidget()
            area = host.parentWidget() if host is not None else None
            if isinstance(area, QScrollArea) and part.isVisible():
                area.ensureWidgetVisible(part)

        QTimer.singleShot(0, self, scroll)

    @Slot(int)
    def _advance(self, percent: int) -> None:
        if self._doing:
            words = self.tr("%1 % done").replace("%1", str(percent))
            self.strip.say(StripWords("clock", self._doing, words))

    @Slot()
    def _busy_changed(self) -> None:
        if not self._work.busy:
            self._doing = ""
        self.show_busy(self._work.busy)

    @Slot(str)
    def _pressed(self, button: str) -> None:
        then = self._on_yes
        self._drop_question()
        if button.endswith("_yes") and then is not None:
            then()

    def _drop_question(self) -> None:
        self._on_yes = None
        self.strip.say(None)

    @Slot()
    def _restyle(self) -> None:
        fonts, theme = self._appearance.fonts, self._appearance.theme
        self._head.setFont(fonts.title)
        set_ink(self._head, theme.text)
        set_ink(self._intro, theme.text2)
        for label in self._sections:
            label.setFont(fonts.strong)
            set_ink(label, theme.text)
