"""The yardstick of the frozen program: a window of PySide6 with nothing in it, ended once it is painted."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self) -> None:
        if len(sys.argv) > 1:
            Path(sys.argv[1]).write_text(str(time.monotonic_ns()), encoding="ascii")
        QApplication.quit()


application = QApplication(sys.argv[:1])
window = _Window()
window.resize(1440, 900)
window.show()
sys.exit(application.exec())
