"""What the popup lists: templates, named requests, and messages that a request took the place of. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from sms_desktop.messages.drafts import OPTION_FIELDS, Draft
from sms_desktop.services.collection import ordered

_SEARCHED = 20_000  # characters of an entry that a search looks at


class Drawer(Enum):
    """The two things that are kept."""

    TEMPLATES = auto()
    REQUESTS = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A template (its text as a draft) or a whole message.

    `given_way` marks a message that stood in the panes before a request was opened: it is kept in memory
    only, so that it can be brought back. `holds` is what a search looks at, in lower case.
    """

    name: str
    draft: Draft
    given_way: bool = False
    holds: str = field(default="", compare=False, repr=False)

    @classmethod
    def kept(cls, name: str, draft: Draft) -> Entry:
        """An entry that can be searched; made off the window's thread, since there may be much to look at."""
        made = cls(name, draft)
        return cls(name, draft, holds=f"{name}\n{made.text()[:_SEARCHED]}".casefold())

    def text(self) -> str:
        """All that it holds, one field a line where there is more than a text."""
        fields = ordered(self.draft)
        if len(fields) <= 1 and "text" in dict(fields):
            return self.draft.text
        return "\n".join(f"{name}: {value}" for name, value in fields)

    def begin(self) -> str:
        """Its first words."""
        return self.draft.text or next(
            (value for name, value in ordered(self.draft) if name not in OPTION_FIELDS), ""
        )


def found(entries: Iterable[Entry], typed: str) -> tuple[Entry, ...]:
    """The entries that hold every word of `typed`, those with all words in their names first."""
    words = typed.casefold().split()
    named, holding = [], []
    for entry in entries:
        name = entry.name.casefold()
        if all(word in name for word in words):
            named.append(entry)
        elif all(word in entry.holds for word in words):
            holding.append(entry)
    return (*named, *holding)
