"""Keeps what is typed and not sent: in memory at once, in the store within a second.

Used by the compose pane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from sms_desktop.messages.drafts import Draft, pane_of
from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.reading import Reading, TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.outbox import Outbox

_DELAY_MS = 600
_REMEMBERED = 200
_TEXTS = (Kind.TEXT, Kind.UNICODE)

Panes = dict[Kind, Draft]
"""What stands in the panes of one party, by the kind that stands for the pane; the newest stands last."""


class DraftKeeper(QObject):
    """Drafts of one profile, by the other party ("" is a message to nobody yet) and pane.

    Signals: `noted(party, draft)`, as soon as a draft changed: the one to show, None where none is left;
    `saved(party)`, after the store has it; `loaded(party, drafts)` answers `load`, the newest draft last;
    `failed(error)`.
    """

    noted = Signal(str, object)
    saved = Signal(str)
    loaded = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        *,
        profile: ProfileId,
        reading: Reading,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._reading = reading
        self._outbox = outbox
        self._tasks = tasks
        # What was typed in this window is newer than what a read may bring.
        self._known: dict[str, Panes] = {}
        self._early: dict[str, tuple[Draft, ...]] = {}
        self._waiting: tuple[str, Draft] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.flush)

    def load(self, party: str) -> None:
        """Ask for the drafts to `party`; `loaded` brings them."""
        known = self._known.get(party)
        if known is not None:
            self.loaded.emit(party, tuple(known.values()))
            return
        self._tasks.run(
            lambda: self._reading.drafts(party),
            lambda drafts: self._read(party, drafts),
            self.failed.emit,
        )

    def add_behind(self, party: str, typed: tuple[Draft, ...]) -> None:
        """Keep what was typed before the drafts came: it goes behind the one that `load` was asked for."""
        if typed:
            self._early[party] = typed

    def offer(self, party: str, kind: Kind, text: str, done: Callable[[], None]) -> None:
        """Put `text` behind what is drafted as a text to `party`, unless it stands there already."""

        def put(drafts: tuple[Draft, ...]) -> None:
            known = self._known.setdefault(party, _panes(drafts))
            before = known.get(Kind.TEXT) or Draft(kind, "")
            if text and not before.text.endswith(text):
                whole = f"{before.text.rstrip()}\n{text}" if before.text.strip() else text
                self.note(party, Draft(kind if kind is Kind.UNICODE else before.kind, whole, before.fields))
            done()

        if party in self._known:
            put(())
        else:
            self._tasks.run(lambda: self._reading.drafts(party), put, self.failed.emit)

    def _read(self, party: str, drafts: tuple[Draft, ...]) -> None:
        known = self._known.setdefault(party, _panes(drafts))
        for early in self._early.pop(party, ()):
            self.note(party, behind(known.get(pane_of(early.kind)), early))
        self.loaded.emit(party, tuple(known.values()))

    def note(self, party: str, draft: Draft) -> None:
        """Keep a draft; the store has it within a second, however long the typing goes on."""
        pane = pane_of(draft.kind)
        known = self._known.pop(party, {})
        self._known[party] = known  # the newest stands last: the oldest are forgotten first
        if known.get(pane) == draft or not (draft or pane in known):
            return
        if self._waiting is not None and (self._waiting[0], pane_of(self._waiting[1].kind)) != (party, pane):
            self.flush()
        known.pop(pane, None)
        known[pane] = draft
        self._waiting = (party, draft)
        self._tell(party)
        if not self._timer.isActive():
            self._timer.start()

    def set_aside(self, party: str, kind: Kind) -> None:
        """All that stands in the pane of `kind` gives way to something else: have it kept as a former draft.

        However much alike the two are, the store is told that the one went before the other came.
        """
        self.flush()
        before = self._known.get(party, {}).get(pane_of(kind))
        if before:
            self.note(party, Draft(before.kind, ""))
            self.flush()

    def flush(self) -> None:
        """Save now what waits."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._save(*waiting)
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    def save_behind(self, party: str, typed: tuple[Draft, ...]) -> None:
        """Save what was typed before the drafts came, behind them; nobody waits for them any more."""

        def append() -> None:
            found = self._known.get(party) or _panes(self._reading.drafts(party))
            for draft in typed:
                self._outbox().save_draft(self._profile, party, behind(found.get(pane_of(draft.kind)), draft))

        if typed:
            self._tasks.run(append, lambda _: None, self.failed.emit, lane="writes")

    def forget(self, party: str, kind: Kind) -> None:
        """The draft in the pane of `kind` was sent: sending removed it from the store."""
        if self._waiting is not None and self._waiting[0] == party:
            self._waiting = None
            self._timer.stop()
        known = self._known.setdefault(party, {})
        if known.pop(pane_of(kind), None) is not None:
            self._tell(party)

    def drop(self, party: str) -> None:
        """Something else changed the drafts to `party`: read them again when they are asked for."""
        if self._waiting is not None and self._waiting[0] == party:
            self.flush()
        self._known.pop(party, None)

    def discard(self, party: str) -> None:
        """The party is forgotten: what was typed to it goes too, saved or not."""
        if self._waiting is not None and self._waiting[0] == party:
            self._timer.stop()
            self._waiting = None
        self._known.pop(party, None)
        self._early.pop(party, None)

    def save_again(self, party: str) -> None:
        """Put drafts into the store once more, where something else may have removed them."""
        for draft in self._known.get(party, {}).values():
            if draft:
                self._save(party, draft)

    def _tell(self, party: str) -> None:
        drafts = [draft for draft in self._known[party].values() if draft]
        self.noted.emit(party, drafts[-1] if drafts else None)

    def _save(self, party: str, draft: Draft) -> None:
        self._tasks.run(
            lambda: self._outbox().save_draft(self._profile, party, draft),
            lambda _: self.saved.emit(party),
            self.failed.emit,
            lane="writes",
        )


def _panes(drafts: tuple[Draft, ...]) -> Panes:
    return {pane_of(draft.kind): draft for draft in drafts}


def behind(before: Draft | None, typed: Draft) -> Draft:
    """What was typed, behind the text that was drafted before; in other panes what was typed holds."""
    if before is None or not before.text or typed.kind not in _TEXTS:
        return typed
    return Draft(before.kind, before.text + typed.text, {**before.fields, **typed.fields})
