"""The question before a number is forgotten, and how far that came. Made by the main window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.reading import TaskRunner

_WIDTH = 62  # characters of the font


class _Progress(QObject):
    """Carries the number of messages removed from the worker's thread to the window's."""

    removed = Signal(int)


class ForgetDialog(QDialog):
    """Does not block other windows; closing it while it works does not stop the work.

    Signals: `forgotten(party)`, nothing about the party is left.
    """

    forgotten = Signal(str)

    def __init__(
        self,
        party: str,
        name: str,
        *,
        listed: bool,
        forgetting: Callable[[], Forgetting],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._party = party
        self._forgetting = forgetting
        self._tasks = tasks
        self.setObjectName("forget")
        self.setWindowTitle(self.tr("Forget this number"))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        head = QLabel(self.tr("Forget %1").replace("%1", name))
        head.setFont(appearance.fonts.title)
        text = QLabel(
            self.tr(
                "Its messages, receipts, drafts, contact and index entries are removed from this computer, "
                "from every account, and kept backups are made anew without them. This cannot be undone. "
                "What the gateway and the relay hold stays there."
            )
        )
        self._words = QLabel()
        self._words.setObjectName("forget_words")
        self._words.hide()
        for label in (head, text, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._keep = QCheckBox(self.tr("Keep it on Do not contact"))
        self._keep.setObjectName("forget_keep_opt_out")
        self._keep.setChecked(True)
        self._keep.setVisible(listed)
        self._forget = Button(self.tr("Forget"), appearance=appearance, look=ButtonLook.PRIMARY)
        self._forget.setObjectName("forget_now")
        cancel = self._cancel = Button(self.tr("Cancel"), appearance=appearance)
        cancel.setObjectName("forget_cancel")
        cancel.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (head, text, self._keep, self._words):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(foot)
        self.setMinimumWidth(_WIDTH * self.fontMetrics().averageCharWidth())
        cancel.setFocus()

        cancel.clicked.connect(self.reject)
        self._forget.clicked.connect(self._begin)

    def _begin(self) -> None:
        self._forget.setEnabled(False)
        self._keep.setEnabled(False)
        party, keep = self._party, self._keep.isChecked()
        progress = _Progress(self)
        progress.removed.connect(self._say)
        self._say(0)
        self._tasks.run(
            lambda: self._forgetting().number(party, keep_opt_out=keep, progress=progress.removed.emit),
            self._done,
            self._failed,
            lane="exports",
        )

    def _say(self, number: int) -> None:
        self._words.show()
        self._words.setText(self.tr("Removing; %n message(s) so far", "", number))

    def _done(self, _number: int) -> None:
        self.forgotten.emit(self._party)
        self.accept()

    def _failed(self, error: SmsDesktopError) -> None:
        self._words.setText(f"{error.message} {error.hint or ''}".strip())
        self._forget.setEnabled(True)
        self._keep.setEnabled(True)
