"""Options that several commands of `smsctl messages` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

MOST = 10_000
"""Rows that one command prints."""
_Function = TypeVar("_Function", bound=Callable[..., Any])


def json_option(function: _Function) -> _Function:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def profile_option(function: _Function) -> _Function:
    """`--profile`."""
    return click.option(
        "--profile", "profile_name", default="sandbox", show_default=True, metavar="NAME", help="Whose."
    )(function)


def limit_option(function: _Function) -> _Function:
    """`--limit`."""
    return click.option(
        "--limit", type=click.IntRange(1, MOST), default=50, show_default=True, help="At most."
    )(function)
