"""A contact as the fields of a form, and the text of a vCard kept in step with them. Called by ui.

The text is what is sent. A field changes its own property and nothing else; what the form has no field for is
kept as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sms_desktop.encoding.content_components import ContentLine
from sms_desktop.encoding.property_text import (
    FormText,
    Placed,
    PropertyText,
    Rewritten,
    parts_lines,
    plain_lines,
    text_lines,
    typed,
)
from sms_desktop.messages.errors import Mendable

FIELDS = (
    "given",
    "family",
    "formatted",
    "organisation",
    "title",
    "mobile",
    "phone",
    "phone-kind",
    "email",
    "web",
    "street",
    "code",
    "city",
    "country",
    "birthday",
    "note",
)
"""The fields of the form. `phone-kind` is WORK, HOME, FAX or ""; `birthday` a date as 1990-02-03."""

VERSIONS = ("2.1", "3.0")
"""The versions that phones take."""

PHONE_KINDS = ("WORK", "HOME", "FAX")

_ORDER = ("VERSION", "N", "FN", "ORG", "TITLE", "TEL", "EMAIL", "URL", "ADR", "BDAY", "NOTE")
_NAMES = ("given", "family", "formatted")
_ADDRESS = {"street": 2, "city": 3, "code": 5, "country": 6}
_ONE_TEXT = frozenset({"NOTE", "FN", "TITLE", "ROLE", "TEL", "EMAIL", "UID", "REV"})
_TEXTS = {"title": "TITLE", "note": "NOTE"}


def read_form(text: str) -> FormText:
    """The fields of the first card of a text. Raises Mendable, with the line, for what can't be read."""
    if not text.strip():
        return FormText({}, "")
    return _Card(text, is_ours=False).form()


def write_form(text: str, values: Mapping[str, str], version: str) -> Rewritten:
    """The text with these fields: those that differ from what it says are changed, those missing taken out.

    An empty text becomes a card of `version`; a card of which nothing is left becomes an empty text. Raises
    Mendable for a text that can't be read.
    """
    wanted = {name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in values.items()}
    if not text.strip():
        if not any(value for name, value in wanted.items() if name != "phone-kind"):
            return Rewritten("", {})
        text = f"BEGIN:VCARD\nVERSION:{version}\nEND:VCARD\n"
    problems: dict[str, str] = {}
    known = _Card(text, is_ours=False).form().values
    changes = [name for name in FIELDS if wanted.get(name, "") != known.get(name, "")]
    if not wanted.get("phone"):
        changes = [name for name in changes if name != "phone-kind"]  # it would be the next number's
    for name in changes:
        try:
            text = _Card(text).written(name, wanted.get(name, ""))
        except Mendable as refused:
            problems[name] = refused.message
    text = _Card(text).named()
    return Rewritten("" if _Card(text).is_empty() else text, problems)


def in_version(text: str, version: str) -> str:
    """The same card in the other version's notation, what the form does not know included.

    Raises Mendable for a text that can't be read, or that the version has no notation for.
    """
    if not text.strip():
        return text
    card = _Card(text, is_ours=False)
    if card.version == version:
        return text
    return _Card(card.source.put_all(lambda placed: _converted(card.source, placed, version))).named()


class _Card:
    """The first card of a text."""

    def __init__(self, text: str, *, is_ours: bool = True) -> None:
        self._text = text
        self.source = PropertyText(text, component="VCARD", source="vcard", is_ours=is_ours)
        self.version = self.source.version
        self._versit = self.source.is_versit

    # Reading

    def form(self) -> FormText:
        source = self.source
        name = self.name()
        stand_in = self._has_stand_in(name)
        formatted = source.text(source.first("FN"))
        mobile, phone = self._phones()
        address = [*source.parts(source.first("ADR")), *[""] * 7]
        values = {
            "given": name[1],
            "family": "" if stand_in else name[0],
            "formatted": "" if formatted in {_called(name), self.stand_in()} else formatted,
            "organisation": next(iter(source.parts(source.first("ORG"))), ""),
            "mobile": self._number(mobile),
            "phone": self._number(phone),
            "phone-kind": "" if phone is None else _phone_kind(phone.line),
            "email": source.text(source.first("EMAIL")),
            "web": source.text(source.first("URL")),
            "birthday": self._birthday(),
            **{field: address[place] for field, place in _ADDRESS.items()},
            **{field: source.text(source.first(known)) for field, known in _TEXTS.items()},
        }
        return FormText(
            {field: value for field, value in values.items() if value},
            self.version or "2.1",
            self._kept(mobile, phone),
            source.count,
        )

    def is_empty(self) -> bool:
        """Whether nothing is left but the frame."""
        names = {placed.line.name for placed in self.source.properties if placed.line.value.strip(" ;")}
        return self.source.count == 1 and names <= {"VERSION", "PROFILE"}

    def name(self) -> list[str]:
        return [*self.source.parts(self.source.first("N")), "", "", "", "", ""][:5]

    def stand_in(self) -> str:
        """What takes the place of a name that is not there: phones want one."""
        source = self.source
        organisation = source.parts(source.first("ORG"))
        mobile, phone = self._phones()
        others = (
            *organisation,
            self._number(mobile),
            self._number(phone),
            source.text(source.first("EMAIL")),
        )
        return next((each for each in others if each), "")

    def _has_stand_in(self, name: list[str]) -> bool:
        return bool(name[0]) and not any(name[1:]) and name[0] == self.stand_in()

    def _phones(self) -> tuple[Placed | None, Placed | None]:
        """The first mobile number, and the first other one."""
        numbers = list(self.source.every("TEL"))
        mobile = next((one for one in numbers if "CELL" in _types(one.line)), None)
        return mobile, next((one for one in numbers if one is not mobile), None)

    def _number(self, placed: Placed | None) -> str:
        number = self.source.text(placed)
        is_uri = placed is not None and placed.line.parameter("VALUE").lower() == "uri"
        return number.removeprefix("tel:") if is_uri else number

    def _birthday(self) -> str:
        value = self.source.text(self.source.first("BDAY")).strip()
        return f"{value[:4]}-{value[4:6]}-{value[6:]}" if value.isdecimal() and len(value) == 8 else value

    def _kept(self, mobile: Placed | None, phone: Placed | None) -> tuple[str, ...]:
        shown = {
            id(self.source.first(name)) for name in ("N", "FN", "ORG", "EMAIL", "URL", "ADR", "BDAY", "TITLE")
        } | {id(self.source.first("NOTE")), id(mobile), id(phone)}
        return tuple(
            dict.fromkeys(
                placed.line.name
                for placed in self.source.properties
                if id(placed) not in shown and placed.line.name != "VERSION" and placed.line.value
            )
        )

    # Writing: each gives the text with one thing changed

    def written(self, field: str, value: str) -> str:
        source = self.source
        match field:
            case "given" | "family":
                name = self.name()
                if self._has_stand_in(name):
                    name[0] = ""
                name[1 if field == "given" else 0] = value
                text = self.parts("N", name, field)
                return self._renamed(text, name)
            case "formatted":
                return self.simple("FN", value, field)
            case "organisation":
                units = source.parts(source.first("ORG"))[1:]
                return self.parts("ORG", [value, *units], field)
            case "mobile" | "phone":
                return self._written_number(field, value)
            case "phone-kind":
                return self._written_kind(value)
            case "email":
                head = typed("EMAIL", ("INTERNET",), is_versit=self._versit)
                return self.simple("EMAIL", value, field, head=head)
            case "web":
                placed = source.first("URL")
                head = "URL" if placed is None else source.head(placed)
                lines = plain_lines(head, value, is_versit=self._versit, field=field) if value else []
                return self._put("URL", placed, lines)
            case "birthday":
                return self._written_birthday(value)
            case "title" | "note":
                return self.simple(_TEXTS[field], value, field)
            case _:
                parts = [*source.parts(source.first("ADR")), *[""] * 7][:7]
                parts[_ADDRESS[field]] = value
                return self.parts("ADR", parts, field, keeps_empty=True)

    def named(self) -> str:
        """The text with a name, which phones want, and with the formatted name that version 3.0 wants."""
        source, name = self.source, self.name()
        stand_in = self.stand_in()
        formatted = source.first("FN")
        text = self._text
        if not any(name) and (source.text(formatted) or stand_in):
            text = self.parts("N", [source.text(formatted) or stand_in, "", "", "", ""], "name")
        if not self._versit and formatted is None and (any(name) or stand_in):
            text = _Card(text).simple("FN", _called(name) or stand_in, "formatted")
        return text

    def _renamed(self, text: str, name: list[str]) -> str:
        """The text after a change of the name: a formatted name that only repeated the old one follows."""
        formatted = self.source.first("FN")
        said = self.source.text(formatted)
        if formatted is None or said not in {_called(self.name()), self.stand_in()}:
            return text
        called = _called(name)
        return _Card(text).simple("FN", called, "formatted")

    def _written_number(self, field: str, value: str) -> str:
        mobile, phone = self._phones()
        placed = mobile if field == "mobile" else phone
        types = ("CELL",) if field == "mobile" else ()
        head = typed("TEL", types, is_versit=self._versit) if placed is None else self.source.head(placed)
        if placed is not None and self._number(placed) != self.source.text(placed):
            value = f"tel:{value}" if value else ""
        lines = text_lines(head, value, is_versit=self._versit, field=field) if value else []
        before = self.stand_in() if self._has_stand_in(self.name()) else None
        text = self._put("TEL", placed, lines)
        return self._followed(text, before)

    def _written_kind(self, value: str) -> str:
        _, phone = self._phones()
        if phone is None:
            return self._text
        types = [one for one in _types(phone.line) if one not in PHONE_KINDS]
        head = typed("TEL", [*([value] if value in PHONE_KINDS else []), *types], is_versit=self._versit)
        lines = text_lines(head, self.source.text(phone), is_versit=self._versit, field="phone")
        return self.source.put(phone, lines)

    def _written_birthday(self, value: str) -> str:
        placed = self.source.first("BDAY")
        lines: list[str] = []
        if value:
            try:
                day = date.fromisoformat(value.strip())
            except ValueError:
                raise Mendable(
                    f"{value.strip()[:40]!r} is no date. Write it as 1990-02-03.", field="birthday"
                ) from None
            said = day.isoformat()
            lines = [f"BDAY:{said.replace('-', '') if self._versit else said}"]
        return self._put("BDAY", placed, lines)

    def simple(self, name: str, value: str, field: str, *, head: str | None = None) -> str:
        placed = self.source.first(name)
        before = self.stand_in() if self._has_stand_in(self.name()) else None
        head = head or name if placed is None else self.source.head(placed)
        lines = text_lines(head, value, is_versit=self._versit, field=field) if value else []
        return self._followed(self._put(name, placed, lines), before)

    def parts(self, name: str, parts: list[str], field: str, *, keeps_empty: bool = False) -> str:
        placed = self.source.first(name)
        before = self.stand_in() if name != "N" and self._has_stand_in(self.name()) else None
        head = name if placed is None else self.source.head(placed)
        lines: list[str] = []
        if any(parts):
            if (self._versit or name == "ORG") and not keeps_empty:
                while not parts[-1]:  # octets are dear
                    parts = parts[:-1]
            lines = parts_lines(head, parts, is_versit=self._versit, field=field)
        return self._followed(self._put(name, placed, lines), before)

    def _put(self, name: str, placed: Placed | None, lines: list[str]) -> str:
        if placed is not None:
            return self.source.put(placed, lines)
        return self.source.add(lines, name, _ORDER) if lines else self._text

    @staticmethod
    def _followed(text: str, before: str | None) -> str:
        """The text whose name stood in for another field that has changed: the name follows."""
        if before is None:
            return text
        card = _Card(text)
        stand_in = card.stand_in()
        name = card.name()
        if name[0] != before or stand_in == before:
            return text
        formatted = card.source.text(card.source.first("FN"))
        text = card.parts("N", [stand_in, "", "", "", ""], "name")
        return _Card(text).simple("FN", stand_in, "formatted") if formatted == before else text


def _called(name: list[str]) -> str:
    """What a person of this name is called: prefix, given, additional, family, suffix."""
    return " ".join(part for part in (name[3], name[1], name[2], name[0], name[4]) if part)


def _types(line: ContentLine) -> list[str]:
    return ",".join(line.types).split(",") if line.types else []


def _phone_kind(line: ContentLine) -> str:
    return next((kind for kind in PHONE_KINDS if kind in _types(line)), "")


def _converted(source: PropertyText, placed: Placed, version: str) -> list[str]:
    """A property in the notation of another version."""
    line, to_versit = placed.line, version == "2.1"
    if line.name == "VERSION":
        return [f"VERSION:{version}"]
    head = _retyped(source.head_pieces(placed), to_versit=to_versit)
    if line.parameter("ENCODING").upper() in {"BASE64", "B"}:
        first, *others = source.raw(placed)
        at = len(first) - len(line.value) if first.endswith(line.value) else first.index(":") + 1
        return [f"{head};ENCODING={'BASE64' if to_versit else 'b'}:{first[at:]}", *others]
    if line.name in _ONE_TEXT:
        return text_lines(head, source.text(placed), is_versit=to_versit, field=line.name)
    if line.name in {"URL", "BDAY"}:
        return plain_lines(head, source.text(placed), is_versit=to_versit, field=line.name)
    return parts_lines(head, source.parts(placed), is_versit=to_versit, field=line.name)


def _retyped(pieces: list[str], *, to_versit: bool) -> str:
    """The head of a property, its types as the version spells them."""
    name, *parameters = pieces
    if to_versit:
        types = [piece for piece in parameters if piece.upper().startswith("TYPE=")]
        words = [word for piece in types for word in piece[5:].replace('"', "").split(",")]
        return ";".join((name, *words, *(piece for piece in parameters if piece not in types)))
    words = [piece for piece in parameters if "=" not in piece]
    rest = [piece for piece in parameters if "=" in piece]
    return ";".join((name, *([f"TYPE={','.join(words)}"] if words else []), *rest))
