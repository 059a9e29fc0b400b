from __future__ import annotations

import subprocess
import sys


def test_no_source_is_read_for_pysides_switches() -> None:
    code = """
import builtins, linecache
from sms_desktop.ui.plain_import import use_plain_import
use_plain_import()
import sms_desktop.ui.main_window
assert builtins.__import__.__name__ != "__feature_import__"
read = [file for file in linecache.cache if "sms_desktop" in file and "plain_import" not in file]
assert len(read) <= 3, read  # the entry and its packages were imported before
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
