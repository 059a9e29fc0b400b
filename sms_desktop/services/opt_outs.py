"""Do not contact: the list, and replies that ask to be put on it. Called by ui, cli and the inbox.

The outbox refuses a number on the list at Send, and the sender once more before each request. Nothing here
takes a number off by itself: a reply only suggests, a person decides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from sms_desktop.messages.addresses import recipient
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import MessageId
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.services.outbox import opted_out_words
from sms_desktop.services.tables import neutral, plain
from sms_desktop.store import attempts, opt_outs, waiting
from sms_desktop.store.database import Store, Writing
from sms_desktop.store.opt_outs import OptOut, Suggestion

_LONGEST_REASON = 200
_LONGEST_REPLY = 40
_MOST_WORDS = 3
_MOST_ROWS = 1_000_000
# What people in the countries of our users answer when they want no more (CTIA's words first).
# fmt: off
_WORDS = frozenset((
    "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "afmelden",
    "stoppen", "uitschrijven", "arret", "arreter", "desabonner", "stopp", "abmelden",
    "abbestellen", "baja", "parar", "alto", "annulla", "cancellati", "sair", "remover",
    "rezygnuje", "avsluta",
))
# fmt: on


def stop_word(text: str) -> str | None:
    """The word by which a reply asks not to be contacted: alone, or first in a very short text; or None."""
    if len(text) > _LONGEST_REPLY or len(text.split()) > _MOST_WORDS:
        return None  # most replies: the rest takes its time
    words = "".join(c if c.isalnum() or c in " -" else " " for c in _folded(text)).split()
    if not 1 <= len(words) <= _MOST_WORDS:
        return None
    return words[0] if words[0] in _WORDS and (len(words) == 1 or words[0].startswith("stop")) else None


def notice(writing: Writing, party: str, message: MessageId, text: str, *, at_us: int) -> None:
    """Keep a suggestion if a reply asks for it. Called in the transaction that takes the reply."""
    word = stop_word(text)
    if word is not None and party.isdigit():
        opt_outs.suggest(writing.db, Suggestion(party, message, word, at_us))


class OptOuts:
    """The list that holds for every profile. Every method touches the disk."""

    def __init__(self, store: Store, *, clock: Clock = now_us, actor: Actor | None = None) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor or Actor()

    def add(self, number: str, *, reason: str = "", source: str = "person") -> OptOut:
        """Put a number on the list, and take back what waits to be sent to it. Raises Mendable."""
        entry = OptOut(recipient(number), reason.strip()[:_LONGEST_REASON], source, self._clock())
        with self._store.write() as writing:
            self._add(writing, entry)
        return entry

    def _add(self, writing: Writing, entry: OptOut) -> None:
        opt_outs.add(writing.db, entry)
        words = opted_out_words(entry)
        for message in waiting.waiting_for(writing.db, entry.number):
            waiting.block(writing.db, message, words)
            writing.changed(attempts.project(writing.db, message), message)
        self._actor.note(writing, entry.at_us, "opt-out", entry.source)
        writing.queue_changed()

    def remove(self, number: str) -> bool:
        """Take a number off the list; False if it was not on it."""
        with self._store.write() as writing:
            removed = opt_outs.remove(writing.db, recipient(number))
            if removed:
                self._actor.note(writing, self._clock(), "opt-out removed", "person")
                writing.queue_changed()
        return removed

    def find(self, number: str) -> OptOut | None:
        """The entry of a number, or None."""
        with self._store.read() as db:
            return opt_outs.find(db, recipient(number))

    def every(self) -> tuple[OptOut, ...]:
        """The whole list, by number."""
        with self._store.read() as db:
            return opt_outs.every(db, limit=_MOST_ROWS)

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Replies that ask for it, on which nobody has decided."""
        with self._store.read() as db:
            return opt_outs.suggestions(db)

    def dismiss(self, number: str) -> bool:
        """Drop a suggestion; False if there was none."""
        with self._store.write() as writing:
            dropped = opt_outs.dismiss(writing.db, recipient(number))
            if dropped:
                self._actor.note(writing, self._clock(), "opt-out dismissed", "person")
                writing.queue_changed()
        return dropped

    def take_in(self, text: str) -> int:
        """Put the numbers of a CSV on the list: the first column is the number, the second the reason.

        The fourth may be since when, as `as_csv` writes it: the first day counts, also where the list moves.
        A head line is told by its lack of digits. Returns how many are new. Raises Mendable with the line for
        what is no number; nothing is taken in then.
        """
        now = self._clock()
        entries = []
        for line, row in enumerate(csv.reader(io.StringIO(text)), start=1):
            if not row or not row[0].strip():
                continue
            if line == 1 and not any(character.isdigit() for character in row[0]):
                continue
            try:
                number = recipient(plain(row[0].strip()))
            except Mendable as error:
                raise Mendable(f"Line {line}: {error.message}", field=error.field) from error
            reason = plain(row[1].strip())[:_LONGEST_REASON] if len(row) > 1 else ""
            since = _read(row[3]) if len(row) > 3 else None
            entries.append(OptOut(number, reason, "import", now if since is None else min(since, now)))
        return self._take_in(entries)

    def _take_in(self, entries: Iterable[OptOut]) -> int:
        new = 0
        with self._store.write() as writing:
            for entry in entries:
                if opt_outs.find(writing.db, entry.number) is None:
                    self._add(writing, entry)
                    new += 1
        return new

    def as_csv(self) -> str:
        """The list as CSV with a head line; cells can't be taken for formulas."""
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(("number", "reason", "source", "since"))
        for entry in self.every():
            cells = (entry.number, entry.reason, entry.source, _written(entry.at_us))
            table.writerow([neutral(cell) for cell in cells])
        return out.getvalue()


def _written(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1e6, UTC).isoformat(timespec="seconds")


def _read(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)


def _folded(text: str) -> str:
    import unicodedata

    return "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
