"""Sample payloads that ship with the program, one file each. Read by the Binary pane and by smsctl.

A file is TOML: `name`, `sentence`, `udh` and `body` in hexadecimal, `source` (the clause that it follows)
and where it needs them `protocol-id` and `message-class`. Its own name is what smsctl calls it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sms_desktop.encoding import hexadecimal
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.kinds import Kind
from sms_desktop.settings.paths import resource


@dataclass(frozen=True, slots=True)
class Payload:
    """A sample: `id` is what smsctl calls it, `name` what a person does; `source` is the standard's clause.

    `protocol_id` and `message_class` are None where the sample needs none.
    """

    id: str
    name: str
    sentence: str
    udh: bytes
    body: bytes
    protocol_id: int | None
    message_class: int | None
    source: str

    def draft(self) -> Draft:
        """The draft that means this payload."""
        fields = {
            "udh": hexadecimal.spaced(self.udh),
            "protocol-id": "" if self.protocol_id is None else str(self.protocol_id),
            "message-class": "" if self.message_class is None else str(self.message_class),
        }
        given = {name: value for name, value in fields.items() if value}
        return Draft(Kind.BINARY, hexadecimal.spaced(self.body), given)


def every() -> tuple[Payload, ...]:
    """All samples, by name. Reads files: not on the window's thread."""
    files = sorted(resource("payloads").glob("*.toml"))
    return tuple(sorted((_read(file) for file in files), key=lambda payload: payload.name.casefold()))


def named(name: str) -> Payload:
    """One sample. Raises Mendable if there is none of that name."""
    known = {payload.id: payload for payload in every()}
    if name not in known:
        there = f"There are {', '.join(sorted(known))}."
        raise Mendable(f"preset: there is no payload {name!r}.", field="preset", hint=there)
    return known[name]


def _read(file: Path) -> Payload:
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return Payload(
            file.stem,
            found["name"],
            found["sentence"],
            hexadecimal.parse(found["udh"], field="udh"),
            hexadecimal.parse(found["body"], field="body"),
            found.get("protocol-id"),
            found.get("message-class"),
            found["source"],
        )
    except (OSError, ValueError, KeyError, TypeError, Mendable) as error:
        raise OurFault(f"The sample payload {file.name} can't be read. Install the program again.") from error
