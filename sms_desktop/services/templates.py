"""Templates with {{name}} variables: plain substitution, nothing is run. Called by ui and cli.

`{{name}}` asks for a value, `{{name|friend}}` uses `friend` where none is given. Values are put in as they
are: what a value holds is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sms_desktop.messages.errors import Mendable
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.deeds import Actor
from sms_desktop.store import templates
from sms_desktop.store.database import Store
from sms_desktop.store.templates import Template

_VARIABLE = re.compile(r"\{\{\s*([^\W\d][\w. -]{0,39}?)\s*(?:\|([^{}]{0,200}))?\}\}")
_LONGEST_NAME = 60
_LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template, and what stands in for it where no value is given; None: it must be given."""

    name: str
    default: str | None


def variables(body: str) -> tuple[Variable, ...]:
    """The variables of a text in the order of their first use, each once; the first default counts."""
    found: dict[str, str | None] = {}
    for name, default in _VARIABLE.findall(body):
        has_default = re.search(r"\{\{\s*" + re.escape(name) + r"\s*\|", body) is not None
        if found.get(name) is None:
            found[name] = default if has_default and default is not None else None
    return tuple(Variable(name, default) for name, default in found.items())


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced. Raises Mendable naming those without value and default."""
    known = {variable.name: values.get(variable.name, variable.default) for variable in variables(body)}
    missing = [name for name, value in known.items() if value is None]
    if missing:
        raise Mendable(f"The template still needs: {', '.join(missing)}.", field=missing[0])
    return _VARIABLE.sub(lambda match: known[match[1]] or "", body)


def checked_name(name: str) -> str:
    """A name for a template or request. Raises Mendable for one that is empty, endless or can't be seen."""
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Mendable(f"name: use 1 to {_LONGEST_NAME} characters that can be seen.", field="name")
    return name


class Templates:
    """The templates of this person. Every method touches the disk."""

    def __init__(self, store: Store, *, clock: Clock = now_us, actor: Actor | None = None) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor or Actor()

    def every(self) -> tuple[Template, ...]:
        """All templates, by name."""
        with self._store.read() as db:
            return templates.every(db)

    def named(self, name: str) -> Template:
        """The template of a name. Raises Mendable if there is none."""
        with self._store.read() as db:
            found = templates.find(db, name)
        if found is None:
            raise Mendable(f"There is no template {name!r}.", field="name")
        return found

    def save(self, name: str, body: str) -> None:
        """Keep a template in place of one of the same name. Raises Mendable for an empty or endless one."""
        name = checked_name(name)
        if not 1 <= len(body) <= _LONGEST_BODY:
            raise Mendable(f"body: use 1 to {_LONGEST_BODY:,} characters.", field="body")
        with self._store.write() as writing:
            templates.save(writing.db, Template(name, body), now_us=self._clock())
            self._actor.note(writing, self._clock(), "template saved", "template")

    def rename(self, old: str, new: str) -> None:
        """Give a template another name. Raises Mendable if there is none, or one with that name already."""
        new = checked_name(new)
        with self._store.write() as writing:
            template, there = templates.find(writing.db, old), templates.find(writing.db, new)
            if template is None:
                raise Mendable(f"There is no template {old!r}.", field="name")
            if there is not None and there.name != template.name:
                raise Mendable(f"There is a template {there.name!r} already.", field="name")
            templates.remove(writing.db, old)
            templates.save(writing.db, Template(new, template.body), now_us=self._clock())
            self._actor.note(writing, self._clock(), "template renamed", "template")

    def remove(self, name: str) -> bool:
        """Drop a template; False if there was none."""
        with self._store.write() as writing:
            removed = templates.remove(writing.db, name)
            if removed:
                self._actor.note(writing, self._clock(), "template removed", "template")
        return removed
