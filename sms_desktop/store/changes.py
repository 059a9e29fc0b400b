"""What a write changed. Collected by the store's writers, announced to services, ui and cli."""

from __future__ import annotations

from typing import NamedTuple

from sms_desktop.messages.ids import ConversationId, MessageId


class Changes(NamedTuple):
    """What one committed transaction changed.

    `everything` says that another process wrote: what exactly is not known, so visible rows are read again.
    """

    conversations: frozenset[ConversationId] = frozenset()
    messages: frozenset[MessageId] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.conversations or self.messages or self.everything)

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            self.conversations | other.conversations,
            self.messages | other.messages,
            self.everything or other.everything,
        )
