"""The page of the store's file: how it stands, check, back up, recompute, restore and salvage."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel

from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.services import upkeep
from sms_desktop.services.upkeep import Facts, Report
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.fields import form_grid
from sms_desktop.ui.records.command_line import CommandLine
from sms_desktop.ui.records.kept_page import KeptPage
from sms_desktop.ui.records.kept_table import KeptTable
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.records.store_report import Saved, StoreReport, salvaged
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import stamp


class StorePage(KeptPage):
    """Restore and salvage put another file in the store's place: while any program has it open, they can't.

    Signals: `replaced()`, the store is another file now.
    """

    replaced = Signal()

    def __init__(self, *, work: KeptWork, appearance: Appearance) -> None:
        super().__init__("store", work=work, appearance=appearance)
        self._facts: Facts | None = None
        self._damaged = False
        self._rows: dict[str, QLabel] = {}
        self._buttons: list[Button] = []
        self.show_head(self.tr("The store"), self.tr("The file that keeps everything, of all accounts."))
        self._report = StoreReport(appearance=appearance)
        self._command = CommandLine("store_command", appearance=appearance)
        self._backups = KeptTable(
            "store_backups",
            self.tr("Kept backups"),
            (self.tr("Made"), self.tr("Size"), self.tr("File")),
            wide=2,
            appearance=appearance,
        )
        self._restore = self._button("restore_backup", self.tr("Restore…"), "undo", self._ask_restore)
        self._salvage = self._button("salvage_store", self.tr("Salvage…"), "import", self._ask_salvage)
        self._no_backups = QLabel(self.tr("None yet. The two youngest are kept, beside the store."))
        self._no_backups.setWordWrap(True)
        self._lay_out()
        self._restyle_page()
        self._salvage.hide()
        self._show_backups()
        appearance.changed.connect(self._restyle_page)

    def _lay_out(self) -> None:
        pairs = []
        for name, words in (
            ("file", self.tr("File")),
            ("size", self.tr("Size")),
            ("holds", self.tr("Holds")),
            ("backup", self.tr("Last backup")),
        ):
            label, value = QLabel(words), QLabel("…")
            value.setObjectName(f"store_{name}")
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows[name], self._rows[f"{name}_label"] = value, label
            pairs.append((label, value))
        self.column.addLayout(form_grid(pairs))
        self.add_buttons(
            self._button("check_store", self.tr("Check"), "ok", self._check),
            self._button("back_up", self.tr("Back up now"), "copy", self._back_up),
            self._button("recompute", self.tr("Recompute states"), "retry", self._recompute),
            self._salvage,
        )
        self.column.addWidget(self.strip)
        self.column.addWidget(self._command)
        self.column.addWidget(self._report)
        self.add_section(self.tr("Backups"))
        self.column.addWidget(self._no_backups)
        self.column.addWidget(self._backups, 1)
        self.add_buttons(self._restore)
        self.column.addStretch(0)

    def _button(self, name: str, words: str, icon: str, act: Callable[[], None]) -> Button:
        button = Button(words, appearance=self._appearance, icon=icon)
        button.setObjectName(name)
        button.clicked.connect(lambda: act())
        self._buttons.append(button)
        return button

    # Reading

    def read(self) -> None:
        """Look how it stands with the store."""
        store = self._work.store
        self._work.read(lambda: upkeep.facts(store), self._show, self.fail)

    def _show(self, facts: Facts) -> None:
        before, self._facts = self._facts, facts
        number = QLocale().toString
        self._rows["file"].setText(str(facts.file))
        size = QLocale().formattedDataSize(facts.octets)
        octets = self.tr("%1 octets").replace("%1", number(facts.octets))
        self._rows["size"].setText(f"{size} ({octets})")
        if facts.messages is None or facts.conversations is None:
            self._rows["holds"].setText(self.tr("Not known: it can't be read."))
        else:
            messages = self.tr("%n message(s)", "", facts.messages)
            conversations = self.tr("%n conversation(s)", "", facts.conversations)
            self._rows["holds"].setText(
                self.tr("%1 in %2").replace("%1", messages).replace("%2", conversations)
            )
        last = stamp(round(facts.backups[0].made * 1e6)) if facts.backups else self.tr("None yet")
        self._rows["backup"].setText(last)
        if facts.trouble is not None and not self._work.busy:
            self.tell(facts.trouble.message, "", good=False)
        elif before is not None and before.trouble is not None:
            self._unsay(before.trouble.message)
        self._backups.show_rows(
            [
                (stamp(round(each.made * 1e6)), QLocale().formattedDataSize(each.octets), each.file.name)
                for each in facts.backups
            ]
        )
        self._show_backups()
        self._show_damage()

    def _unsay(self, words: str) -> None:
        """Say nothing where these words still stand."""
        if self.strip.words() == words:
            self.strip.say(None)

    def _show_backups(self) -> None:
        there = self._backups.rowCount() > 0
        self._backups.setVisible(there)
        self._restore.setVisible(there)
        self._no_backups.setVisible(not there)

    def _show_damage(self) -> None:
        trouble = self._facts is not None and self._facts.trouble is not None
        self._salvage.setVisible(self._damaged or trouble)

    def show_busy(self, busy: bool) -> None:
        """Offer nothing else meanwhile: the strip says what is being done."""
        for button in self._buttons:
            button.setEnabled(not busy)

    # Doing

    def _clear(self) -> None:
        self._report.hide()
        self._command.show_command(None)

    @Slot()
    def _check(self) -> None:
        file = self._work.store.file
        self._clear()
        self.begin(self.tr("Checking the store"))
        self._work.do(
            lambda tell: upkeep.check_beside(file, progress=tell), self._checked, self._check_failed
        )

    def _check_failed(self, error: SmsDesktopError) -> None:
        self._damaged = isinstance(error, Mendable)
        self.fail(error)
        self._show_damage()

    def _checked(self, report: Report) -> None:
        self._damaged = bool(report.damage)
        self._show_damage()
        if report.ok:
            whole = self.tr("The store is whole.")
            self.tell(whole, self.tr("Version %1 of its form.").replace("%1", str(report.version)))
            return
        found = self._report.show_check(report)
        if report.damage:
            advice = self.tr("Restore a backup, or salvage what can be read.")
            self.tell(self.tr("The file is damaged."), advice, good=False)
        else:
            advice = self.tr("Recompute states mends what does not follow from its evidence.")
            self.tell(self.tr("%n difference(s) found.", "", found), advice, good=False)
        self.reveal(self._report)

    @Slot()
    def _back_up(self) -> None:
        store = self._work.store
        self._clear()
        self.begin(self.tr("Backing up the store"))
        self._work.do(lambda tell: upkeep.backup(store, progress=tell), self._backed_up, self.fail)

    def _backed_up(self, made: Path) -> None:
        self.tell(self.tr("Backed up, and the copy is whole."), str(made))
        self.read()

    @Slot()
    def _recompute(self) -> None:
        store = self._work.store
        self._clear()
        self.begin(self.tr("Recomputing states, texts and the index of words"))
        self._work.do(lambda tell: len(upkeep.rebuilt(store, progress=tell)), self._recomputed, self.fail)

    def _recomputed(self, differed: int) -> None:
        if differed:
            self.tell(self.tr("%n row(s) differed, and follow now from their evidence.", "", differed))
        else:
            self.tell(self.tr("Everything was as it follows from its evidence."))
        self.read()

    @Slot()
    def _ask_restore(self) -> None:
        row = self._backups.currentRow()
        if self._facts is None or not 0 <= row < len(self._facts.backups):
            return
        backup = self._facts.backups[row]
        chosen, file = backup.file, self._facts.file
        self._clear()
        if self._facts.in_use:
            self._say_command(self.tr("Restoring"), f"smsctl store restore {shlex.quote(str(chosen))}")
            return
        self.ask(
            self.tr("Restore the backup of %1?").replace("%1", stamp(round(backup.made * 1e6))),
            self.tr(
                "Messages of after it come in again where the relay still has them. What waits in it may "
                "have been sent since: it is held for you to decide. The file of now is kept beside it."
            ),
            yes=self.tr("Restore"),
            no=self.tr("Cancel"),
            then=lambda: self._do_restore(file, chosen),
        )

    def _do_restore(self, file: Path, chosen: Path) -> None:
        self.begin(self.tr("Restoring"))
        self._work.do(lambda _: upkeep.restore(file, chosen)[1], self._restored, self.fail)

    def _restored(self, aside: Path | None) -> None:
        kept = (
            "" if aside is None else self.tr("The file that was there is now %1.").replace("%1", str(aside))
        )
        self.tell(self.tr("The backup is in the store's place."), kept)
        self._replaced()

    @Slot()
    def _ask_salvage(self) -> None:
        if self._facts is None:
            return
        file = self._facts.file
        self._clear()
        if self._facts.in_use:
            self._say_command(self.tr("Salvaging"), "smsctl store salvage")
            return
        self.ask(
            self.tr("Make a new store of what can be read?"),
            self.tr(
                "Rows that can't be read are left out and counted. What waits is held for you to decide "
                "where the record of sending it may be lost. The damaged file is kept beside it."
            ),
            yes=self.tr("Salvage"),
            no=self.tr("Cancel"),
            then=lambda: self._do_salvage(file),
        )

    def _do_salvage(self, file: Path) -> None:
        self.begin(self.tr("Salvaging what can be read"))
        self._work.do(lambda _: salvaged(file), self._salvaged, self.fail)

    def _salvaged(self, saved: Saved) -> None:
        kept = self.tr("The damaged file is now %1.").replace("%1", str(saved.aside or ""))
        self.tell(self.tr("A new store of what could be read is in its place."), kept)
        self._report.show_saved(saved)
        self.reveal(self._report)
        self._replaced()

    def _replaced(self) -> None:
        self._damaged = False
        self.read()
        self.replaced.emit()

    def _say_command(self, what: str, command: str) -> None:
        """Say that a deed needs the store alone, and the command that does it then."""
        words = self.tr("%1 needs the store for itself, and this window has it open.").replace("%1", what)
        how = self.tr("Quit SMS Desktop, and whatever else uses the store; then run this in a terminal:")
        self.tell(words, how, good=False)
        self._command.show_command(command)
        self._command.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self._command)

    @Slot()
    def _restyle_page(self) -> None:
        theme = self._appearance.theme
        for name, label in self._rows.items():
            set_ink(label, theme.text2 if name.endswith("_label") else theme.text)
        set_ink(self._no_backups, theme.text2)
