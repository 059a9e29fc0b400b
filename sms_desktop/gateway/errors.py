"""The typed errors of the gateway room. Raised by response, caught by client.

Beneath the tree of `messages.errors`:

    OutcomeUnknown
    └── UnreadableAnswer    an answer came, but no list of messages can be read from it
"""

from __future__ import annotations

from sms_desktop.messages.errors import OutcomeUnknown


class UnreadableAnswer(OutcomeUnknown):
    """An answer came, but no list of messages can be read from it; the text says why."""
