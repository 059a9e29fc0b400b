"""What is found about a message before it is sent: errors and warnings, each with its field and document.

Made by checks, shown by ui and cli.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops a send; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a message.

    `field` is the API's name of what it concerns; `document` says which document it comes from. `status` is
    the status that the gateway would answer with, where the documents tell.
    """

    field: str
    severity: Severity
    sentence: str
    document: str
    status: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether it stops a send."""
        return self.severity is Severity.ERROR


def error(field: str, sentence: str, document: str, status: str | None = None) -> Finding:
    """A finding that stops a message."""
    return Finding(field, Severity.ERROR, sentence, document, status)


def warning(field: str, sentence: str, document: str, status: str | None = None) -> Finding:
    """A finding that does not stop a message."""
    return Finding(field, Severity.WARNING, sentence, document, status)
