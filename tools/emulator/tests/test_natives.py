"""Native parts of packages: built for this machine, exchanged, or refused with the reason."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emulator import natives
from emulator.runtimes import OWN_VERSION, CannotRunError, Program

ARM, INTEL = b"\xb7\x00", b"\x3e\x00"
OWN = Program(sys.executable, OWN_VERSION)


def elf(machine: bytes) -> bytes:
    """The head of a library that is built for a processor."""
    return b"\x7fELF" + b"\x02" * 14 + machine


@pytest.fixture(autouse=True)
def intel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine of these tests, on which nothing was exchanged yet."""
    monkeypatch.setenv("EMULATOR_CACHE", str(tmp_path.parent / f"{tmp_path.name}-cache"))
    monkeypatch.setattr(natives, "this_machine", lambda: ("Linux", "x86_64"))


def package(folder: Path, machine: bytes, python: str = OWN_VERSION) -> Path:
    """A package with a native part, as pip unpacks its wheel."""
    tag = python.replace(".", "")
    library = folder / "tea" / f"brew.cpython-{tag}-linux.so"
    info = folder / "tea_pot-1.2.3.dist-info" / "WHEEL"
    for path in (library, info):
        path.parent.mkdir(parents=True)
    library.write_bytes(elf(machine))
    info.write_text(f"Tag: cp{tag}-cp{tag}-manylinux_2_17_aarch64\n")
    return library


def test_what_fits_stays(tmp_path: Path) -> None:
    package(tmp_path, INTEL)
    assert natives.unfit([tmp_path], OWN) == []
    assert natives.exchanged([tmp_path], OWN) is None


@pytest.mark.parametrize(("machine", "python"), [(ARM, OWN_VERSION), (INTEL, "3.99")])
def test_what_does_not_fit_is_exchanged_for_the_same_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: bytes, python: str
) -> None:
    library = package(tmp_path, machine, python)
    assert natives.unfit([tmp_path], OWN) == [library]
    commands = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        (Path(command[command.index("--target") + 1]) / "tea").mkdir()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    program = Program(str(tmp_path / f"python{python}"), OWN_VERSION)
    folder = natives.exchanged([tmp_path], program)
    assert folder is not None
    assert (folder / "tea").is_dir()
    assert natives.exchanged([tmp_path], program) == folder
    assert [command[-1] for command in commands] == ["tea_pot==1.2.3"]


def test_a_part_of_no_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "fast.so").write_bytes(elf(ARM))
    reason = (
        f"own/fast.so is built for another machine than this one (Linux x86_64, Python "
        f"{OWN_VERSION}), and comes from no wheel that could be exchanged. Build it for this one: "
        'architecture "x86_64".'
    )
    with pytest.raises(CannotRunError, match=re.escape(reason)):
        natives.exchanged([tmp_path], OWN)


def test_a_wheel_that_there_is_not_is_refused_with_what_pip_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, ARM)
    said = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(CannotRunError, match=r"does not get tea_pot==1.2.3 .*: ERROR: No matching"):
        natives.exchanged([tmp_path], Program("other", OWN_VERSION))


def test_code_that_the_emulators_python_can_not_read_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("x = 1\n")
    assert natives.works_in([tmp_path])
    (tmp_path / "bad.py").write_text("type = = 1\n")
    assert not natives.works_in([tmp_path])
