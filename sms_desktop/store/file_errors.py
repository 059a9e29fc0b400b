"""What SQLite and the system say, as sentences for people. Used wherever the store's file is touched."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sms_desktop.messages.errors import Mendable, OurFault, SmsDesktopError, TryLater

if TYPE_CHECKING:  # imported at first use
    import apsw

DAMAGE_HINT = (
    "`smsctl store restore` brings a kept backup back; `smsctl store salvage` saves what can be read."
)


@contextmanager
def in_words(file: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into our errors."""
    import apsw

    try:
        yield
    except apsw.Error as error:
        raise _translated(error, file) from error
    except PermissionError as error:
        raise Mendable(
            f"{file} can't be opened: {error.strerror}. The folder must be yours to write."
        ) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(file) from error
        raise TryLater(f"{file} can't be used: {error.strerror}.") from error


def damaged(file: Path) -> Mendable:
    """The error for a file that SQLite can't read."""
    return Mendable(
        f"{file} is damaged, or is not a store of SMS Desktop. Restore a backup of it, or move it away.",
        hint=DAMAGE_HINT,
    )


def _translated(error: apsw.Error, file: Path) -> SmsDesktopError:
    import apsw

    match error:
        case apsw.FullError():
            return _full(file)
        case apsw.IOError() if getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_SHMSIZE:
            # What it can't extend is the index of the log, which it makes whenever the store is opened.
            return _full(file)
        case apsw.BusyError() | apsw.LockedError():
            return TryLater(f"{file} is in use by another program for too long. Try again.")
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError():
            return Mendable(f"{file} can't be written. The file and its folder must be yours to write.")
        case apsw.CorruptError() | apsw.NotADBError():
            return damaged(file)
        case apsw.IOError():
            return TryLater(f"Reading or writing {file} failed. Check the disk.")
        case _:
            return OurFault(f"The store refused a step of this program ({type(error).__name__}: {error}).")


def _full(file: Path) -> TryLater:
    return TryLater(f"The disk of {file.parent} is full. Nothing was lost; free some space and try again.")
