from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.encoding import hexadecimal
from sms_desktop.messages.errors import Mendable
from sms_desktop.services.octet_files import MOST_OCTETS, FileOctets, read


@given(st.binary(max_size=200))
def test_octets_as_text_or_as_they_are(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("octets")
    (folder / "spelled.txt").write_text(hexadecimal.spaced(data))
    assert read(folder / "spelled.txt") == FileOctets("spelled.txt", data, spelled=True)
    (folder / "raw").write_bytes(b"\xff" + data)
    assert read(folder / "raw") == FileOctets("raw", b"\xff" + data, spelled=False)


@pytest.mark.parametrize("octet", [b"\xff", b"a"])
def test_the_bound_holds_for_octets_and_for_text(tmp_path: Path, octet: bytes) -> None:
    file = tmp_path / "octets"
    file.write_bytes(b"\xff" * MOST_OCTETS)
    assert len(read(file).octets) == MOST_OCTETS
    for size in (2 * (MOST_OCTETS + 1), 20 * MOST_OCTETS):
        file.write_bytes(octet * size)
        with pytest.raises(Mendable, match="holds more than 35,700 octets"):
            read(file)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(Mendable, match="is no file"):
            read(tmp_path / name)
    with pytest.raises(Mendable, match="gone can't be read: No such file or directory"):
        read(tmp_path / "gone")
