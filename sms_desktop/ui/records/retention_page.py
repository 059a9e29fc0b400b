"""The page of retention: for how long an account's messages are kept, and what is older now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel

from sms_desktop.services.forgetting import Forgetting
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.fields import ChoiceField, TextField, form_grid
from sms_desktop.ui.records.kept_page import KeptPage
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.style import set_ink

_MOST_DAYS = 36_500
_QUIET_MS = 250
_DAYS_WIDTH = 16  # characters of the font
_BOX_AIR = 48
_FOR_GOOD = "for_good"
_FOR_DAYS = "for_days"


class RetentionPage(KeptPage):
    """Nothing is saved or removed before a person has seen how many messages are older."""

    def __init__(self, *, work: KeptWork, appearance: Appearance) -> None:
        super().__init__("retention", work=work, appearance=appearance)
        name = one_line(work.profile.name)
        self._saved: int | None = None
        self.show_head(
            self.tr("Messages of %1").replace("%1", name),
            self.tr(
                "What is older goes for good from this computer, with its evidence: within the hour while "
                "this account is at work. What still waits to be sent stays. The gateway and the relay keep "
                "theirs."
            ),
        )
        self._how = ChoiceField(
            "retention",
            self.tr("Keep them"),
            ((_FOR_GOOD, self.tr("For good")), (_FOR_DAYS, self.tr("For a number of days"))),
            appearance=appearance,
        )
        most = QLocale().toString(_MOST_DAYS)
        self._days = TextField(
            "retention_days",
            self.tr("Days"),
            appearance=appearance,
            hint=self.tr("A whole number, 1 to %1.").replace("%1", most),
        )
        self._days.row.addStretch(1)
        self._wrong = self.tr("Write a whole number of days, 1 to %1.").replace("%1", most)
        self._older = QLabel()
        self._older.setObjectName("retention_older")
        self._older.setTextFormat(Qt.TextFormat.PlainText)
        self._older.setWordWrap(True)
        self._save = Button(self.tr("Save"), appearance=appearance, look=ButtonLook.PRIMARY)
        self._save.setObjectName("save_retention")
        self._remove = Button(self.tr("Remove now…"), appearance=appearance, icon="trash")
        self._remove.setObjectName("remove_old")
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_QUIET_MS)
        self.column.addLayout(form_grid((field.label, field) for field in (self._how, self._days)))
        self.column.addWidget(self._older)
        self.add_buttons(self._save, self._remove)
        self.column.addWidget(self.strip)
        self.column.addStretch(1)
        self._fit()
        self._restyle_page()

        self._how.changed.connect(self._changed)
        self._days.changed.connect(self._changed)
        self._days.edit.returnPressed.connect(self._press_save)
        self._counting.timeout.connect(self._count)
        self._save.clicked.connect(self._press_save)
        self._remove.clicked.connect(self._press_remove)
        appearance.changed.connect(self._restyle_page)

    def read(self) -> None:
        """Look for how long they are kept."""
        profile, store = self._work.profile.id, self._work.store
        self._work.read(lambda: Forgetting(store).retention().get(profile), self._show, self.fail)

    def _show(self, days: int | None) -> None:
        self._saved = days
        self._how.show_value(_FOR_GOOD if days is None else _FOR_DAYS)
        if days is not None:
            self._days.show_value(str(days))
        self._days.show_words()
        self._fit()
        self._count()

    def show_busy(self, busy: bool) -> None:
        """Nothing else is saved or removed meanwhile."""
        self._save.setEnabled(not busy)
        self._remove.setEnabled(not busy)

    # What is typed

    @property
    def _for_good(self) -> bool:
        return self._how.value == _FOR_GOOD

    def _typed(self) -> int | None:
        """The days that are typed, None if that is no number of days."""
        typed = self._days.value.strip().replace(",", "")
        if not typed.isdecimal() or len(typed) > 6 or not 1 <= int(typed) <= _MOST_DAYS:
            return None
        return int(typed)

    def _fit(self) -> None:
        for part in (self._days, self._days.label, self._older):
            part.setVisible(not self._for_good)
        self._remove.setVisible(self._saved is not None)

    @Slot()
    def _changed(self) -> None:
        self.strip.say(None)
        self._fit()
        self._older.setText("")
        wrong = self._typed() is None and bool(self._days.value.strip())
        self._days.show_words(self._wrong if wrong else None)
        self._counting.start()

    @Slot()
    def _count(self) -> None:
        days = self._typed()
        if self._for_good or days is None:
            self._older.setText("")
            return
        profile, store = self._work.profile.id, self._work.store

        def show(number: int) -> None:
            if days == self._typed():
                words = self.tr("%n message(s)", "", number)
                self._older.setText(self.tr("Older than that now: %1.").replace("%1", words))

        self._work.read(lambda: Forgetting(store).older(profile, days), show, self.fail)

    # Doing

    @Slot()
    def _press_save(self) -> None:
        if self._work.busy:
            return
        if self._for_good:
            self._keep(None)
            return
        days = self._typed()
        if days is None:
            self._days.show_words(self._wrong)
            self._days.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        profile, store = self._work.profile.id, self._work.store
        self._work.read(
            lambda: Forgetting(store).older(profile, days), partial(self._confirm_save, days), self.fail
        )

    def _confirm_save(self, days: int, older: int) -> None:
        if days != self._typed() or self._for_good:
            return
        if not older:
            self._keep(days)
            return
        self.ask(
            self.tr("Keep messages for %n day(s)?", "", days),
            self._older_words(older) + " " + self.tr("They go within the hour. This cannot be undone."),
            yes=self.tr("Save"),
            no=self.tr("Cancel"),
            then=lambda: self._keep(days),
        )

    def _keep(self, days: int | None) -> None:
        profile, store = self._work.profile.id, self._work.store

        def kept(_: None) -> None:
            words = (
                self.tr("Saved: messages are kept for good.")
                if days is None
                else self.tr("Saved: messages are kept for %n day(s).", "", days)
            )
            self.tell(words)
            self.read()

        self._work.do(
            lambda _: Forgetting(store).set_retention(profile, days), kept, self.fail, lane="writes"
        )

    @Slot()
    def _press_remove(self) -> None:
        days = self._saved
        if days is None or self._work.busy:
            return
        profile, store = self._work.profile.id, self._work.store
        self._work.read(
            lambda: Forgetting(store).older(profile, days), partial(self._confirm_remove, days), self.fail
        )

    def _confirm_remove(self, days: int, older: int) -> None:
        if not older:
            self.tell(self.tr("Nothing is older than %n day(s).", "", days))
            return
        self.ask(
            self.tr("Remove %n message(s) now?", "", older),
            self.tr("They are older than %n day(s). This cannot be undone.", "", days),
            yes=self.tr("Remove"),
            no=self.tr("Cancel"),
            then=self._remove_now,
        )

    def _remove_now(self) -> None:
        profile, store = self._work.profile.id, self._work.store

        def removed(number: int) -> None:
            self.tell(self.tr("%n message(s) removed.", "", number))
            self.read()

        self.begin(self.tr("Removing old messages"))
        self._work.do(lambda _: Forgetting(store).old(only=profile), removed, self.fail)

    def _older_words(self, number: int) -> str:
        words = self.tr("%n message(s)", "", number)
        return self.tr("Older than that now: %1.").replace("%1", words)

    @Slot()
    def _restyle_page(self) -> None:
        set_ink(self._older, self._appearance.theme.text)
        metrics = self.fontMetrics()
        self._days.edit.setMaximumWidth(_DAYS_WIDTH * metrics.averageCharWidth())
        longest = max(metrics.horizontalAdvance(self._how.box.itemText(at)) for at in range(2))
        self._how.box.setMinimumWidth(longest + _BOX_AIR)  # no choice is cut, however large the letters
