"""Typed ids, so that one kind of id can't be taken for another. Made by `new_id`; used everywhere."""

from __future__ import annotations

import os
import time
from typing import NewType

ProfileId = NewType("ProfileId", str)
"""A profile's short name in files and on the command line, for example `sandbox`."""
ConversationId = NewType("ConversationId", int)
"""A conversation: one profile and one other party."""
MessageId = NewType("MessageId", str)
"""A message of ours, outbound or inbound: 26 characters, sorted by time."""
ComposeId = NewType("ComposeId", str)
"""One press of Send: a second press with the same id is the same message."""
RequestId = NewType("RequestId", int)
"""One HTTP request that a message needs."""
AttemptId = NewType("AttemptId", int)
"""One try of a request."""
GatewayMessageId = NewType("GatewayMessageId", str)
"""The gateway's id of one part; opaque text."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)


def new_id() -> str:
    """A new id of 26 characters: 48 bits of UTC milliseconds, then 80 random bits, in Crockford's base 32.

    Ids made in different milliseconds sort by time, which also makes them good keys. 26 characters fit
    `client-ref` under every provider's limit.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])
