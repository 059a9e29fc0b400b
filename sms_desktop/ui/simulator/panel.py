"""What stands in the simulator's dock: reply, settle, scenario and clock, account. Made by dock.

It only says what the person wants; the dock asks the sandbox.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from sms_desktop.messages.errors import OurFault
from sms_desktop.messages.states import State
from sms_desktop.messages.statuses import RECEIPT_ERRORS
from sms_desktop.services.rehearsal import Condition, Order, Standing
from sms_desktop.settings.paths import resource
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.simulator.choice import Choice
from sms_desktop.ui.simulator.parts import Head, PhoneText, row
from sms_desktop.ui.states import STATE_ICONS, state_word

_MOST_PARTS = 9
_LONGEST_QUOTED = 60
_LONGEST_ADVANCE = 7 * 24 * 3600.0

T = TypeVar("T")


class SimulatorPanel(QWidget):
    """The controls, top to bottom in the order of the keyboard.

    Signals: `reply_asked()`; `receipt_asked(status, err_code)`; `scenario_asked(file)`, None ends the one
    that is played; `advance_asked(seconds)`; `standing_asked(standing)`; `reset_asked()`, after the person
    said so twice; `complained(sentence)`, what was typed can't be meant.
    """

    reply_asked = Signal()
    receipt_asked = Signal(str, str)
    scenario_asked = Signal(object)
    advance_asked = Signal(float)
    standing_asked = Signal(str)
    reset_asked = Signal()
    complained = Signal(str)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 0, 16, 12)
        self._layout.setSpacing(6)
        self._add_reply()
        self._add_receipt()
        self._add_scenario()
        self._add_account()
        self._layout.addStretch(1)
        self.show_condition(None)
        self.setFocusProxy(self.text)

    # What the dock tells and asks

    @property
    def order(self) -> Order:
        """How the parts of the reply come."""
        return self._order.value()

    @property
    def missing(self) -> int | None:
        """The part of the reply that does not come."""
        return self._missing.value()

    def show_phone(self, name: str | None) -> None:
        """Whose phone this is; None: no conversation is open."""
        if name:
            words = self.tr("As %1, to whoever wrote to it last").replace("%1", isolated(name))
        else:
            words = self.tr("Open a conversation: this panel writes as its phone.")
        self._phone.show_words(words, icon="handset" if name else "info")

    def show_target(self, message: MessageRow | None) -> None:
        """The message that the carrier tells of."""
        if message is None:
            self._target.show_words(
                self.tr("Nothing here was accepted by the gateway yet."), icon="info", tone="quiet"
            )
            return
        text = one_line(message.text)
        if len(text) > _LONGEST_QUOTED:
            text = text[: _LONGEST_QUOTED - 1] + "…"
        words = f"{state_word(message.state)} · {isolated(text)}"
        self._target.show_words(words, icon=STATE_ICONS[message.state], tone=_tone(message.state))

    def show_condition(self, condition: Condition | None) -> None:
        """How the sandbox stands; None: nobody knows."""
        playing = condition is not None and condition.scenario is not None
        by_hand = condition is not None and condition.by_hand
        _show(self._end, playing)
        for widget in (self._seconds, self._seconds_unit, self._advance):
            _show(widget, by_hand)
        _show(self._clock, condition is not None)
        if condition is None:
            return
        scenario = condition.scenario or self.tr("No scenario")
        if by_hand:
            clock = self.tr("the clock stands still")
        elif condition.speed == 1:
            clock = self.tr("the clock goes by itself")
        else:
            speed = QLocale().toString(condition.speed, "g", 6)
            clock = self.tr("the clock goes %1 times as fast").replace("%1", speed)
        self._clock.show_words(f"{isolated(scenario)} · {clock}")
        if not self._standing.hasFocus():
            self._standing.choose(condition.standing)

    # What the person does

    @Slot()
    def _ask_receipt(self) -> None:
        self.receipt_asked.emit(self._outcome.value(), self._reason.value())

    @Slot()
    def _ask_scenario(self) -> None:
        dialog = QFileDialog(self, self.tr("Load a scenario"))
        dialog.setObjectName("simulator_scenario_file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Scenarios (*.toml *.json)"), self.tr("All files (*)")])
        try:
            dialog.setDirectory(str(resource("scenarios")))
        except OurFault:
            pass  # then it begins where the system does
        dialog.fileSelected.connect(lambda file: self.scenario_asked.emit(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _ask_advance(self) -> None:
        seconds, understood = QLocale().toDouble(self._seconds.text().strip())
        if not understood or not 0 <= seconds <= _LONGEST_ADVANCE:
            self.complained.emit(self.tr("Seconds: a number from 0 to 604 800, which is seven days."))
            self._seconds.setFocus()
            return
        self.advance_asked.emit(seconds)

    @Slot(int)
    def _ask_standing(self, _place: int) -> None:
        self.standing_asked.emit(self._standing.value())

    @Slot()
    def _ask_first(self) -> None:
        self._reset.hide()
        for widget in (self._sure, self._yes, self._no):
            widget.show()
        self._no.setFocus()

    @Slot()
    def _keep(self) -> None:
        self._reset.show()
        self._reset.setFocus()
        for widget in (self._sure, self._yes, self._no):
            widget.hide()

    @Slot()
    def _forget(self) -> None:
        self._keep()
        self.reset_asked.emit()

    # Building

    def _add_reply(self) -> None:
        self._head(self.tr("Write as the phone"))
        self._phone = self._label("simulator_phone")
        self.text = PhoneText(appearance=self._appearance)
        self.text.setObjectName("simulator_text")
        self.text.setAccessibleName(self.tr("What the phone writes"))
        self.text.setPlaceholderText(self.tr("What the phone writes"))
        orders: list[tuple[Order, str]] = [
            ("in_order", self.tr("Parts in order")),
            ("reversed", self.tr("Parts reversed")),
            ("shuffled", self.tr("Parts shuffled")),
        ]
        self._order: Choice[Order] = self._choice(orders, self.tr("Order of the parts"), "order")
        missing: list[tuple[int | None, str]] = [(None, self.tr("No part missing"))]
        missing += [
            (part, self.tr("Part %1 missing").replace("%1", str(part))) for part in range(1, _MOST_PARTS + 1)
        ]
        self._missing: Choice[int | None] = self._choice(missing, self.tr("Missing part"), "missing")
        reply = self._button(self.tr("Reply"), "reply", icon="handset", keys="Ctrl+↵")
        self._layout.addWidget(self.text)
        self._layout.addLayout(row(self._order, self._missing))
        self._layout.addLayout(row(reply, stretch=True))
        self.text.finished.connect(self.reply_asked)
        reply.clicked.connect(self.reply_asked)

    def _add_receipt(self) -> None:
        self._head(self.tr("Send a receipt as the carrier"))
        self._target = self._label("simulator_target")
        outcomes = [
            (State.FAILED.value, state_word(State.FAILED)),
            (State.REJECTED.value, state_word(State.REJECTED)),
            (State.EXPIRED.value, state_word(State.EXPIRED)),
        ]
        self._outcome: Choice[str] = self._choice(outcomes, self.tr("What became of the message"), "outcome")
        reasons = [
            (error.code, f"{error.code} · {error.meaning}")
            for error in RECEIPT_ERRORS.values()
            if error.code != "0"
        ]
        self._reason: Choice[str] = self._choice(reasons, self.tr("Why it failed, the error code"), "reason")
        deliver = self._button(self.tr("Deliver"), "deliver", icon="state-delivered")
        fail = self._button(self.tr("Fail"), "fail", icon="state-failed")
        self._layout.addLayout(row(deliver, stretch=True))
        self._layout.addLayout(row(self._reason))  # a line of its own: its words are long
        self._layout.addLayout(row(self._outcome, fail))
        deliver.clicked.connect(lambda: self.receipt_asked.emit("delivered", "0"))
        fail.clicked.connect(self._ask_receipt)

    def _add_scenario(self) -> None:
        self._head(self.tr("Scenario and clock"))
        self._clock = self._label("simulator_clock", icon="clock")
        load = self._button(self.tr("Load scenario"), "load")
        self._end = self._button(self.tr("End scenario"), "end")
        self._seconds = QLineEdit("60")
        self._seconds.setObjectName("simulator_seconds")
        self._seconds.setAccessibleName(self.tr("Seconds to move the clock by"))
        self._seconds.setMaxLength(10)
        self._seconds.setTextMargins(4, 0, 4, 0)
        self._seconds_unit = QLabel(self.tr("seconds"))
        self._advance = self._button(self.tr("Advance"), "advance")
        self._layout.addLayout(row(load, self._end, stretch=True))
        self._layout.addLayout(row(self._seconds, self._seconds_unit, self._advance))
        load.clicked.connect(self._ask_scenario)
        self._end.clicked.connect(lambda: self.scenario_asked.emit(None))
        self._seconds.returnPressed.connect(self._ask_advance)
        self._advance.clicked.connect(self._ask_advance)

    def _add_account(self) -> None:
        self._head(self.tr("Account"))
        standings: list[tuple[Standing, str]] = [
            ("good", self.tr("As it should be")),
            ("suspended", self.tr("Suspended (status 8)")),
            ("smpp_only", self.tr("May not send over HTTP (status 11)")),
            ("demo", self.tr("On trial (status 29)")),
        ]
        self._standing: Choice[Standing] = self._choice(
            standings, self.tr("How the account stands"), "standing"
        )
        self._reset = self._button(self.tr("Reset"), "reset", icon="retry")
        self._reset.setAccessibleName(self.tr("Reset the sandbox"))
        self._reset.setToolTip(self.tr("Reset the sandbox"))
        self._sure = self._label("simulator_sure", icon="warning", tone="warn")
        self._sure.show_words(
            self.tr(
                "The sandbox forgets messages on their way, the scenario, who said STOP and the money "
                "spent. Conversations here stay."
            )
        )
        self._yes = self._button(self.tr("Reset"), "reset_yes")
        self._no = self._button(self.tr("Keep"), "reset_no")
        self._layout.addLayout(row(self._standing, self._reset))
        self._layout.addWidget(self._sure)
        self._layout.addLayout(row(self._no, self._yes, stretch=True))
        for widget in (self._sure, self._yes, self._no):
            widget.hide()
        self._standing.activated.connect(self._ask_standing)
        self._reset.clicked.connect(self._ask_first)
        self._yes.clicked.connect(self._forget)
        self._no.clicked.connect(self._keep)

    def _head(self, words: str) -> None:
        self._layout.addWidget(Head(words, appearance=self._appearance))

    def _label(self, name: str, *, icon: str = "info", tone: Tone = "quiet") -> IconLabel:
        label = IconLabel(appearance=self._appearance, icon=icon, tone=tone, caption=True)
        label.setObjectName(name)
        label.setWordWrap(True)
        self._layout.addWidget(label)
        return label

    def _button(self, words: str, name: str, *, icon: str | None = None, keys: str = "") -> Button:
        button = Button(words, appearance=self._appearance, icon=icon, keys=keys)
        button.setObjectName(f"simulator_{name}")
        return button

    def _choice(self, options: list[tuple[T, str]], words: str, name: str) -> Choice[T]:
        choice = Choice(options, name=words, appearance=self._appearance)
        choice.setObjectName(f"simulator_{name}")
        return choice


def _show(widget: QWidget, shown: bool) -> None:
    if widget.isHidden() is shown:
        widget.setVisible(shown)


def _tone(state: State) -> Tone:
    match state:
        case State.DELIVERED:
            return "ok"
        case State.FAILED | State.REJECTED | State.EXPIRED | State.REFUSED:
            return "bad"
        case State.UNCERTAIN | State.PARTIAL:
            return "warn"
        case _:
            return "quiet"
