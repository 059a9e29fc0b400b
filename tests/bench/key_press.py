"""How long a key press takes until meter and part map are painted, and a change of pane until it is seen.

Processor time of the window's thread, which does all of it and waits for nothing: what else the machine does
is not counted.
"""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QWidget

from sms_desktop.background.tasks import Tasks
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.handsets import handsets
from sms_desktop.services.outbox import Outbox
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store.database import Store
from sms_desktop.ui.delivery import MainThread
from sms_desktop.ui.main_window import MainWindow
from tests.bench.harness import Row, medians

_CHARACTERS = 10_000
_KEYS = 20
_ROUNDS = 15
_FRAME_MS = 16.0
_FRESH_WINDOWS = 7
_READY_SECONDS = 5.0
_SENTENCE = "Your parcel waits at desk 4 until 17:30; bring a photo ID, and call 0800 0402 if you are late."
_QUOTED = _SENTENCE.replace("Your", "You’re told that your").replace(" - ", " – ")
# In one paragraph every key press lays out all of it again, for the yardstick too; in lines only one line, so
# that the yardstick is nothing much, and a frame is what counts.
_PARAGRAPHS = {"GSM-7": _SENTENCE + " ", "Unicode": _QUOTED + " "}
_LINES = {"GSM-7": _SENTENCE + "\n", "Unicode": _QUOTED + "\n"}


def rows() -> Iterator[Row]:
    """Yield a row for each kind of text, against a bare editor of the same size, and one for the panes."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["bench"])
    with _window(application) as window, _bare(window) as bare:
        editor = window.page.compose.text_sheet.editor
        window.page.compose.show_part_map(True)
        for what, sentence in _PARAGRAPHS.items():
            for each in (editor, bare):
                _fill(each, sentence)
            ours, yardstick = medians([_typing(application, each) for each in (editor, bare)], rounds=_ROUNDS)
            yield Row(
                what=f"key press to painted meter and map, {_CHARACTERS:,} characters of {what}",
                against="a bare QPlainTextEdit",
                unit="ms",
                ours=ours,
                yardstick=yardstick,
                bound=1.5,
            )
        for what, sentence in _LINES.items():
            _fill(editor, sentence)
            (ours,) = medians([_typing(application, editor)], rounds=_ROUNDS)
            yield Row(
                what=f"the same in lines, {what}",
                against="one frame",
                unit="ms",
                ours=ours,
                yardstick=_FRAME_MS,
                bound=1,
            )
        _fill(editor, _SENTENCE)
        (switch,) = medians([_switching(application, window)], rounds=_ROUNDS)
    first, turn = (statistics.median(each) for each in zip(*_first_showings(application), strict=True))
    for what, ours in (
        ("change of pane to painted", switch),
        ("first showing of a pane to painted, after an idle moment", first),
        ("longest turn of that idle moment", turn),
    ):
        yield Row(what=what, against="one frame", unit="ms", ours=ours, yardstick=_FRAME_MS, bound=1)


def _fill(editor: QPlainTextEdit, sentence: str) -> None:
    editor.setPlainText((sentence * (_CHARACTERS // len(sentence) + 1))[:_CHARACTERS])
    editor.moveCursor(QTextCursor.MoveOperation.End)


def _typing(application: QApplication, editor: QPlainTextEdit) -> Callable[[], float]:
    """A measurement: milliseconds from a key press until all that it changed is painted."""

    def press(key: Qt.Key, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            application.sendEvent(editor, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
        application.processEvents()

    def measure() -> float:
        editor.setFocus()
        application.processEvents()
        gc.collect()
        start = time.thread_time()
        for _ in range(_KEYS):
            press(Qt.Key.Key_X, "x")
        elapsed = time.thread_time() - start
        for _ in range(_KEYS):
            press(Qt.Key.Key_Backspace, "")
        return elapsed * 1000 / _KEYS

    return measure


def _switching(application: QApplication, window: MainWindow) -> Callable[[], float]:
    """A measurement: the longest of the changes from pane to pane."""
    compose = window.page.compose

    def measure() -> float:
        longest = 0.0
        for kind in (*Kind, Kind.TEXT):
            start = time.thread_time()
            compose.choose_kind(kind)
            application.processEvents()
            longest = max(longest, (time.thread_time() - start) * 1000)
        return longest

    return measure


def _first_showings(application: QApplication) -> Iterator[tuple[float, float]]:
    """In fresh windows: the longest first showing of a pane, and the longest turn before, while all is idle.

    A person who chooses a pane before it is ready waits until it is made; that is not measured here.
    """
    for _ in range(_FRESH_WINDOWS):
        with _window(application, seconds=0.2) as window:
            gc.collect()
            longest = 0.0
            deadline = time.monotonic() + _READY_SECONDS
            while window.findChild(QWidget, "sheet_vcal") is None and time.monotonic() < deadline:
                start = time.thread_time()
                application.processEvents()
                longest = max(longest, (time.thread_time() - start) * 1000)
            window.page.compose.text_sheet.editor.setPlainText(_SENTENCE)
            application.processEvents()
            yield _switching(application, window)(), longest


@contextmanager
def _window(application: QApplication, *, seconds: float = 1.0) -> Iterator[MainWindow]:
    with tempfile.TemporaryDirectory(prefix="sms-desktop-bench-") as folder:
        store = Store(Path(folder) / "store.db")
        tasks = Tasks(MainThread(application))
        window = MainWindow(
            profile=SANDBOX,
            store=store,
            outbox=lambda: Outbox(store),
            tasks=tasks,
            handsets=handsets(),
            try_now=lambda: None,
            window_state=Path(folder) / "window.ini",
        )
        window.show()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            application.processEvents()
        gc.freeze()  # as the program does once it is painted
        yield window
        window.close()
        tasks.stop()
        store.close()


@contextmanager
def _bare(beside: MainWindow) -> Iterator[QPlainTextEdit]:
    """A bare editor, as large as ours with eight lines, in a window as large as ours."""
    window = QMainWindow()
    window.resize(beside.size())
    editor = QPlainTextEdit(window)
    editor.setFont(beside.font())
    editor.resize(1_080, 170)
    window.show()
    yield editor
    window.close()
