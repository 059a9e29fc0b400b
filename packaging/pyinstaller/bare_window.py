"""The yardstick of the frozen program: a window of PySide6 with nothing in it, ended once it is painted."""

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class _Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self):
        if len(sys.argv) > 1:
            with open(sys.argv[1], "w", encoding="ascii") as result:
                result.write(str(time.monotonic_ns()))
        QApplication.quit()


application = QApplication(sys.argv[:1])
window = _Window()
window.resize(1440, 900)
window.show()
sys.exit(application.exec())
