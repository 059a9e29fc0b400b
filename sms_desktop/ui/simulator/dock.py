"""The simulator's dock: has the sandbox do what the panel asks for, and shows what it did.

Made by the main window when it is first opened, for the sandbox profile only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QDockWidget, QFrame, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.services.rehearsal import PAGE, Condition, Look, Simulator, Standing
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.simulator.panel import SimulatorPanel
from sms_desktop.ui.simulator.parts import Inside, OpenConversation, row
from sms_desktop.ui.simulator.trace import TraceView

_LOOK_MS = 500
_WRAPPED = 40  # what the panel's sentences need beyond their first line
_LANE = "rehearsal"

T = TypeVar("T")


class SimulatorDock(QDockWidget):
    """Acts on the sandbox while the window goes on.

    Signals: `left()`, the person closed it with Escape or its button.
    """

    left = Signal()

    def __init__(
        self,
        *,
        simulator: Simulator,
        tasks: TaskRunner,
        page: OpenConversation,
        own: str,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._simulator = simulator
        self._tasks = tasks
        self._page = page
        self._own = own
        self._appearance = appearance
        self._place = 0
        self._looking = False
        self._told_absence = False
        self.setObjectName("simulator")
        self.setWindowTitle(self.tr("Simulator"))
        self.setAccessibleName(self.tr("Simulator"))
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.panel = SimulatorPanel(appearance=appearance)
        self._trace = TraceView(appearance=appearance)
        self._summary = IconLabel(appearance=appearance, icon="sandbox", tone="quiet", caption=True)
        self._summary.setObjectName("simulator_summary")
        self._notice = IconLabel(appearance=appearance, icon="info")
        self._notice.setObjectName("simulator_notice")
        for label in (self._summary, self._notice):
            label.setWordWrap(True)
        self._notice.hide()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._connect()
        self._restyle()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say whose phone it is and which message is meant: another conversation may be open by now."""
        self.panel.show_phone(self._page.name() if self._page.party else None)
        self.panel.show_target(self._page.outbound_target())

    # What the panel asks

    @Slot()
    def _reply(self) -> None:
        party, text = self._page.party, self.panel.text.toPlainText()
        if not party:
            self._say(self.tr("Open a conversation first: the panel writes as its phone."), "warn")
            return
        if not text:
            self._say(self.tr("Write what the phone says first."), "warn")
            self.panel.text.setFocus()
            return
        order, missing = self.panel.order, self.panel.missing

        def done(parts: int) -> None:
            if self.panel.text.toPlainText() == text:
                self.panel.text.clear()
            if parts:
                words = QCoreApplication.translate(
                    "SimulatorDock", "The phone has written: %n part(s) on the way.", "", parts
                )
                self._say(words, "ok")
            else:
                self._say(
                    self.tr("Nobody hears it: there is no callback for replies to that number."), "warn"
                )

        self._do(
            lambda: self._simulator.reply(party, text, own=self._own, order=order, missing=missing), done
        )

    @Slot(str, str)
    def _settle(self, status: str, err_code: str) -> None:
        message = self._page.outbound_target()
        if message is None:
            self._say(
                self.tr("Send a message first: there is none here that the gateway has accepted."), "warn"
            )
            return
        parts = [part.gateway_id for part in message.parts if part.gateway_id]

        def done(_: None) -> None:
            words = QCoreApplication.translate(
                "SimulatorDock", "The carrier has sent %n receipt(s).", "", len(parts)
            )
            self._say(words, "ok")

        self._do(lambda: self._simulator.settle(parts, status=status, err_code=err_code), done)

    @Slot(object)
    def _play(self, file: Path | None) -> None:
        def done(condition: Condition) -> None:
            self._forget(condition)
            if file is None:
                self._say(self.tr("The scenario has ended."), "ok")
            else:
                self._say(
                    self.tr("The scenario %1 has begun; everything else is set back.").replace(
                        "%1", condition.scenario or file.name
                    ),
                    "ok",
                )

        self._do(lambda: self._simulator.play(file), done)

    @Slot(float)
    def _advance(self, seconds: float) -> None:
        def done(condition: Condition) -> None:
            self._show(condition)
            words = self.tr("The clock has moved by %1 s; what was due has gone out.")
            self._say(words.replace("%1", QLocale().toString(seconds, "g", 8)), "ok")

        self._do(lambda: self._simulator.advance(seconds), done)

    @Slot(str)
    def _stand(self, standing: Standing) -> None:
        def done(condition: Condition) -> None:
            self._show(condition)
            self._say(self.tr("The account is changed. The next message meets it."), "ok")

        self._do(lambda: self._simulator.stand(standing), done)

    @Slot()
    def _reset(self) -> None:
        def done(condition: Condition) -> None:
            self._forget(condition)
            self._say(self.tr("The sandbox has forgotten everything."), "ok")

        self._do(self._simulator.reset, done)

    # Asking and showing

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Ask off the window's thread; then look at once."""

        def shown(result: T) -> None:
            done(result)
            self._look()

        self._tasks.run(work, shown, self._complain, lane=_LANE)

    @Slot()
    def _look(self) -> None:
        if self._looking or not self.isVisible():
            return
        self._looking = True
        self._timer.stop()
        place = self._place
        self._tasks.run(lambda: self._simulator.look(place), self._looked, self._missed, lane=_LANE)

    def _looked(self, look: Look) -> None:
        self._looking = False
        if self._told_absence:
            self._told_absence = False
            self._notice.hide()
        if look.anew:
            self._trace.clear()
        self._trace.add(look.happenings)
        more = len(look.happenings) == PAGE
        self._place = look.place
        self._show(look.condition)
        self.refresh()
        self._timer.start(0 if more else _LOOK_MS)

    def _missed(self, error: SmsDesktopError) -> None:
        self._looking = False
        self.panel.show_condition(None)
        self._summary.show_words(self.tr("The sandbox does not answer"), icon="relay-off")
        if not self._told_absence:
            self._told_absence = True
            self._complain(error)
        self.refresh()
        self._timer.start(_LOOK_MS)

    def _show(self, condition: Condition) -> None:
        self.panel.show_condition(condition)
        words = [
            QCoreApplication.translate("SimulatorDock", "%n message(s) taken", "", condition.taken),
            QCoreApplication.translate("SimulatorDock", "%n webhook(s) on the way", "", condition.waiting),
            self.tr("EUR %1 left").replace("%1", condition.balance),
        ]
        self._summary.show_words(" · ".join(words), icon="sandbox")

    def _forget(self, condition: Condition) -> None:
        self._trace.clear()
        self._show(condition)

    def _complain(self, error: SmsDesktopError) -> None:
        self._say(f"{error.message} {error.hint or ''}".strip(), "bad")

    @Slot(str)
    def _warn(self, sentence: str) -> None:
        self._say(sentence, "warn")

    def _say(self, sentence: str, tone: Tone) -> None:
        icon = {"ok": "ok", "warn": "warning", "bad": "error"}.get(tone, "info")
        self._notice.show_words(sentence, icon=icon, tone=tone)
        self._notice.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._notice, sentence))

    @Slot()
    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    # Building

    def _lay_out(self) -> None:
        icon = IconLabel(appearance=self._appearance, icon="handset")
        icon.show_words(self.tr("Simulator"))
        self._title = icon
        self._close = Button(
            "", appearance=self._appearance, icon="close", look=ButtonLook.PLAIN, height_extra=6
        )
        self._close.setObjectName("simulator_close")
        self._close.setAccessibleName(self.tr("Close the simulator"))
        self._close.setToolTip(self.tr("Close the simulator"))
        bar = QWidget()
        title = row(self._title)
        title.addStretch(1)
        title.addWidget(self._close)
        title.setContentsMargins(16, 10, 10, 4)
        bar.setLayout(title)
        self.setTitleBarWidget(bar)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.panel)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._trace_head = QLabel(self.tr("Trace"))
        below = QWidget()
        lower = QVBoxLayout(below)
        lower.setContentsMargins(16, 8, 16, 12)
        lower.setSpacing(6)
        lower.addWidget(self._notice)
        lower.addWidget(self._trace_head)
        lower.addWidget(self._trace, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(area)
        halves.addWidget(below)
        halves.setStretchFactor(1, 1)
        halves.setSizes([self.panel.sizeHint().height() + _WRAPPED, 240])
        inside = Inside(self._appearance)
        inside.setFocusProxy(self.panel.text)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        summary = row(self._summary)
        summary.setContentsMargins(16, 0, 16, 0)
        layout.addLayout(summary)
        layout.addWidget(halves, 1)
        self.setWidget(inside)

    def _connect(self) -> None:
        self.panel.reply_asked.connect(self._reply)
        self.panel.receipt_asked.connect(self._settle)
        self.panel.scenario_asked.connect(self._play)
        self.panel.advance_asked.connect(self._advance)
        self.panel.standing_asked.connect(self._stand)
        self.panel.reset_asked.connect(self._reset)
        self.panel.complained.connect(self._warn)
        self._timer.timeout.connect(self._look)
        self._close.clicked.connect(self._leave)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._leave)
        self._appearance.changed.connect(self._restyle)

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self._title.setFont(fonts.title)
        self._trace_head.setFont(fonts.strong)

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the sandbox from now on."""
        super().showEvent(event)
        self.refresh()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._timer.stop()
