"""The typed errors of the gateway room. Raised by response and account_calls.

Beneath the tree of `messages.errors`:

    OutcomeUnknown
    └── UnreadableAnswer    an answer came, but no list of messages can be read from it
    Mendable
    ├── AccessRefused       the gateway does not know this key, secret or token
    ├── CallRefused         the gateway understood the call and said no
    └── CallNotOffered      this gateway has no such call
    TryLater
    └── CallFailed          no readable answer to a call about the account; asking again does no harm
"""

from __future__ import annotations

from sms_desktop.messages.errors import Mendable, OutcomeUnknown, TryLater


class UnreadableAnswer(OutcomeUnknown):
    """An answer came, but no list of messages can be read from it; the text says why."""


class AccessRefused(Mendable):
    """The gateway does not know this key, secret or token, or does not let it do this."""


class CallRefused(Mendable):
    """The gateway understood the call and said no; the text repeats its words."""


class CallNotOffered(Mendable):
    """This gateway has no such call."""


class CallFailed(TryLater):
    """No readable answer came; such a call may be repeated without harm."""
