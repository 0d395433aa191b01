"""Zip archives are unpacked as Lambda unpacks them."""

import io
import os
import zipfile
from pathlib import Path

from emulator.packages import unpack, unpacked
from emulator.tests.support import zipped


def archive(name: str, text: str, mode: int) -> bytes:
    """An archive with one entry of a mode."""
    content = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    with zipfile.ZipFile(content, "w") as files:
        files.writestr(info, text)
    return content.getvalue()


def test_modes_and_links_are_kept(tmp_path: Path) -> None:
    unpack(archive("bin/brew", "", 0o100755), tmp_path)
    unpack(archive("bin/tea", "brew", 0o120777), tmp_path)
    assert os.access(tmp_path / "bin" / "brew", os.X_OK)
    assert (tmp_path / "bin" / "tea").readlink() == Path("brew")


def test_a_link_that_leads_out_is_left_out(tmp_path: Path) -> None:
    unpack(archive("tea", "../../etc/passwd", 0o120777), tmp_path)
    unpack(archive("pot", "/etc/passwd", 0o120777), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_later_layer_lies_over_an_earlier_one() -> None:
    folder = unpacked(zipped({"a": "1", "b": "1"}), zipped({"b": "2"}))
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "1", "b": "2"}
