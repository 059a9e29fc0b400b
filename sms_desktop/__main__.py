"""Where `sms-desktop` and `python -m sms_desktop` begin; the window itself is put together in app."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run sms-desktop and exit with its status."""
    # Importing makes many objects and no garbage: collecting meanwhile would delay the first paint by a
    # twentieth. app collects again once the window is painted.
    gc.disable()
    from sms_desktop.ui.plain_import import use_plain_import

    use_plain_import()
    from sms_desktop.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
