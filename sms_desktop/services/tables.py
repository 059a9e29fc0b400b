"""Cells of CSV files that a spreadsheet opens. Used by whatever writes CSV."""

from __future__ import annotations

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins as such gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_STARTS_A_FORMULA) else cell
