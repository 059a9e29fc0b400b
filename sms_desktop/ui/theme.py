"""The colour roles of the window, light, dark and high contrast, as one frozen value.

Read by everything that paints.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from PySide6.QtGui import QColor, QPalette

from sms_desktop.messages.states import State


class Scheme(StrEnum):
    """Which table of colours is in use."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tint(NamedTuple):
    """A pale ground and the ink that stands on it."""

    ground: QColor
    ink: QColor


class Theme(NamedTuple):
    """Every colour by its role.

    `line` is decoration; `line2` is the edge of a control. Texts are `text`, `text2` (secondary) and `text3`
    (placeholders). `ok`, `bad` and `warn` are inks of states, each with its ground. `edge` is the width of a
    control's edge in logical pixels; `tinted` is False where no ground may be drawn (high contrast).
    """

    scheme: Scheme
    window: QColor
    base: QColor
    alt: QColor
    sunken: QColor
    raised: QColor
    line: QColor
    line2: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    on_accent: QColor
    selected: QColor
    hover: QColor
    ok: QColor
    ok_ground: QColor
    bad: QColor
    bad_ground: QColor
    warn: QColor
    warn_ground: QColor
    outbound: QColor
    inbound: QColor
    sandbox: QColor
    sandbox_ground: QColor
    tints: tuple[Tint, ...]
    button: QColor
    selected_text: QColor
    edge: int = 1
    tinted: bool = True

    @property
    def is_dark(self) -> bool:
        """True if the frame is darker than its text."""
        return self.window.lightness() < self.text.lightness()

    def profile(self, *, sandbox: bool, colour: str) -> ProfileColours:
        """The colours of a profile: teal for the sandbox, one of `PROFILE_COLOURS` for a live one."""
        if self.scheme is Scheme.CONTRAST:
            return ProfileColours(self.base, self.text, self.text)
        if sandbox:
            return ProfileColours(self.sandbox_ground, self.sandbox, self.sandbox)
        fill, outline = PROFILE_COLOURS.get(colour, PROFILE_COLOURS["plum"])
        if not self.is_dark:
            return ProfileColours(QColor(fill), QColor("#FFFFFF"), QColor(fill))
        # Plum on the dark frame would glare: it is darkened there and keeps its outline.
        return ProfileColours(
            QColor("#6B2A5B" if fill == "#8A2A73" else fill), QColor("#FFFFFF"), QColor(outline)
        )

    def state(self, state: State) -> Tint:
        """The ground and ink of a message's state."""
        match state:
            case State.DELIVERED:
                return Tint(self.ok_ground, self.ok)
            case State.FAILED | State.REJECTED | State.EXPIRED | State.REFUSED:
                return Tint(self.bad_ground, self.bad)
            case State.UNCERTAIN | State.PARTIAL:
                return Tint(self.warn_ground, self.warn)
            case _:
                return Tint(self.alt, self.text2)

    def palette(self) -> QPalette:
        """The palette for Qt's own controls; roles without a slot there are read from this value."""
        if self.scheme is Scheme.CONTRAST:
            return QPalette()
        palette = QPalette()
        role = QPalette.ColorRole
        for colour, roles in (
            (self.window, (role.Window,)),
            (self.button, (role.Button,)),
            (self.base, (role.Base,)),
            (self.alt, (role.AlternateBase,)),
            (self.raised, (role.ToolTipBase, role.Light)),
            (self.line, (role.Mid, role.Midlight)),
            (self.line2, (role.Dark, role.Shadow)),
            (self.text, (role.WindowText, role.Text, role.ButtonText, role.ToolTipText)),
            (self.text3, (role.PlaceholderText,)),
            (self.accent, (role.Accent, role.Highlight, role.Link, role.LinkVisited)),
            (self.on_accent, (role.HighlightedText, role.BrightText)),
        ):
            for one in roles:
                palette.setColor(one, colour)
        for one in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, self.text3)
        palette.setColor(QPalette.ColorGroup.Disabled, role.Base, self.window)
        palette.setColor(role.Midlight, self.hover)
        palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, self.selected)
        palette.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, self.text)
        return palette


class ProfileColours(NamedTuple):
    """How a profile is drawn: fill of its button and of Send, text on it, outline and rail."""

    fill: QColor
    text: QColor
    outline: QColor


PROFILE_COLOURS = {
    "plum": ("#8A2A73", "#E59AD3"),
    "indigo": ("#3B4BA8", "#A9B4FF"),
    "violet": ("#5B3FA0", "#C3A2F5"),
    "steel": ("#35506E", "#9FBFE0"),
    "cocoa": ("#5A4038", "#D8B3A4"),
    "graphite": ("#454B52", "#B4BBC3"),
}
"""The colours that a live profile may have: fill in both themes, outline and rail in dark."""


def _theme(scheme: Scheme, tints: str, **colours: str) -> Theme:
    pairs = [pair.split("/") for pair in tints.split()]
    roles: dict[str, Any] = {name: QColor(value) for name, value in colours.items()}
    return Theme(
        scheme=scheme, tints=tuple(Tint(QColor(ground), QColor(ink)) for ground, ink in pairs), **roles
    )


LIGHT = _theme(
    Scheme.LIGHT,
    "#D6E6FB/#1F57B8 #D9F0E0/#1C6B3C #ECE0F8/#6A3BA8 #FAE8CC/#7F4E00 #D3EEF0/#0A6470 #F9DDE6/#A02A57",
    window="#F1F3F5",
    base="#FFFFFF",
    alt="#F7F8FA",
    sunken="#E7EAED",
    raised="#FFFFFF",
    line="#D9DDE1",
    line2="#7B848D",
    text="#1A1E22",
    text2="#4C555E",
    text3="#5E6770",
    accent="#1F57B8",
    on_accent="#FFFFFF",
    selected="#DCE7F8",
    hover="#EBEEF1",
    ok="#1C6B3C",
    ok_ground="#E8F4EC",
    bad="#AE231C",
    bad_ground="#FCEEED",
    warn="#7F4E00",
    warn_ground="#FDF3DF",
    outbound="#E3ECFA",
    inbound="#EEF0F3",
    sandbox="#0B655D",
    sandbox_ground="#E2F3F0",
    button="#F1F3F5",
    selected_text="#1A1E22",
)

DARK = _theme(
    Scheme.DARK,
    "#22395C/#8CB4FF #1F4130/#74D194 #3D2E55/#C3A2F5 #493A1B/#F0BC5E #1B4349/#6CD0DC #4F2B3B/#F59ABB",
    window="#25282C",
    base="#1A1C1F",
    alt="#202327",
    sunken="#2E3237",
    raised="#2A2E32",
    line="#3A3F45",
    line2="#868F98",
    text="#E7E9EB",
    text2="#B4BBC3",
    text3="#A3ABB4",
    accent="#8CB4FF",
    on_accent="#0E1A30",
    selected="#2B3F61",
    hover="#2F3439",
    ok="#74D194",
    ok_ground="#1B3124",
    bad="#FF9C92",
    bad_ground="#3D2220",
    warn="#F0BC5E",
    warn_ground="#382C15",
    outbound="#263B5E",
    inbound="#2C3035",
    sandbox="#5FD0C1",
    sandbox_ground="#17342F",
    button="#33383D",
    selected_text="#E7E9EB",
)


def high_contrast(system: QPalette) -> Theme:
    """The theme where the system asks for contrast.

    Its own palette, `WindowText` for every ink, no tints, wide edges.
    """
    window = system.color(QPalette.ColorRole.Window)
    base = system.color(QPalette.ColorRole.Base)
    text = system.color(QPalette.ColorRole.WindowText)
    highlight = system.color(QPalette.ColorRole.Highlight)
    on_highlight = system.color(QPalette.ColorRole.HighlightedText)
    colours: dict[str, Any] = {
        name: text for name in Theme._fields if name not in ("scheme", "tints", "edge", "tinted")
    }
    grounds = (
        "base",
        "alt",
        "sunken",
        "raised",
        "hover",
        "ok_ground",
        "bad_ground",
        "warn_ground",
        "outbound",
        "inbound",
    )
    colours |= dict.fromkeys((*grounds, "sandbox_ground"), base)
    colours |= {"window": window, "button": system.color(QPalette.ColorRole.Button)}
    colours |= {
        "accent": highlight,
        "on_accent": on_highlight,
        "selected": highlight,
        "selected_text": on_highlight,
    }
    return Theme(scheme=Scheme.CONTRAST, tints=(Tint(base, text),) * 6, edge=2, tinted=False, **colours)


def contrast_ratio(one: QColor, other: QColor) -> float:
    """The contrast of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
