"""The line at the foot of the window: relay, last event, queue, balance, each with icon and words.

Made by the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.times import clock

if TYPE_CHECKING:  # comes with the workers, after the first paint
    from sms_desktop.background.status import ProfileStatus


class StatusLine(QWidget):
    """Mirrors `ProfileStatus` in words."""

    def __init__(self, profile: Profile, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._profile = profile
        self.setObjectName("status_line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.relay = IconLabel(appearance=appearance, icon="relay", tone="quiet", caption=True)
        self.relay.setObjectName("status_relay")
        self.event_time = IconLabel(appearance=appearance, icon="clock", tone="quiet", caption=True)
        self.event_time.setObjectName("status_event")
        self.queue = IconLabel(appearance=appearance, icon="queue", tone="quiet", caption=True)
        self.queue.setObjectName("status_queue")
        self.balance = IconLabel(appearance=appearance, icon="balance", tone="quiet", caption=True)
        self.balance.setObjectName("status_balance")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(24)
        for item in (self.relay, self.event_time, self.queue, self.balance):
            layout.addWidget(item)
        layout.addStretch(1)
        self.relay.show_words(self._starting(), icon="relay", tone="quiet")
        self._show_last_event(None)
        self._show_queue(0, None)
        self.show_balance(None)
        appearance.changed.connect(self._restyle)

    def show_status(self, status: ProfileStatus) -> None:
        """Say how it stands."""
        words, icon, tone = self._relay_words(status)
        self.relay.show_words(words, icon=icon, tone=tone)
        self.relay.setToolTip(status.relay_detail)
        self.relay.setAccessibleDescription(status.relay_detail)
        self._show_last_event(status.last_event_us)
        self._show_queue(status.queued, status.sender_waits_for)

    def _show_last_event(self, at_us: int | None) -> None:
        if at_us is None:
            self.event_time.show_words(self.tr("No event yet"))
        else:
            at = clock(at_us, seconds=True)
            self.event_time.show_words(self.tr("Last event %1").replace("%1", at))

    def _show_queue(self, queued: int, waits_for: str | None) -> None:
        queue = self.tr("Queue %1").replace("%1", f"{queued:,}")
        if waits_for:
            queue = self.tr("%1, waiting for: %2").replace("%1", queue).replace("%2", waits_for)
        self.queue.show_words(queue)

    def show_balance(self, balance: str | None) -> None:
        """Say what is left on the account, as the gateway told it last; None: it tells nothing."""
        words = "" if balance is None else self.tr("Balance %1").replace("%1", balance)
        self.balance.show_words(words)
        self.balance.setVisible(bool(words))

    def _starting(self) -> str:
        if self._profile.is_sandbox:
            return self.tr("Built-in servers are starting")
        return self.tr("Connecting to the relay")

    def _relay_words(self, status: ProfileStatus) -> tuple[str, str, Tone]:
        from sms_desktop.background.status import RelayCondition

        built_in = self._profile.is_sandbox
        match status.relay:
            case RelayCondition.STARTING:
                return self._starting(), "relay", "quiet"
            case RelayCondition.CONNECTED if built_in and not status.behind:
                return self.tr("Relay built in, running"), "relay", "quiet"
            case RelayCondition.CONNECTED:
                words = self.tr("Relay connected · %1 behind").replace("%1", f"{status.behind:,}")
                return words, "relay", "quiet"
            case RelayCondition.UNREACHABLE:
                since = status.trouble.since_us if status.trouble is not None else 0
                if since:
                    return (
                        self.tr("Relay unreachable since %1").replace("%1", clock(since)),
                        "relay-off",
                        "bad",
                    )
                return self.tr("Relay unreachable"), "relay-off", "bad"
            case RelayCondition.REFUSED:
                return self.tr("The relay refused this computer"), "relay-off", "bad"
            case RelayCondition.NONE:
                return self.tr("No relay: receipts and replies can't come in"), "relay-off", "warn"
            case RelayCondition.GAP:
                return self.tr("Events are missing"), "warning", "bad"
            case RelayCondition.ELSEWHERE:
                return (
                    self.tr("Another program of yours sends and receives for this profile"),
                    "relay",
                    "quiet",
                )
            case RelayCondition.STOPPED:
                return self.tr("Relay stopped"), "relay-off", "quiet"

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """One line of small text."""
        return QSize(300, max(26, round(QFontMetricsF(self._appearance.fonts.caption).lineSpacing() + 10)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline above."""
        painter = QPainter(self)
        theme = self._appearance.theme
        painter.fillRect(self.rect(), theme.window)
        painter.fillRect(0, 0, self.width(), 1, theme.line)
