"""What is asked before a message goes out. Pure; used by the compose pane when Send is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from sms_desktop.settings.preferences import Preferences, amount
from sms_desktop.settings.profiles import Profile

if TYPE_CHECKING:
    from sms_desktop.services.prices import Money


def question(profile: Profile, parts: int, cost: Money | None, preferences: Preferences) -> str | None:
    """The sentence to be answered before a message of so many parts goes; None: nothing need be asked.

    `cost` is the estimate for all parts, None where it is not known. The sandbox costs nothing: there only
    the number of parts is asked about.
    """
    too_many = 0 < preferences.confirm_parts < parts
    limit = amount(preferences.confirm_price) if preferences.confirm_price else None
    if profile.is_sandbox:
        cost = None
    too_dear = cost is not None and limit is not None and cost.amount > limit
    if not (too_many or too_dear):
        return None
    words = QCoreApplication.translate("Guard", "%n part(s)", "", parts)
    if cost is not None:
        words += ", " + QCoreApplication.translate("Guard", "about %1").replace("%1", cost.words)
    where = QCoreApplication.translate("Guard", "%1 on %2").replace("%1", words)
    if profile.is_sandbox:
        return where.replace("%2", QCoreApplication.translate("Guard", "Sandbox")) + "."
    live = QCoreApplication.translate("Guard", "%1 (live)").replace("%1", profile.name)
    return where.replace("%2", live) + "."
