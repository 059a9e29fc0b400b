"""The window that takes in a curl command: pasted, parsed as it stands, never run. It blocks nothing.

A secret in the command stays in this window's memory, and goes to the session's secrets if the person says
so. When the window is closed, it forgets the command.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QTextOption
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.collection import ordered
from sms_desktop.services.curl_import import LONGEST, Understood, understand
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink

_DELAY_MS = 150
_SHOWN = 300
_WIDTH_LINES, _HEIGHT_LINES = 40.0, 34.0


class CurlDialog(QDialog):
    """A field for the command, below it what was understood, and what was left out.

    Signals: `taken(understood)`, the message is to be put into the panes; `secret_taken(profile, secret)`,
    before it, where the person wants the secret used until the program ends.
    """

    taken = Signal(object)
    secret_taken = Signal(object, str)

    def __init__(
        self,
        *,
        profiles: Callable[[], tuple[Profile, ...]],
        shown: Profile,
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._shown = shown
        self._tasks = tasks
        self._appearance = appearance
        self._read = ""
        self._found: Understood | None = None
        self.setObjectName("curl_dialog")
        self.setWindowTitle(self.tr("Import a request from curl"))
        self.setModal(False)
        self.field = _CommandField()
        self.field.setObjectName("curl_text")
        self.field.setAccessibleName(self.tr("curl command"))
        self.field.setPlaceholderText(self.tr("Paste a curl command here. It is read, never run."))
        self.problem = IconLabel(appearance=appearance, icon="error", tone="bad")
        self.problem.setObjectName("curl_problem")
        self.account = IconLabel(appearance=appearance, icon="key", tone="quiet")
        self.account.setObjectName("curl_account")
        self.dropped = IconLabel(appearance=appearance, icon="shield", tone="quiet")
        self.dropped.setObjectName("curl_secret")
        self.left_out = IconLabel(appearance=appearance, icon="info", tone="quiet", caption=True)
        self.left_out.setObjectName("curl_left_out")
        for label in (self.problem, self.account, self.dropped, self.left_out):
            label.setWordWrap(True)
            label.hide()
        self.use_secret = QCheckBox()
        self.use_secret.setObjectName("curl_use_secret")
        self.use_secret.hide()
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take = Button(self.tr("Put into the panes"), appearance=appearance, look=ButtonLook.PRIMARY)
        self.take.setObjectName("curl_take")
        self._cancel = Button(self.tr("Cancel"), appearance=appearance)
        self._cancel.setObjectName("curl_cancel")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._lay_out()
        self.field.textChanged.connect(self._timer.start)
        self.field.refused.connect(self._too_long)
        self._timer.timeout.connect(self._ask)
        self.take.clicked.connect(self._take)
        self._cancel.clicked.connect(self.reject)
        self.finished.connect(self._forget)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def begin(self, text: str) -> None:
        """Show the window, with this command in it unless that is empty."""
        if len(text) > LONGEST:
            self._too_long(len(text))
        elif text:
            self.field.setPlainText(text)
        self.show()
        self.activateWindow()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _ask(self) -> None:
        text = self.field.toPlainText()
        if not text.strip():
            self._show_nothing()
            return
        profiles = self._profiles()

        def shown(found: Understood) -> None:
            if text == self.field.toPlainText():
                self._show(text, found)

        def failed(error: SmsDesktopError) -> None:
            if text == self.field.toPlainText():
                self._show_nothing()
                self._complain(error.message)

        self._tasks.run(lambda: understand(text, profiles), shown, failed)

    def _show_nothing(self) -> None:
        self._found, self._read = None, ""
        for shown in (self.problem, self.account, self.dropped, self.left_out, self.use_secret):
            shown.hide()
        self._area.setWidget(QWidget())

    def _show(self, text: str, found: Understood) -> None:
        self._found, self._read = found, text
        self.problem.hide()
        rows = [(self.tr("Kind"), kind_word(found.draft.kind)), (self.tr("To"), found.to or self.tr("none"))]
        rows += ordered(found.draft)
        inside = QWidget()
        form = QFormLayout(inside)
        form.setContentsMargins(0, 0, 6, 0)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(4)
        for name, value in rows:
            shown = one_line(value[:_SHOWN]) + ("…" if len(value) > _SHOWN else "")
            label, words = QLabel(name), QLabel(shown)
            for one in (label, words):
                one.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setObjectName(f"curl_field_{name}")
            set_ink(label, self._appearance.theme.text2)
            form.addRow(label, words)
        self._area.setWidget(inside)
        self._show_account(found)
        self._show_secret(found)
        self.left_out.show_words(
            self.tr("Left out:") + "\n" + "\n".join(found.left_out) if found.left_out else ""
        )
        self.left_out.setVisible(bool(found.left_out))

    def _show_account(self, found: Understood) -> None:
        if found.profile is None:
            words = self.tr("It goes to %1. No account here has its key.").replace("%1", found.host)
        else:
            words = self.tr("It belongs to the account %1.").replace("%1", one_line(found.profile.name))
        other = found.profile is None or found.profile.id != self._shown.id
        if other:
            here = self.tr("The message is put into %1, the account that the window shows.")
            words += " " + here.replace("%1", one_line(self._shown.name))
        self.account.show_words(words, icon="warning" if other else "key", tone="warn" if other else "quiet")
        self.account.show()

    def _show_secret(self, found: Understood) -> None:
        offered = found.secret is not None and found.for_profile and found.profile is not None
        if offered and found.profile is not None:
            words = self.tr("Use this secret for %1 until you quit")
            self.use_secret.setText(words.replace("%1", one_line(found.profile.name)).replace("&", "&&"))
        self.use_secret.setVisible(offered)
        self.use_secret.setChecked(False)
        if offered:
            said = self.tr("The command holds a secret. It is written nowhere.")
        else:
            said = self.tr("The command holds a secret. It is dropped: no account here can use it.")
        self.dropped.show_words(said)
        self.dropped.setVisible(found.secret is not None)

    @Slot()
    def _take(self) -> None:
        if self._found is None or self._read != self.field.toPlainText():
            if not self.field.toPlainText().strip():
                self._complain(self.tr("Paste a curl command first."))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        found = self._found
        if self.use_secret.isChecked() and found.secret is not None and found.profile is not None:
            self.secret_taken.emit(found.profile, found.secret)
        self.accept()
        self.taken.emit(found)

    @Slot()
    def _forget(self) -> None:
        """Nothing of the command stays behind: neither its text nor its history."""
        self.field.setPlainText("")
        self.field.document().clearUndoRedoStacks()
        self._show_nothing()

    @Slot(int)
    def _too_long(self, characters: int) -> None:
        words = self.tr("The clipboard holds %1 characters; a command has at most %2. Nothing was pasted.")
        self._complain(words.replace("%1", f"{characters:,}").replace("%2", f"{LONGEST:,}"))

    def _complain(self, sentence: str) -> None:
        self.problem.show_words(sentence)
        self.problem.show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.field, 2)
        layout.addWidget(self.problem)
        layout.addWidget(self._area, 3)
        for widget in (self.account, self.dropped, self.use_secret, self.left_out):
            layout.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self.take)
        layout.addLayout(row)
        line = QFontMetricsF(self._appearance.fonts.body).lineSpacing()
        size = QSize(round(line * _WIDTH_LINES), round(line * _HEIGHT_LINES))
        self.resize(size.boundedTo(self.screen().availableSize()))

    @Slot()
    def _restyle(self) -> None:
        self.field.setFont(self._appearance.fonts.mono)


class _CommandField(QPlainTextEdit):
    """Plain text, pasted up to a bound; nothing of it goes to the clipboard unless it is copied."""

    refused = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.document().setDocumentMargin(8)

    # Qt overrides

    def insertFromMimeData(self, source: QMimeData) -> None:
        text = source.text()
        if len(text) + self.document().characterCount() > LONGEST:
            self.refused.emit(len(text))
            return
        self.insertPlainText(text)
