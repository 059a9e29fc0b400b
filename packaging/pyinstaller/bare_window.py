"""The yardstick of the frozen program: a window of PySide6 with nothing in it.

Once it is painted it prints when, as sms-desktop --self-check-window does, and ends.
"""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self) -> None:
        sys.stdout.write(f"{time.monotonic_ns()}\n")
        QApplication.quit()


application = QApplication(sys.argv[:1])
window = _Window()
window.resize(1440, 900)
window.show()
sys.exit(application.exec())
