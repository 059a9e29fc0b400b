"""Where each character of the part map stands: rows of cells. Pure; asked by the map at each key press.

Widths are counted in quarters of a cell: a character takes 4, one of two septets 8, an offender 5.
"""

from __future__ import annotations

from bisect import bisect_right

from sms_desktop.encoding.segment_map import SegmentMap, Why

QUARTERS = 4
_PAIR = 2 * QUARTERS
_OFFENDER = QUARTERS + 1
_WIDTHS = bytes(
    _PAIR if why in {Why.EXTENSION, Why.SHIFTED} else _OFFENDER if why >= Why.NEEDS_UCS2 else QUARTERS
    for why in range(256)
)
_WIDTHS_OF_UNICODE = bytes(QUARTERS for _ in range(256))
_WIDTHS_IN_UCS2 = bytes(_OFFENDER if why >= Why.NEEDS_UCS2 else QUARTERS for why in range(256))


class MapRows:
    """The rows of a map, `room` quarters wide.

    `offending` says that characters outside GSM-7 are boxed, and so wider.
    """

    def __init__(self, whole: SegmentMap, room: int, *, offending: bool) -> None:
        self._length = len(whole)
        self._room = max(room, 2 * QUARTERS)
        table = (
            _WIDTHS
            if whole.figures.encoding == "gsm7"
            else _WIDTHS_IN_UCS2
            if offending
            else _WIDTHS_OF_UNICODE
        )
        self._widths = whole.why.translate(table)
        # Where all cells are equal, as mostly, nothing need be added up.
        self._equal = not self._widths.strip(bytes([QUARTERS]))
        self._starts = [0] if self._equal else self._broken()

    def _broken(self) -> list[int]:
        """Where rows begin: the cells of a whole row are counted at once, not looked at one by one."""
        starts, at, most = [0], 0, self._room // QUARTERS
        while True:
            end = min(at + most, self._length)
            over = self._taken(at, end) - self._room
            while over > 0:  # so many cells at least are too many, were they as wide as can be
                end -= -(-over // _PAIR)
                over = self._taken(at, end) - self._room
            while end < self._length and over + self._widths[end] <= 0:
                over += self._widths[end]
                end += 1
            if end >= self._length:
                return starts
            at = end
            starts.append(at)

    def _taken(self, start: int, end: int) -> int:
        offenders = self._widths.count(_OFFENDER, start, end)
        pairs = self._widths.count(_PAIR, start, end)
        return QUARTERS * (end - start + pairs) + offenders

    @property
    def count(self) -> int:
        """How many rows there are, at least one."""
        if self._equal:
            return max(1, -(-self._length // (self._room // QUARTERS)))
        return len(self._starts)

    def start(self, row: int) -> int:
        """The first character of a row."""
        if self._equal:
            return min(row * (self._room // QUARTERS), self._length)
        return self._starts[row] if row < len(self._starts) else self._length

    def row_of(self, position: int) -> int:
        """In which row a character stands."""
        if self._equal:
            return min(position // (self._room // QUARTERS), self.count - 1)
        return bisect_right(self._starts, position) - 1

    def span(self, start: int, end: int) -> int:
        """Quarters that some characters of a row take together."""
        return QUARTERS * (end - start) if self._equal else self._taken(start, end)

    def width(self, position: int) -> int:
        """Quarters that a character takes."""
        return self._widths[position] if position < self._length else QUARTERS

    def widths(self, start: int, end: int) -> bytes:
        """Quarters that each of some characters takes."""
        return self._widths[start:end]

    def left(self, position: int) -> int:
        """Quarters before a character in its row."""
        start = self.start(self.row_of(position))
        return self.span(start, position)

    def at(self, row: int, quarters: int) -> int:
        """The character in a row at so many quarters; behind the last one the row's end."""
        position, end = self.start(row), self.start(row + 1)
        while position < end and quarters >= self._widths[position]:
            quarters -= self._widths[position]
            position += 1
        return position
