"""Makes the sheets that nobody has asked for yet while nobody does anything: choosing a tab only shows one.

Made by the compose pane once a conversation is there, and so never before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.reading import TaskRunner

_IDLE_MS = 400
"""After the last key or movement in the window."""
_NEXT_MS = 50
"""After a step, for whatever came meanwhile."""
_KINDS = (Kind.BINARY, Kind.WAPPUSH, Kind.VCARD, Kind.VCAL)
_ACTIVITY = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
}
# What the sheets stand on, as far as it knows nothing of Qt.
_GROUND = (
    "sms_desktop.encoding.inspect",
    "sms_desktop.encoding.wap_push",
    "sms_desktop.services.card_files",
    "sms_desktop.services.octet_files",
    "sms_desktop.services.payloads",
)


class SheetsAhead(QObject):
    """Calls `make` for each kind that has a sheet of its own, one at a time, each time in an idle moment."""

    def __init__(self, make: Callable[[Kind], object], *, tasks: TaskRunner, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._steps = self._all_steps(make)
        self._window: QObject | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)

    def begin(self, window: QObject) -> None:
        """Begin once nobody has done anything in `window` for a moment."""
        self._window = window
        window.installEventFilter(self)
        self._timer.start(_IDLE_MS)

    @Slot()
    def put_off(self) -> None:
        """Something is being done: go on a moment after it."""
        if self._timer.isActive():
            self._timer.start(_IDLE_MS)

    @Slot()
    def _step(self) -> None:
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            self._timer.start(_IDLE_MS)
            return
        step = next(self._steps, None)
        if step is not None:
            step()
        elif self._window is not None:
            self._window.removeEventFilter(self)

    def _all_steps(self, make: Callable[[Kind], object]) -> Iterator[Callable[[], None]]:
        # On a worker's thread: these imports take their time.
        yield partial(self._tasks.run, _learn, self._go_on, lane="exports")
        for kind in _KINDS:
            for step in (partial(import_module, f"{__package__}.{kind.value}_sheet"), partial(make, kind)):
                yield partial(self._do, step)

    def _do(self, step: Callable[[], object]) -> None:
        step()
        self._go_on()

    def _go_on(self, _learned: object = None) -> None:
        self._timer.start(_NEXT_MS)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See that something is being done."""
        if event.type() in _ACTIVITY:
            self.put_off()
        return super().eventFilter(watched, event)


def _learn() -> None:
    for name in _GROUND:
        import_module(name)
