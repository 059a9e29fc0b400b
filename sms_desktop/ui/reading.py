"""What the window reads from the store, for one profile. Called on worker threads only, through tasks.

The models know these protocols alone, so that they can be tried against a store of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from sms_desktop.messages.drafts import Draft, pane_of
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ConversationId, MessageId, ProfileId
from sms_desktop.messages.kinds import Kind

if TYPE_CHECKING:
    from sms_desktop.store.contacts import Contact
    from sms_desktop.store.conversations import ConversationRow
    from sms_desktop.store.database import Store
    from sms_desktop.store.drafts import Former
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.store.opt_outs import OptOut, Suggestion
    from sms_desktop.store.search import Query

T = TypeVar("T")

MOST_CONTACTS = 20_000
"""Contacts that are offered to choose from."""


class TaskRunner(Protocol):
    """Runs work off the window's thread: `background.tasks.Tasks`."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None] | None = None,
        *,
        lane: str = "reads",
    ) -> None:
        """Run `work` on a worker thread, then `done` or `failed` on the window's."""


class HeldTasks:
    """Holds work back until `begin`, so that nothing competes with the first paint.

    Then hands it on in order.
    """

    def __init__(self, tasks: TaskRunner) -> None:
        self._tasks = tasks
        self._held: list[Callable[[], None]] | None = []

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[SmsDesktopError], None] | None = None,
        *,
        lane: str = "reads",
    ) -> None:
        """As `TaskRunner.run`, perhaps later."""
        if self._held is None:
            self._tasks.run(work, done, failed, lane=lane)
        else:
            self._held.append(lambda: self._tasks.run(work, done, failed, lane=lane))

    def begin(self) -> None:
        """Hand on what was held, and hold nothing any more."""
        held, self._held = self._held, None
        for hand_on in held or ():
            hand_on()


class Reading(Protocol):
    """Pages of conversations and messages of one profile."""

    def conversations(
        self, *, limit: int, before: tuple[int, int] | None = None, unread_only: bool = False
    ) -> tuple[ConversationRow, ...]:
        """The newest conversations, or those older than `before`."""

    def conversations_by_id(self, ids: Iterable[ConversationId]) -> tuple[ConversationRow, ...]:
        """The conversations of this profile with these ids."""

    def unread(self) -> int:
        """How many conversations hold unread messages."""

    def find(self, party: str) -> ConversationId | None:
        """The conversation with `party`."""

    def messages(
        self, conversation: ConversationId, *, limit: int, before: int | None = None, after: int | None = None
    ) -> tuple[MessageRow, ...]:
        """A page of messages, ascending."""

    def messages_by_id(self, ids: Iterable[MessageId]) -> tuple[MessageRow, ...]:
        """The messages with these ids."""

    def drafts(self, party: str) -> tuple[Draft, ...]:
        """The drafts to `party`, at most one a pane; the one that was changed last stands last."""

    def former_drafts(self, party: str, kind: Kind) -> tuple[Former, ...]:
        """What stood in the pane of `kind` before, the newest first."""

    def contacts(self) -> tuple[Contact, ...]:
        """The contacts by number, at most MOST_CONTACTS."""

    def opt_out(self, party: str) -> tuple[OptOut | None, Suggestion | None]:
        """The entry of `party` on the list of those not to contact, and the reply that asks for one."""

    def search(self, query: Query, *, limit: int, before: int | None = None) -> tuple[MessageRow, ...]:
        """The newest messages of this profile that match, or those before the seq `before`."""

    def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """The names of the contacts with these numbers."""


class StoreReading:
    """The read side of `store` for one profile."""

    def __init__(self, store: Store, profile: ProfileId) -> None:
        self.store = store
        self.profile = profile

    def conversations(
        self, *, limit: int, before: tuple[int, int] | None = None, unread_only: bool = False
    ) -> tuple[ConversationRow, ...]:
        """The newest conversations, or those older than `before`."""
        from sms_desktop.store import conversations

        with self.store.read() as db:
            return conversations.page(db, self.profile, limit=limit, before=before, unread_only=unread_only)

    def conversations_by_id(self, ids: Iterable[ConversationId]) -> tuple[ConversationRow, ...]:
        """The conversations of this profile with these ids."""
        from sms_desktop.store import conversations

        with self.store.read() as db:
            found = (conversations.by_id(db, one) for one in ids)
            return tuple(row for row in found if row is not None and row.profile == self.profile)

    def unread(self) -> int:
        """How many conversations hold unread messages."""
        from sms_desktop.store import conversations

        with self.store.read() as db:
            return conversations.unread(db, self.profile)

    def find(self, party: str) -> ConversationId | None:
        """The conversation with `party`."""
        from sms_desktop.store import conversations

        with self.store.read() as db:
            return conversations.find(db, self.profile, party)

    def messages(
        self, conversation: ConversationId, *, limit: int, before: int | None = None, after: int | None = None
    ) -> tuple[MessageRow, ...]:
        """A page of messages, ascending."""
        from sms_desktop.store import messages

        with self.store.read() as db:
            return messages.page(db, conversation, limit=limit, before=before, after=after)

    def messages_by_id(self, ids: Iterable[MessageId]) -> tuple[MessageRow, ...]:
        """The messages with these ids."""
        from sms_desktop.store import messages

        with self.store.read() as db:
            return messages.by_ids(db, ids)

    def drafts(self, party: str) -> tuple[Draft, ...]:
        """The drafts to `party`, at most one a pane; the one that was changed last stands last."""
        from sms_desktop.store import drafts

        with self.store.read() as db:
            return drafts.every(db, self.profile, party)

    def former_drafts(self, party: str, kind: Kind) -> tuple[Former, ...]:
        """What stood in the pane of `kind` before, the newest first."""
        from sms_desktop.store import drafts

        with self.store.read() as db:
            found = [
                former
                for each in Kind
                if pane_of(each) is pane_of(kind)
                for former in drafts.history(db, self.profile, party, each)
            ]
        return tuple(sorted(found, key=lambda former: former.kept_us, reverse=True))

    def contacts(self) -> tuple[Contact, ...]:
        """The contacts by number, at most MOST_CONTACTS."""
        from sms_desktop.store import contacts

        with self.store.read() as db:
            return contacts.page(db, limit=MOST_CONTACTS)

    def opt_out(self, party: str) -> tuple[OptOut | None, Suggestion | None]:
        """The entry of `party` on the list of those not to contact, and the reply that asks for one."""
        from sms_desktop.store import opt_outs

        with self.store.read() as db:
            return opt_outs.find(db, party), opt_outs.suggestion(db, party)

    def search(self, query: Query, *, limit: int, before: int | None = None) -> tuple[MessageRow, ...]:
        """The newest messages of this profile that match, or those before the seq `before`."""
        from sms_desktop.store import search

        with self.store.read() as db:
            return search.found(db, replace(query, profile=self.profile), limit=limit, before=before)

    def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """The names of the contacts with these numbers."""
        from sms_desktop.store import contacts

        with self.store.read() as db:
            return contacts.names(db, numbers)
