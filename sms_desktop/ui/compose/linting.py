"""Checks what is written a moment after the last key, with all that the documents say. Part of the pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ComposeId
from sms_desktop.settings.profiles import Profile

if TYPE_CHECKING:
    from sms_desktop.messages.findings import Finding

DELAY_MS = 120
_MISSING = "2"  # the status that the gateway would give to what is missing


class ToCheck(NamedTuple):
    """What is written, to whom and from whom, as typed.

    `explained` are the fields of which others say what is wrong, `noted` those that say themselves why they
    can't be read.
    """

    draft: Draft
    to: str
    sender: str
    accept_loss: bool
    explained: frozenset[str]
    noted: frozenset[str] = frozenset()


class Linting(QObject):
    """Asks for what is written, checks it, and tells.

    Signals: `found(findings)`, errors before warnings.
    """

    found = Signal(object)

    def __init__(
        self, profile: Profile, written: Callable[[], ToCheck], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._written = written
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._check)

    def ask(self) -> None:
        """Check once no key has been pressed for a moment."""
        self._timer.start()

    @Slot()
    def _check(self) -> None:
        self.found.emit(findings(self._written(), self._profile))


def findings(given: ToCheck, profile: Profile) -> tuple[Finding, ...]:
    """What to tell about a message that is being written: nothing about what nobody has begun yet."""
    options = any(name != "from" for name in given.draft.fields)
    if not given.draft and not given.to.strip() and not options:
        return ()
    from sms_desktop.services.drafting import read
    from sms_desktop.services.outbox import Compose, check  # with all that sending needs

    written = read(given.draft)
    compose = Compose(
        ComposeId(""),
        profile,
        given.to,
        given.sender,
        written.message,
        options=written.options,
        accept_loss=given.accept_loss,
        route=written.route,
    )
    unreadable = {problem.field for problem in written.problems}
    problems = [each for each in written.problems if each.field not in given.noted]
    checks = (each for each in check(compose) if each.field not in unreadable)
    if unreadable:  # and so taken as absent: what seems to be missing is there
        checks = (each for each in checks if each.status != _MISSING)
    every = (*problems, *checks)
    told = [each for each in every if _is_told(each, given)]
    return tuple(sorted(told, key=lambda each: not each.is_error))


def _is_told(finding: Finding, given: ToCheck) -> bool:
    if finding.field == "to":
        return bool(given.to.strip())
    if finding.field in given.explained:
        from sms_desktop.encoding.suspicious import DOCUMENTS

        return finding.document in DOCUMENTS.values()  # which nobody else tells about
    return finding.status != _MISSING or bool(given.draft)
