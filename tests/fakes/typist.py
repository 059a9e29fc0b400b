"""A window with something typed into every pane, until it is killed: `python -m tests.fakes.typist FOLDER`.

Says `typed` on standard output once the last key was pressed, and never sends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from sms_desktop.app import Console
from sms_desktop.messages.kinds import Kind
from sms_desktop.settings.paths import Places, make_private
from sms_desktop.settings.profiles import SANDBOX
from tests.fakes.keyboard import FIELDS, Keyboard


def main(folder: Path) -> int:
    """Type into every pane of the conversation that is shown first, then wait for the end."""
    application = QApplication(["typist"])
    places = Places(folder / "data", folder / "config", folder / "state")
    for place in (places.data, places.config, places.state):
        make_private(place)
    console = Console(application, SANDBOX, places)
    console.show()
    console.window.activateWindow()
    hands = Keyboard(console.window)
    while not (console.ready and QApplication.focusWidget()):
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    for kind in (kind for kind in Kind if kind is not Kind.TEXT):  # text and unicode are one pane
        hands.begin(kind)
        hands.fill(FIELDS[kind])
    sys.stdout.write("typed\n")
    sys.stdout.flush()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
