from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor, QPalette

from sms_desktop.messages.states import State
from sms_desktop.ui.states import STATE_ICONS, state_word
from sms_desktop.ui.theme import DARK, LIGHT, PROFILE_COLOURS, Theme, contrast_ratio, high_contrast

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def surfaces(theme: Theme) -> list[QColor]:
    return [theme.window, theme.base, theme.alt, theme.sunken, theme.raised, theme.inbound]


def test_contrast_ratio_knows_its_ends() -> None:
    assert contrast_ratio(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast_ratio(QColor("red"), QColor("red")) == pytest.approx(1)


@THEMES
def test_text_can_be_read_on_every_surface(theme: Theme) -> None:
    for ink, surface in itertools.product((theme.text, theme.text2, theme.text3), surfaces(theme)):
        assert contrast_ratio(ink, surface) >= 4.5


@THEMES
def test_inks_of_states_can_be_read_where_they_stand(theme: Theme) -> None:
    grounds = [*surfaces(theme), theme.outbound, theme.selected]
    for state in State:
        ink = theme.state(state).ink
        assert contrast_ratio(ink, theme.state(state).ground) >= 4.5
        assert min(contrast_ratio(ink, ground) for ground in grounds) >= 4.5


@THEMES
def test_edges_and_accent_can_be_seen(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.raised):
        assert contrast_ratio(theme.line2, ground) >= 3
        assert contrast_ratio(theme.accent, ground) >= 4.5
    assert contrast_ratio(theme.on_accent, theme.accent) >= 4.5
    assert contrast_ratio(theme.selected_text, theme.selected) >= 4.5


@THEMES
def test_profiles_can_be_read_and_seen(theme: Theme) -> None:
    sandbox = theme.profile(sandbox=True, colour="plum")
    assert contrast_ratio(sandbox.text, sandbox.fill) >= 4.5
    assert contrast_ratio(sandbox.outline, theme.window) >= 4.5
    for name in PROFILE_COLOURS:
        live = theme.profile(sandbox=False, colour=name)
        assert contrast_ratio(live.text, live.fill) >= 7.0
        assert contrast_ratio(live.outline, theme.window) >= 6.0
        assert live.outline != sandbox.outline


@THEMES
def test_tints_carry_text(theme: Theme) -> None:
    assert len(theme.tints) == 6
    for tint in theme.tints:
        assert contrast_ratio(theme.text, tint.ground) >= 8.8
        assert contrast_ratio(tint.ink, tint.ground) >= 5.2


def test_high_contrast_takes_the_systems_colours_and_no_others() -> None:
    system = QPalette(QColor("black"))
    system.setColor(QPalette.ColorRole.WindowText, QColor("yellow"))
    theme = high_contrast(system)
    assert not theme.tinted
    assert theme.edge == 2
    for state in State:
        assert theme.state(state).ink == QColor("yellow")
    assert theme.profile(sandbox=False, colour="plum").text == QColor("yellow")


def test_every_state_has_a_word_and_an_icon_of_its_own_kind() -> None:
    for state in State:
        assert state_word(state)
        assert STATE_ICONS[state]
    told_apart = [
        State.DELIVERED,
        State.FAILED,
        State.REFUSED,
        State.EXPIRED,
        State.UNCERTAIN,
        State.PARTIAL,
        State.QUEUED,
        State.SENDING,
        State.SUBMITTED,
        State.CANCELLED,
    ]
    assert len({STATE_ICONS[state] for state in told_apart}) == len(told_apart)
