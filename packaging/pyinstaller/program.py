"""Where the frozen program begins: one file with two names, sms-desktop and smsctl, and one runtime for both."""

import os
import sys


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
if os.path.basename(sys.argv[0]) == "smsctl":
    from sms_desktop.cli import main
else:
    from sms_desktop.__main__ import main
main()
