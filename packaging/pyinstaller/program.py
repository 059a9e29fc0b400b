"""Where the frozen program begins: one file with two names, sms-desktop and smsctl."""

import os
import sys
from pathlib import Path


def _restore_environment() -> None:
    """Put LD_LIBRARY_PATH back as the person had it.

    PyInstaller points it at our own libraries. The loader has read it by now, and programs that we start, a
    browser say, must find theirs.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


_restore_environment()
if Path(sys.argv[0]).name == "smsctl":
    from sms_desktop import cli

    cli.main()
else:
    from sms_desktop.__main__ import main

    main()
