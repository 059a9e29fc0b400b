"""Open a window, note when it was painted and usable, close it: `first_paint.py bare|ours STARTED RESULT`.

tests/bench/start_up.py runs it as a process of its own. STARTED is the parent's CLOCK_MONOTONIC in ns just
before it started the process; the time from then, in milliseconds, is written to the file RESULT.

`bare` is a QMainWindow of PySide6, `ours` is the program as people start it. Both are watched the same way:
the first Paint event of the main window, then one round of the event loop, which flushes the picture. Ours
is usable when its editor has taken a character too.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QTextEdit, QWidget

_STARTED = int(sys.argv[2])
_RESULT = Path(sys.argv[3])


class Watch(QObject):
    """Sees every event of the application until a main window appears, then only that window's."""

    def __init__(self, application: QApplication, *, needs_editor: bool) -> None:
        super().__init__(application)
        self._application = application
        self._needs_editor = needs_editor
        self._window: QWidget | None = None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._window is None:
            if isinstance(watched, QMainWindow):
                self._window = watched
                self._application.removeEventFilter(self)
                watched.installEventFilter(self)
        elif event.type() == QEvent.Type.Paint and self._window.isVisible():
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        if self._needs_editor and not self._editor_takes_text():
            QTimer.singleShot(0, self._painted)
            return
        elapsed = (time.monotonic_ns() - _STARTED) / 1e6
        _RESULT.write_text(str(elapsed), encoding="ascii")
        assert self._window is not None
        self._window.close()
        self._application.quit()

    def _editor_takes_text(self) -> bool:
        """Type a character, as an input method does, into the one editor that is visible and writable."""
        assert self._window is not None
        editors: list[QPlainTextEdit | QTextEdit] = [
            *self._window.findChildren(QPlainTextEdit),
            *self._window.findChildren(QTextEdit),
        ]
        for editor in editors:
            if editor.isVisible() and editor.isEnabled() and not editor.isReadOnly():
                typed = QInputMethodEvent()
                typed.setCommitString("x")
                QApplication.sendEvent(editor, typed)
                text = editor.toPlainText()
                editor.clear()
                return text == "x"
        return False


class WatchedApplication(QApplication):
    """A QApplication that is watched from its first moment."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.watch = Watch(self, needs_editor=True)


def bare() -> int:
    """Run the yardstick."""
    application = QApplication(["bare"])
    watch = Watch(application, needs_editor=False)
    window = QMainWindow()
    window.resize(1200, 760)
    window.show()
    status = application.exec()
    watch.deleteLater()
    return status


def ours() -> int:
    """Run the program with a QApplication that is watched."""
    vars(QtWidgets)["QApplication"] = WatchedApplication  # before the program takes it from there
    from sms_desktop.__main__ import main

    del sys.argv[1:]
    main()
    return 0


if __name__ == "__main__":
    sys.exit({"ours": ours, "bare": bare}[sys.argv[1]]())
