"""The dialog of preferences: what is asked before a message goes, for how long it waits, what Enter does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sms_desktop.messages.errors import Mendable
from sms_desktop.settings.preferences import LONGEST_UNDO_SECONDS, MOST_PARTS, Preferences
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.fields import SwitchField, TextField, form_grid
from sms_desktop.ui.style import set_ink

_WIDTH = 74  # characters of the font


class PreferencesDialog(QDialog):
    """Does not block other windows.

    Signals: `chosen(preferences)`, the person saved them.
    """

    chosen = Signal(object)

    def __init__(
        self, preferences: Preferences, *, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._numbers = {
            name: TextField(name, label, hint=hint, appearance=appearance)
            for name, label, hint in (
                (
                    "confirm_parts",
                    self.tr("Ask above"),
                    self.tr("parts in one message, 0 to %1; 0 never asks.").replace("%1", str(MOST_PARTS)),
                ),
                (
                    "confirm_price",
                    self.tr("Ask above a price of"),
                    self.tr("in the account's currency, as in 1.50; empty never asks."),
                ),
                (
                    "undo_seconds",
                    self.tr("Undo after Send"),
                    self.tr("seconds on live accounts, 0 to %1: for so long the message waits here.").replace(
                        "%1", str(LONGEST_UNDO_SECONDS)
                    ),
                ),
                (
                    "sandbox_undo_seconds",
                    self.tr("In the Sandbox"),
                    self.tr("seconds; with 0 it goes at once."),
                ),
            )
        }
        self._enter = SwitchField(
            "enter_sends",
            self.tr("Enter"),
            self.tr("Enter sends, Shift+Enter ends a line"),
            appearance=appearance,
            hint=self.tr("Ctrl+Enter always sends."),
        )
        self._head = QLabel(self.tr("Before a message goes"))
        self._save = Button(self.tr("Save"), appearance=appearance, look=ButtonLook.PRIMARY)
        self._save.setObjectName("save_preferences")
        self._save.setDefault(True)
        cancel = Button(self.tr("Cancel"), appearance=appearance)
        cancel.setObjectName("cancel_preferences")
        self._usual = Button(self.tr("As it was first"), appearance=appearance, look=ButtonLook.PLAIN)
        self._usual.setObjectName("usual_preferences")
        self._lay_out(cancel)
        self._show(preferences)

        for field in self._numbers.values():
            field.changed.connect(self._complain)
        self._save.clicked.connect(self._accept)
        cancel.clicked.connect(self.reject)
        self._usual.clicked.connect(lambda: self._show(Preferences()))
        appearance.changed.connect(self._restyle)
        self._restyle()

    def _show(self, preferences: Preferences) -> None:
        for name, field in self._numbers.items():
            field.show_value(str(getattr(preferences, name)))
        self._enter.show_value(preferences.enter_sends)
        self._complain()

    @Slot()
    def _complain(self) -> Preferences | None:
        """Say at each field what is wrong; returns the preferences if nothing is."""
        values: dict[str, int | str] = {}
        sound = True
        for name, field in self._numbers.items():
            typed = field.value.strip()
            problem: str | None = None
            if name == "confirm_price":
                values[name] = typed
            elif typed.isdecimal() and len(typed) < 4:
                values[name] = int(typed)
            else:
                problem = self.tr("Write a whole number.")
            if problem is None:
                try:
                    Preferences(**{name: values[name]}).check()  # type: ignore[arg-type]  # as typed above
                except Mendable as error:
                    problem = error.message.partition(": ")[2].capitalize()
            field.show_words(problem)
            sound = sound and problem is None
        if not sound:
            return None
        return Preferences(enter_sends=self._enter.value, **values)  # type: ignore[arg-type]  # as above

    @Slot()
    def _accept(self) -> None:
        preferences = self._complain()
        if preferences is None:
            wrong = next(field for field in self._numbers.values() if field.complains)
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.chosen.emit(preferences)
        self.accept()

    @Slot()
    def _restyle(self) -> None:
        self._head.setFont(self._appearance.fonts.title)
        set_ink(self._head, self._appearance.theme.text)
        self.setMinimumWidth(_WIDTH * self.fontMetrics().averageCharWidth())

    def _lay_out(self, cancel: Button) -> None:
        grid = form_grid((field.label, field) for field in (*self._numbers.values(), self._enter))
        foot = QHBoxLayout()
        foot.addWidget(self._usual)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._head)
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addLayout(foot)
