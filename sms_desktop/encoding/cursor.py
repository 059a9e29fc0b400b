"""A position in octets that leaves annotated fields behind it. Called by the parsers in wsp and wbxml."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sms_desktop.encoding import uintvar
from sms_desktop.encoding.tree import Annotator, Field


class Cursor:
    """Walks over `annotator.data[position:end]`; what returns a field has moved the position to its end."""

    def __init__(self, annotator: Annotator, start: int, end: int) -> None:
        self.annotator = annotator
        self.data = annotator.data
        self.position = start
        self.end = end
        self.stopped = False
        """Nothing from here on can be understood."""

    def peek(self) -> int | None:
        """The next octet, or None at the end."""
        return self.data[self.position] if self.position < self.end else None

    def field(self, name: str, start: int, meaning: str = "") -> Field:
        """A leaf from `start` to the position."""
        return self.annotator.octets(name, start, self.position, meaning)

    def parent(self, name: str, start: int, children: Iterable[Field], meaning: str = "") -> Field:
        """A field from `start` to the position, which the children cover."""
        return self.annotator.octets(name, start, self.position, meaning, tuple(children))

    def take(self, name: str, count: int, meaning: str = "") -> Field:
        """A leaf of the next `count` octets, which must be there."""
        self.position += count
        return self.field(name, self.position - count, meaning)

    def take_rest(self, name: str, meaning: str = "") -> list[Field]:
        """A leaf of all octets up to the end, if there are any."""
        return [self.take(name, self.end - self.position, meaning)] if self.position < self.end else []

    def problem(self, message: str, at: int | None = None) -> None:
        """Note a problem, at the position unless said otherwise."""
        self.annotator.problem(self.position if at is None else at, message)

    def stop(self, message: str, at: int | None = None) -> None:
        """Note a problem behind which nothing can be understood."""
        self.problem(message, at)
        self.stopped = True

    def read_number(self) -> int | None:
        """A number of seven bits an octet; when there is none, the position stays and reading stops."""
        found = uintvar.read(self.data, self.position, self.end)
        if found is None or found[0] >= 1 << 32:
            self.stop("A number was expected: at most 32 bits, seven to an octet.")
            return None
        value, self.position = found
        return value

    def number(self, fields: list[Field], name: str, meaning: Callable[[int], str]) -> int | None:
        """A number as a field of its own; None once reading has stopped."""
        start = self.position
        value = None if self.stopped else self.read_number()
        if value is not None:
            fields.append(self.field(name, start, meaning(value)))
        return value
