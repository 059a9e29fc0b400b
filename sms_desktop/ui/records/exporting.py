"""Messages on their way into a file: where to, in which form, how far, and Cancel. Made by the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.strip import Strip, StripWords

if TYPE_CHECKING:
    from sms_desktop.services.export import ExportFormat
    from sms_desktop.store.database import Store
    from sms_desktop.store.search import Query

_TELL_EVERY = 2_000  # messages


class _Progress(QObject):
    """Carries the number of messages written from the worker's thread to the window's."""

    written = Signal(int)


class ExportStrip(Strip):
    """Asks where to, writes on a worker's thread, and says how far it came.

    Signals: `failed(error)`.
    """

    failed = Signal(object)

    def __init__(
        self,
        *,
        store: Store,
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("export_strip", appearance=appearance, parent=parent)
        self._store = store
        self._tasks = tasks
        self._cancelled = threading.Event()
        self._running = False
        self.pressed.connect(self._pressed)

    def ask(self, query: Query, *, name: str) -> None:
        """Ask for the file; `name` is what is proposed, without its ending."""
        if self._running:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Export messages"), folder)
        dialog.setObjectName("export_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [
                self.tr("Table (*.csv)"),
                self.tr("JSON, one message a line (*.jsonl)"),
                self.tr("Page to read or print (*.html)"),
            ]
        )
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.partition("*.")[2].rstrip(")"))
        )
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda file: self.export(query, Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, query: Query, file: Path) -> None:
        """Write what a query finds into a file, in the form that its ending names."""
        from sms_desktop.services.export import ExportFormat

        style = next((each for each in ExportFormat if file.suffix == f".{each}"), ExportFormat.CSV)
        self._running = True
        self._cancelled.clear()
        progress = _Progress(self)
        progress.written.connect(lambda number: self._say_progress(file, number))
        self._say_progress(file, 0)
        self._tasks.run(
            lambda: self._write(query, style, file, progress.written.emit),
            lambda number: self._done(file, number),
            self._failed,
            lane="exports",
        )

    def _write(self, query: Query, style: ExportFormat, file: Path, tell: Callable[[int], None]) -> int:
        from sms_desktop.services.export import export

        told = 0

        def progress(number: int) -> None:
            nonlocal told
            if number - told >= _TELL_EVERY:
                told = number
                tell(number)

        return export(self._store, query, style, file, progress=progress, cancelled=self._cancelled.is_set)

    def stop(self) -> None:
        """Stop what is being written: the window closes."""
        self._cancelled.set()

    def _say_progress(self, file: Path, number: int) -> None:
        if self._running:
            head = self.tr("Exporting to %1").replace("%1", file.name)
            written = self.tr("%n message(s) written", "", number)
            self.say(StripWords("export", head, written, (("cancel_export", self.tr("Cancel")),)))

    def _done(self, file: Path, number: int) -> None:
        self._running = False
        written = self.tr("%n message(s) written", "", number)
        self.say(StripWords("ok", written, str(file), (("close_export", self.tr("Close")),)))

    def _failed(self, error: SmsDesktopError) -> None:
        self._running = False
        buttons = (("close_export", self.tr("Close")),)
        self.say(StripWords("warning", error.message, error.hint or "", buttons, is_warning=True))

    def _pressed(self, name: str) -> None:
        if name == "cancel_export":
            self.stop()
        else:
            self.say(None)
