"""Keeps what is typed and not sent: in memory at once, in the store within a second.

Used by the compose pane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.store.drafts import Draft
from sms_desktop.ui.reading import Reading, TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.outbox import Outbox

_DELAY_MS = 600
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class _Waiting:
    party: str
    draft: Draft


class DraftKeeper(QObject):
    """Drafts of one profile, by the other party ("" is a message to nobody yet).

    Signals: `noted(party, text)`, as soon as a draft changed; `saved(party)`, after the store has it;
    `loaded(party, draft)` answers `load`, with None where there is no draft; `failed(error)`.
    """

    noted = Signal(str, str)
    saved = Signal(str)
    loaded = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        *,
        profile: ProfileId,
        reading: Reading,
        outbox: Outbox,
        tasks: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._reading = reading
        self._outbox = outbox
        self._tasks = tasks
        # What was typed in this window is newer than what a read may bring.
        self._known: dict[str, Draft] = {}
        self._early: dict[str, Draft] = {}
        self._waiting: _Waiting | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.flush)

    def load(self, party: str) -> None:
        """Ask for the draft to `party`; `loaded` brings it."""
        known = self._known.get(party)
        if known is not None:
            self.loaded.emit(party, known)
            return
        self._tasks.run(
            lambda: self._reading.draft(party),
            lambda draft: self._read(party, draft),
            self.failed.emit,
        )

    def add_behind(self, party: str, kind: Kind, text: str) -> None:
        """Keep what was typed before the draft came: it goes behind the draft that `load` was asked for."""
        self._early[party] = Draft(kind, text)

    def offer(self, party: str, kind: Kind, text: str, done: Callable[[], None]) -> None:
        """Put `text` behind the draft to `party`, unless it stands there already, and call `done`."""

        def put(draft: Draft | None) -> None:
            before = self._known.get(party) or draft or Draft(kind, "")
            if text and not before.text.endswith(text):
                whole = f"{before.text.rstrip()}\n{text}" if before.text.strip() else text
                self.note(party, kind if kind is Kind.UNICODE else before.kind, whole)
            done()

        if party in self._known:
            put(None)
        else:
            self._tasks.run(lambda: self._reading.draft(party), put, self.failed.emit)

    def _read(self, party: str, draft: Draft | None) -> None:
        found = self._known.get(party, draft)
        early = self._early.pop(party, None)
        if early is not None:
            begun = found if found is not None and found.text else Draft(early.kind, "")
            found = Draft(begun.kind, begun.text + early.text)
            self.note(party, found.kind, found.text)
        self.loaded.emit(party, found)

    def note(self, party: str, kind: Kind, text: str) -> None:
        """Keep a draft; the store has it within a second, however long the typing goes on."""
        draft = Draft(kind, text)
        if self._known.get(party) == draft:
            return
        if self._waiting is not None and self._waiting.party != party:
            self.flush()
        before = self._known.pop(party, None)
        self._known[party] = draft  # the newest stands last: the oldest are forgotten first
        if before is not None and before.kind is not kind:
            self._save(party, Draft(before.kind, ""))
        self._waiting = _Waiting(party, draft)
        self.noted.emit(party, text)
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Save now what waits."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._save(waiting.party, waiting.draft)
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    def save_behind(self, party: str, kind: Kind, text: str) -> None:
        """Save what was typed before the draft came, behind that draft; nobody waits for it any more."""

        def append() -> None:
            found = self._known.get(party) or self._reading.draft(party) or Draft(kind, "")
            self._outbox.save_draft(self._profile, party, found.kind, found.text + text)

        self._tasks.run(append, lambda _: None, self.failed.emit, lane="writes")

    def forget(self, party: str) -> None:
        """The draft was sent: sending removed it from the store."""
        if self._waiting is not None and self._waiting.party == party:
            self._waiting = None
            self._timer.stop()
        kind = self._known[party].kind if party in self._known else Kind.TEXT
        self._known[party] = Draft(kind, "")
        self.noted.emit(party, "")

    def save_again(self, party: str) -> None:
        """Put a draft into the store once more, where something else may have removed it."""
        draft = self._known.get(party)
        if draft is not None and draft.text:
            self._save(party, draft)

    def _save(self, party: str, draft: Draft) -> None:
        self._tasks.run(
            lambda: self._outbox.save_draft(self._profile, party, draft.kind, draft.text),
            lambda _: self.saved.emit(party),
            self.failed.emit,
            lane="writes",
        )
