"""Says that the other party is not to be contacted, or asks for it, and lets the person decide.

Stands between the messages and the compose pane; made by the conversation page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal, Slot
from PySide6.QtWidgets import QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.strip import Strip, StripWords

if TYPE_CHECKING:
    from sms_desktop.services.opt_outs import OptOuts
    from sms_desktop.store.opt_outs import OptOut, Suggestion


class DoNotContactStrip(Strip):
    """Shown for the party that is open, if there is something to say about it.

    Signals: `changed(listed)`, whether the party is on the list; `failed(error)`.
    """

    changed = Signal(bool)
    failed = Signal(object)

    def __init__(
        self,
        *,
        reading: Reading,
        opt_outs: Callable[[], OptOuts],
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("do_not_contact", appearance=appearance, parent=parent)
        self._reading = reading
        self._opt_outs = opt_outs
        self._tasks = tasks
        self._party = ""
        self._word = ""
        self._listed = False
        self.pressed.connect(self._pressed)

    @property
    def listed(self) -> bool:
        """True if the party that is open is on the list."""
        return self._listed

    def open(self, party: str) -> None:
        """Tell about another party; "" is nobody."""
        self._party = party
        self._listed = False
        self._word = ""
        self.say(None)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again how it stands."""
        party = self._party
        if party.isdigit():
            self._tasks.run(
                lambda: self._reading.opt_out(party),
                lambda found: self._found(party, *found),
                self.failed.emit,
            )

    def add(self) -> None:
        """Put the party on the list: nothing is sent to it any more."""
        self._decide(lambda opt_outs, party: opt_outs.add(party))

    def _found(self, party: str, entry: OptOut | None, suggestion: Suggestion | None) -> None:
        if party != self._party:
            return
        if entry is not None:
            from PySide6.QtCore import QDateTime  # not before somebody is listed

            day = QLocale().toString(QDateTime.fromMSecsSinceEpoch(entry.at_us // 1_000).date())
            head = self.tr("On Do not contact since %1").replace("%1", day)
            if entry.reason:
                head += self.tr(" (“%1”)").replace("%1", entry.reason)
            text = self.tr("Nothing is sent to this number, from no account.")
            button = ("allow_contact", self.tr("Take off the list"))
            self.say(StripWords("shield", head, text, (button,), is_warning=True))
        elif suggestion is not None:
            self._word = suggestion.word.upper()
            head = self.tr("They wrote “%1”").replace("%1", self._word)
            text = self.tr("Put the number on Do not contact, so that nobody writes to it again?")
            buttons = (("stop_contact", self.tr("Do not contact")), ("dismiss_stop", self.tr("Dismiss")))
            self.say(StripWords("shield", head, text, buttons, is_warning=True))
        else:
            self.say(None)
        listed = entry is not None
        if listed != self._listed:
            self._listed = listed
            self.changed.emit(listed)

    @Slot(str)
    def _pressed(self, name: str) -> None:
        match name:
            case "allow_contact":
                self._decide(lambda opt_outs, party: opt_outs.remove(party))
            case "stop_contact":
                word = self._word
                self._decide(lambda opt_outs, party: opt_outs.add(party, reason=word, source="reply"))
            case "dismiss_stop":
                self._decide(lambda opt_outs, party: opt_outs.dismiss(party))

    def _decide(self, deed: Callable[[OptOuts, str], object]) -> None:
        party, opt_outs = self._party, self._opt_outs
        if party.isdigit():
            self._tasks.run(
                lambda: deed(opt_outs(), party), lambda _: self.refresh(), self.failed.emit, lane="writes"
            )
