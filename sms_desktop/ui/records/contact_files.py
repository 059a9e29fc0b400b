"""Contacts from files and into files: vCards and tables. Made by the window for the menu's two entries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.strip import Strip, StripWords

if TYPE_CHECKING:
    from sms_desktop.services.contacts import Contacts

LARGEST = 10_000_000
"""Octets of a file that is taken in."""


class ContactFiles(Strip):
    """Asks for a file, works off the window's thread, and says what became of it.

    Signals: `taken_in()`, contacts may have other names now.
    """

    taken_in = Signal()

    def __init__(
        self,
        *,
        contacts: Callable[[], Contacts],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("contact_files", appearance=appearance, parent=parent)
        self._contacts = contacts
        self._tasks = tasks
        self.pressed.connect(lambda _: self.say(None))

    def ask_import(self) -> None:
        """Ask which file to take in."""
        self._ask(self.tr("Import contacts"), QFileDialog.AcceptMode.AcceptOpen, self.take_in)

    def ask_export(self) -> None:
        """Ask where to write all contacts."""
        self._ask(self.tr("Export contacts"), QFileDialog.AcceptMode.AcceptSave, self.write)

    def take_in(self, file: Path) -> None:
        """Take in a file of vCards, or a table of number, name, note and tags."""

        def work() -> int:
            contacts, text = self._contacts(), _read(file)
            is_card = "BEGIN:VCARD" in text[:10_000].upper()
            return contacts.take_in_vcards(text) if is_card else contacts.take_in_csv(text)

        def done(number: int) -> None:
            self._tell("ok", self.tr("%n contact(s) taken in", "", number), file.name)
            self.taken_in.emit()

        self._tasks.run(work, done, self._failed, lane="writes")

    def write(self, file: Path) -> None:
        """Write all contacts, as vCards where the file's ending says so, else as a table."""

        def work() -> int:
            contacts = self._contacts()
            text = contacts.as_vcards() if file.suffix.lower() == ".vcf" else contacts.as_csv()
            try:
                file.write_text(text, encoding="utf-8", newline="")
            except OSError as error:
                raise Mendable(f"{file} can't be written: {error.strerror}.", field="file") from error
            return len(contacts.every())

        self._tasks.run(
            work,
            lambda number: self._tell("ok", self.tr("%n contact(s) written", "", number), str(file)),
            self._failed,
            lane="exports",
        )

    def _ask(self, title: str, mode: QFileDialog.AcceptMode, chosen: Callable[[Path], None]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, title, folder)
        dialog.setObjectName("contacts_dialog")
        dialog.setAcceptMode(mode)
        dialog.setNameFilters([self.tr("vCards (*.vcf)"), self.tr("Table (*.csv)")])
        dialog.setDefaultSuffix("vcf")
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix(name.partition("*.")[2].rstrip(")"))
        )
        dialog.fileSelected.connect(lambda file: chosen(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell(self, icon: str, head: str, text: str) -> None:
        self.say(StripWords(icon, head, text, (("close_contact_files", self.tr("Close")),)))

    def _failed(self, error: SmsDesktopError) -> None:
        buttons = (("close_contact_files", self.tr("Close")),)
        self.say(StripWords("warning", error.message, error.hint or "", buttons, is_warning=True))


def _read(file: Path) -> str:
    """The text of a file. Raises Mendable for one that can't be read, is too large or no text."""
    try:
        with file.open("rb") as opened:
            octets = opened.read(LARGEST + 1)
    except OSError as error:
        raise Mendable(f"{file.name} can't be read: {error.strerror}.", field="file") from error
    if len(octets) > LARGEST:
        raise Mendable(f"{file.name} is larger than {LARGEST // 1_000_000} MB. Nothing was taken in.")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in octets:
            raise Mendable(f"{file.name} is no text. Nothing was taken in.", field="file") from None
        return octets.decode("cp1252", "replace")
