"""Makes the sheets that are not there from the beginning. Used by the compose pane at their first use."""

from __future__ import annotations

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.binary_sheet import BinarySheet
from sms_desktop.ui.compose.card_sheet import VCalSheet, VCardSheet
from sms_desktop.ui.compose.sheet import Sheet
from sms_desktop.ui.compose.wappush_sheet import WapPushSheet
from sms_desktop.ui.reading import TaskRunner


def make_sheet(kind: Kind, *, appearance: Appearance, tasks: TaskRunner) -> Sheet:
    """The sheet of a kind that is no text."""
    match kind:
        case Kind.BINARY:
            return BinarySheet(appearance=appearance, tasks=tasks)
        case Kind.WAPPUSH:
            return WapPushSheet(appearance=appearance)
        case Kind.VCARD:
            return VCardSheet(appearance=appearance)
        case Kind.VCAL:
            return VCalSheet(appearance=appearance)
        case Kind.TEXT | Kind.UNICODE:
            raise ValueError(f"{kind} has the sheet that is there from the beginning")
