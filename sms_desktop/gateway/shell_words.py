"""The words of one command as a POSIX shell would read them; nothing is run, nothing is looked up.

Called by curl. Read here and not by shlex, since commands that browsers copy hold $'...' and since what a
shell would do with `$(...)` must be refused rather than taken for text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sms_desktop.messages.errors import Mendable

LONGEST = 400_000
"""Characters of a command."""
_BLANK = " \t"
_ENDS = frozenset("\n;|&<>()")
_IN_DOUBLE = frozenset('$`"\\')
_VARIABLE = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}|[0-9@*#?$!-])")
_ESCAPE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))", re.DOTALL
)
_LETTERS = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


@dataclass(frozen=True, slots=True)
class Command:
    """The words up to where the command ends. `more` is true where something follows that is not it.

    `variables` counts the shell's variables in it, which stand as they are written.
    """

    words: tuple[str, ...]
    more: bool
    variables: int

    def __repr__(self) -> str:
        """Without the words: there may be a secret among them."""
        return f"Command({len(self.words)} words)"


def read(text: str) -> Command:
    """The first command of `text`. Raises Mendable, which never repeats what stands in it."""
    if len(text) > LONGEST:
        raise Mendable(f"The command has {len(text):,} characters. {LONGEST:,} at most are read.")
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._words: list[str] = []
        self._word: list[str] | None = None
        self._variables = 0

    def read(self) -> Command:
        text = self._text
        self._at = len(text) - len(text.lstrip())
        while self._at < len(text):
            character = text[self._at]
            if character in _BLANK or text.startswith("\r\n", self._at):
                self._end_word()
                self._at += 1
            elif character in _ENDS:
                if self._ends(character):
                    break
            elif character == "#" and self._word is None:
                self._at = _found(text, "\n", self._at)
            else:
                self._piece(character)
        self._end_word()
        return Command(tuple(self._words), bool(text[self._at :].strip(" \t\n;")), self._variables)

    def _ends(self, character: str) -> bool:
        """Whether the command ends here."""
        if character == "&" and self._word is not None and "?" in "".join(self._word):
            raise Mendable(
                "An & outside quotes ends a command, so that the address is cut there. Put the address into "
                "single quotes."
            )
        if character in "<(":
            raise Mendable(
                "The command reads from elsewhere (< or a bracket outside quotes). Only a plain curl command "
                "can be read."
            )
        if character == ">" and self._word is not None and "".join(self._word).isdecimal():
            self._word = None  # the number of a stream, as in 2>
        self._end_word()
        return True

    def _piece(self, character: str) -> None:
        text = self._text
        if self._word is None:
            self._word = []
        if character == "'":
            self._word.append(self._until("'"))
        elif character == '"':
            self._double()
        elif text.startswith("$'", self._at):
            self._dollar_quoted()
        elif text.startswith('$"', self._at):
            self._at += 1  # a translated string: the same without a translation
        elif character == "\\":
            self._backslash()
        elif character == "^" and text[self._at + 1 : self._at + 2] in ("\r", "\n", '"', "&", "%", "^"):
            raise Mendable(
                "This is written for the command prompt of Windows (^). Copy it as a command for bash: "
                "browsers offer both."
            )
        elif character in "$`":
            self._word.append(self._dollar(character))
        else:
            self._word.append(character)
            self._at += 1

    def _backslash(self) -> None:
        assert self._word is not None
        if _goes_on(self._text, self._at):
            if not self._word:
                self._word = None
            self._at = self._text.index("\n", self._at) + 1
            return
        self._word.append(self._text[self._at + 1 : self._at + 2] or "\\")
        self._at += 2

    def _until(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise Mendable("A quote is opened and not closed. Copy the whole command.")
        found = self._text[self._at + 1 : end]
        self._at = end + 1
        return found

    def _double(self) -> None:
        assert self._word is not None
        text, self._at = self._text, self._at + 1
        while self._at < len(text):
            character = text[self._at]
            following = text[self._at + 1 : self._at + 2]
            if character == '"':
                self._at += 1
                return
            if _goes_on(text, self._at):
                self._at = text.index("\n", self._at) + 1
            elif character == "\\" and following and following in _IN_DOUBLE:
                self._word.append(following)
                self._at += 2
            elif character in "$`":
                self._word.append(self._dollar(character))
            else:
                self._word.append(character)
                self._at += 1
        raise Mendable("A quote is opened and not closed. Copy the whole command.")

    def _dollar(self, character: str) -> str:
        """A variable, as it is written; what would run something is refused."""
        text = self._text
        if character == "`" and text[self._at + 1 : self._at + 2] in ("\r", "\n"):
            raise Mendable("This is written for PowerShell (` at line ends). Copy it as a command for bash.")
        if character == "`" or text.startswith("$(", self._at):
            raise Mendable(
                "The command takes a value from another command ($(...) or `...`). Nothing is run here: put "
                "the value itself in its place."
            )
        found = _VARIABLE.match(text, self._at)
        if found is None:
            self._at += 1
            return "$"
        self._variables += 1
        self._at = found.end()
        return found[0]

    def _dollar_quoted(self) -> None:
        assert self._word is not None
        text, at = self._text, self._at + 2
        while True:
            end = min(_found(text, "'", at), _found(text, "\\", at))
            if end >= len(text):
                raise Mendable("A quote is opened and not closed. Copy the whole command.")
            self._word.append(text[at:end])
            if text[end] == "'":
                self._at = end + 1
                return
            found = _ESCAPE.match(text, end)
            if found is None:
                raise Mendable("A quote is opened and not closed. Copy the whole command.")
            at = found.end()
            octets, at = self._octets(found, at)
            self._word.append(octets)

    def _octets(self, found: re.Match[str], at: int) -> tuple[str, int]:
        """What an escape stands for. Octets that follow each other are UTF-8 together."""
        hexadecimal, short, long, octal, control, letter = found.groups()
        if short or long:
            number = int(short or long, 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                raise Mendable("An escape in $'...' names a character that there is none of.")
            return chr(number), at
        if control:
            return chr(ord(control) & 0x1F), at
        if letter:
            return _LETTERS.get(letter, letter if letter in "\\'\"?" else f"\\{letter}"), at
        octets = bytearray([_octet(hexadecimal, octal)])
        while (more := _ESCAPE.match(self._text, at)) is not None and (more[1] or more[4]):
            octets.append(_octet(more[1], more[4]))
            at = more.end()
        try:
            return octets.decode(), at
        except UnicodeDecodeError:
            raise Mendable("An escape in $'...' stands for octets that are not UTF-8.") from None

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append("".join(self._word))
            self._word = None


def _goes_on(text: str, at: int) -> bool:
    """Whether a line is continued here: a backslash at its end."""
    return text.startswith(("\\\n", "\\\r\n"), at)


def _octet(hexadecimal: str | None, octal: str | None) -> int:
    return int(hexadecimal, 16) if hexadecimal else int(octal or "0", 8) & 0xFF


def _found(text: str, what: str, start: int) -> int:
    found = text.find(what, start)
    return len(text) if found < 0 else found
