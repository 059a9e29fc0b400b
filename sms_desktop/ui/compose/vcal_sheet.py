"""The pane of vCalendars: an event as a form, as a phone may show it, and as the text that is sent."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QWidget

from sms_desktop.encoding import vcal_form
from sms_desktop.encoding.property_text import FormText
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.wire import Route
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.card_fields import Spec, spoken
from sms_desktop.ui.compose.card_preview import Shown
from sms_desktop.ui.compose.card_sheet import CardSheet
from sms_desktop.ui.reading import TaskRunner


class VCalSheet(CardSheet):
    """An event."""

    def __init__(
        self, *, usual: Route, tasks: TaskRunner, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(Kind.VCAL, vcal_form, usual=usual, tasks=tasks, appearance=appearance, parent=parent)
        self.caution.show_words(
            self.tr("Few phones still take events by SMS: delivered does not mean shown.")
        )

    def specs(self) -> tuple[Spec, ...]:
        """What, when, where."""
        return (
            Spec("summary", self.tr("Summary")),
            Spec("start", self.tr("Start"), self.tr("2026-11-28 14:30, with Z behind it for UTC")),
            Spec("end", self.tr("End"), "2026-11-28 15:00"),
            Spec("all-day", "", tick=self.tr("All day")),
            Spec("location", self.tr("Location")),
            Spec("alarm", self.tr("Alarm"), self.tr("15 min before the start")),
            Spec("description", self.tr("Description")),
            Spec("categories", self.tr("Categories"), self.tr("Work, Travel"), seldom=True),
        )

    def versions(self) -> dict[str, str]:
        """1.0 is what phones take by SMS."""
        return {"1.0": "vCalendar 1.0", "2.0": "iCalendar 2.0"}

    def routes(self) -> dict[Route, str]:
        """Octets of ours, or the API's own type."""
        return {
            Route.BINARY: self.tr("Binary, port 9205"),
            Route.API: self.tr("The gateway builds it (type=vcal)"),
        }

    def file_filters(self) -> list[str]:
        """Files of events."""
        return [self.tr("Events (*.vcs *.ics)")]

    def shown(self, values: Mapping[str, str]) -> Shown:
        """An entry as a calendar shows it."""
        badge, day, hours = self._when(values)
        title = values.get("summary", "")
        if not title and len(values) > ("all-day" in values):
            title = self.tr("Event without a summary")
        alarm = values.get("alarm", "")
        rows = (
            ("clock", hours),
            ("pin", values.get("location", "")),
            ("bell", self.tr("%1 before").replace("%1", alarm) if alarm else ""),
            ("log", values.get("description", "")),
            ("link", values.get("categories", "")),
        )
        return Shown(badge, title, day, tuple((icon, text) for icon, text in rows if text))

    def kept_words(self, said: FormText) -> str:
        """A missing start, further events, and properties without a field."""
        words = []
        if said.values and "start" not in said.values:
            words.append(self.tr("An event needs a start: phones take none without."))
        if said.count > 1:
            more = self.tr("The text holds %1 events; the form shows the first, and all are sent.")
            words.append(more.replace("%1", str(said.count)))
        if said.version and said.version not in vcal_form.VERSIONS:
            other = self.tr("It is version %1, which phones may not read. Choose one to rewrite it.")
            words.append(other.replace("%1", spoken(said.version, 10)))
        if said.kept:
            kept = self.tr("Sent as they are, beyond the form: %1.")
            words.append(kept.replace("%1", spoken(", ".join(said.kept), 120)))
        return " ".join(words)

    def _when(self, values: Mapping[str, str]) -> tuple[str, str, str]:
        """The day of the month, the date, and the hours in words; all "" while there is no start."""
        try:
            start = vcal_form.parse_moment(values.get("start", ""), field="start")
        except Mendable:
            return "", "", ""
        day = QLocale().toString(QDate(start.year, start.month, start.day), "ddd d MMM yyyy")
        end = values.get("end", "").strip()
        if "all-day" in values:
            until = self.tr("All day, until %1").replace("%1", spoken(end, 20))
            return str(start.day), day, until if end else self.tr("All day")
        clock = vcal_form.say_moment(start).partition(" ")[2].removesuffix("Z") or "00:00"
        is_utc = values["start"].strip().upper().endswith(("Z", "UTC"))
        end = end.removeprefix(start.strftime("%Y-%m-%d")).strip().rstrip("Zz")
        hours = f"{clock} – {spoken(end, 20)}" if end else clock
        return str(start.day), day, f"{hours} UTC" if is_utc else hours
