"""What all panes have in common: the fields of one kind of message, as the compose pane sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind

if TYPE_CHECKING:
    from sms_desktop.services.drafting import Written
    from sms_desktop.services.prices import Price


class Sheet(QWidget):
    """The fields of one kind (or of Text and Unicode, which share one), with their live figures.

    A sheet holds what is typed and nothing else: the compose pane reads it with `draft`, has its meaning
    worked out, and gives that back with `show_written`. Its first field is its focus proxy.

    Signals: `changed()`, the person typed something; `kind_asked(kind)`, they want this as another kind;
    `noted(words)`, a sentence about what was just tried ("" takes it back); `option_chosen(name, value)`,
    they chose an option that all kinds share ("" is none): the pane keeps it, `show_written` shows it.
    """

    changed = Signal()
    kind_asked = Signal(object)
    noted = Signal(str)
    option_chosen = Signal(str, str)

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setObjectName(f"sheet_{kind.value}")

    @property
    def kind(self) -> Kind:
        """The kind that is written."""
        return self._kind

    @property
    def parts(self) -> int:
        """How many parts were worked out last; 0 while nothing is written."""
        raise NotImplementedError

    @property
    def accepts_loss(self) -> bool:
        """The person's word that characters outside GSM-7 may arrive as `?`."""
        return False

    def draft(self) -> Draft:
        """What is typed, without the options that all kinds share."""
        raise NotImplementedError

    def put(self, draft: Draft) -> None:
        """Show a draft, without telling; of its fields those that this sheet has."""
        raise NotImplementedError

    def show_written(self, written: Written) -> None:
        """Show what `draft` means: octets, parts, what stands in the way. Never asked of a text."""

    def show_price(self, price: Price | None) -> None:
        """Show what the parts cost; None where that is not known."""

    @property
    def explains(self) -> frozenset[str]:
        """The fields of which the sheet itself says what is wrong, so that nobody else need."""
        return frozenset()

    @property
    def notes(self) -> frozenset[str]:
        """The fields that say themselves, below them, why what stands in them can't be read."""
        return frozenset()

    def fields(self) -> Mapping[str, QWidget]:
        """The widgets by the API's names of what is typed in them."""
        raise NotImplementedError

    def focus(self, name: str) -> bool:
        """Put the caret into the field of a name, all of it selected; False if this sheet has none."""
        field = self.fields().get(name)
        if field is None:
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(field, QLineEdit):
            field.selectAll()
        return True
