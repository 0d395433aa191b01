"""The native parts of packages: whether they work here, and the same wheels for this machine.

A package is built for the processor of its function and for the Python of its runtime. Where this
machine has others, the wheels in it are exchanged for those of the same versions that fit.
"""

import ast
import hashlib
import platform
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from emulator.packages import kept_folder, new_folder
from emulator.runtimes import CannotRunError, Program

_PROCESSORS = {0x3E: "x86_64", 0xB7: "arm64"}
_BUILT_FOR = re.compile(r"\.cpython-3(\d+)-")
_lock = threading.Lock()


def this_machine() -> tuple[str, str]:
    """Returns this machine's system and processor, in Lambda's words."""
    processor = platform.machine()
    return platform.system(), {"aarch64": "arm64"}.get(processor, processor)


def unfit(folders: Sequence[Path], python: Program | None = None) -> list[Path]:
    """Returns the native parts that work neither on this machine nor with its Python."""
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not _fits(path, python)
    ]


def _fits(path: Path, python: Program | None) -> bool:
    if path.name != "bootstrap" and ".so" not in path.suffixes:
        return True
    with path.open("rb") as file:
        head = file.read(20)
    if head[:4] != b"\x7fELF":
        return True
    processor = _PROCESSORS.get(int.from_bytes(head[18:20], "little"))
    built_for = _BUILT_FOR.search(path.name)
    other_python = python and built_for and python.version != f"3.{built_for[1]}"
    return ("Linux", processor) == this_machine() and not other_python


def works_in(folders: Sequence[Path]) -> bool:
    """Returns true if the emulator's own Python can read all that is written in Python."""
    return all(_parses(path) for folder in folders for path in folder.rglob("*.py"))


def _parses(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True


def exchanged(folders: Sequence[Path], python: Program) -> Path | None:
    """Returns a folder with the wheels that fit, or None where all native parts do already.

    Throws CannotRunError where a native part is of no wheel, or no wheel of that version fits.
    """
    natives = unfit(folders, python)
    if not natives:
        return None
    wheels = sorted(
        info.parent.name.removesuffix(".dist-info").replace("-", "==", 1)
        for folder in folders
        for info in folder.rglob("*.dist-info/WHEEL")
        if "-any" not in info.read_text()
    )
    name = hashlib.sha256(" ".join([python.version, *wheels]).encode()).hexdigest()
    folder = kept_folder() / name
    with _lock:
        if wheels and not folder.exists():
            # Kept once it is whole.
            partial = new_folder(f"partial/{name}")
            _install(wheels, python, partial)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(partial, folder)
    for path in natives:
        root = next(each for each in folders if path.is_relative_to(each))
        parts = path.relative_to(root).parts
        if not any((folder / part).exists() for part in parts[:-1]):
            raise CannotRunError(
                f"{path.relative_to(root)} is built for another machine than this one "
                f"({' '.join(this_machine())}, Python {python.version}), and comes from no wheel "
                "that could be exchanged. Build it for this one: "
                f'architecture "{this_machine()[1]}".'
            )
    return folder


def _install(wheels: Sequence[str], python: Program, folder: Path) -> None:
    print(f"Getting {', '.join(wheels)} for this machine", flush=True)  # noqa: T201
    done = subprocess.run(  # noqa: S603 - pip, with the names in the package
        [
            *(sys.executable, "-m", "pip", "--python", python.path, "install", "--quiet"),
            *("--no-input", "--disable-pip-version-check", "--no-deps", "--no-compile"),
            *("--only-binary", ":all:", "--target", str(folder), *wheels),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise CannotRunError(
            f"its packages are built for another machine than this one "
            f"({' '.join(this_machine())}, Python {python.version}), and pip does not get "
            f"{', '.join(wheels)} for it: {''.join(said)}"
        )
