"""Who does what: the audit log's pen. Used by every service that does what a person asked for."""

from __future__ import annotations

import os

from sms_desktop.store import audit
from sms_desktop.store.database import Writing

_LONGEST_NAME = 64


class Actor:
    """The person at this computer, by the name of their account; `name` stands in for it."""

    def __init__(self, name: str | None = None) -> None:
        found = name or os.environ.get("USER") or os.environ.get("USERNAME") or "unknown"
        self._name = found[:_LONGEST_NAME]

    @property
    def name(self) -> str:
        """As the log has it."""
        return self._name

    def note(self, writing: Writing, at_us: int, action: str, subject: object) -> None:
        """Add a deed to the log, in the transaction that does it; `subject` is an id, no number, no text."""
        audit.note(writing.db, at_us=at_us, actor=self._name, action=action, subject=subject)
