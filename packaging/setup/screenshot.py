"""Save a picture of the X display that DISPLAY names: `screenshot.py FILE.png`.

For people: `make run` prints the exact command when it had to open the window on a virtual display.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtGui import QGuiApplication


def main() -> int:
    """Write the picture to the file named by the only argument; return 0, or 1 if it could not be saved."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: screenshot.py FILE.png\n")
        return 2
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    application = QGuiApplication([])
    saved = application.primaryScreen().grabWindow(0).save(sys.argv[1])
    if not saved:
        sys.stderr.write(f"{sys.argv[1]} could not be written.\n")
    return 0 if saved else 1


if __name__ == "__main__":
    sys.exit(main())
