"""The errors of this program, split by what the person can do about them.

Raised everywhere, shown by ui and cli.

SmsDesktopError
├── Mendable        the person can mend it: an input, a setting, an account
├── TryLater        nothing is wrong with the input; later it may work
├── OutcomeUnknown  it may or may not have happened: look before repeating
└── OurFault        a fault of this program
"""

from __future__ import annotations


class SmsDesktopError(Exception):
    """An error whose text is written for the person who sees it.

    `message` is one or two sentences: what is wrong, and what would be right.
    `field` is the name of the input at fault (the API's name where it has one), or None.
    `hint` is a next step, or None.
    """

    def __init__(self, message: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint


class Mendable(SmsDesktopError):
    """The person can mend it: the field, setting or account is named."""


class TryLater(SmsDesktopError):
    """Nothing is wrong with what was asked; the same may work later."""


class OutcomeUnknown(SmsDesktopError):
    """It may or may not have happened; repeating it may double it."""


class OurFault(SmsDesktopError):
    """A fault of this program, said as such."""
