"""The programs that run functions: which of this machine's fits a runtime.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OWN_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
_DOWNLOAD_SECONDS = 300
_lock = threading.Lock()


class CannotRunError(Exception):
    """A function does not run on this machine; the text says why, and what to do."""


@dataclass(frozen=True)
class Program:
    """A program that runs functions of a runtime."""

    path: str
    version: str


@functools.cache
def find_node() -> Program:
    """Returns the machine's Node.js, whatever its version."""
    path = shutil.which("node")
    if path is None:
        raise CannotRunError("there is no node on PATH. Install Node.js.")
    return Program(path, _said_by(path, "--version") or "unknown")


def find_python(version: str) -> Program | None:
    """Returns a Python of a version such as 3.13, downloaded by uv where the machine has none."""
    # Under a lock, so that calls that come together download once.
    with _lock:
        return _find_python(version)


# A failure is kept as well for as long as the emulator runs: each try takes seconds.
@functools.cache
def _find_python(version: str) -> Program | None:
    there = (path for path in _pythons(version) if _is_python(path, version))
    path = next(there, None) or _downloaded(version)
    return None if path is None else Program(path, version)


def own_python() -> Program:
    """Returns the emulator's own Python, without the packages of its environment."""
    program = find_python(OWN_VERSION)
    return program or Program(sys.executable, OWN_VERSION)


def _pythons(version: str) -> Iterator[str]:
    """Yields the paths at which a Python of a version may be, the likeliest first."""
    if version == OWN_VERSION:
        # Not that of the emulator's environment, whose packages no function must find.
        yield str(Path(sys.base_prefix) / "bin" / f"python{version}")
        yield getattr(sys, "_base_executable", sys.executable)
    on_path = shutil.which(f"python{version}")
    if on_path is not None:
        yield on_path
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    folders = [
        *_newest(uv, f"cpython-{version}.*"),
        *_newest(pyenv / "versions", f"{version}.*"),
        *_newest(home / ".asdf" / "installs" / "python", f"{version}.*"),
        *_newest(data / "mise" / "installs" / "python", f"{version}.*"),
        Path("/opt/homebrew/opt") / f"python@{version}",
        Path("/usr/local/opt") / f"python@{version}",
        Path("/Library/Frameworks/Python.framework/Versions") / version,
    ]
    yield from (str(folder / "bin" / f"python{version}") for folder in folders)


def _newest(folder: Path, pattern: str) -> list[Path]:
    def patch(path: Path) -> int:
        digits = path.name.split(".")[2:3] or ["0"]
        return int("".join(filter(str.isdigit, digits[0].split("-")[0])) or 0)

    return sorted(folder.glob(pattern), key=patch, reverse=True)


def _is_python(path: str, version: str) -> bool:
    """Returns true for a Python of the version: pyenv's shims are there for any of them."""
    code = "import sys, ssl, ctypes; print('%d.%d' % sys.version_info[:2])"
    return _said_by(path, "-S", "-c", code) == version


def _downloaded(version: str) -> str | None:
    """Has uv, which is among the emulator's packages, download a Python into its own folder."""
    uv = Path(sys.prefix) / "bin" / "uv"
    if not uv.exists():
        return None
    print(f"Downloading Python {version} for functions", flush=True)  # noqa: T201
    managed = ("--managed-python", "--no-project", "--no-config")
    if _said_by(str(uv), "python", "install", version, "--no-bin", "--no-config") is None:
        return None
    return _said_by(str(uv), "python", "find", version, *managed)


def _said_by(*command: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - programs of this machine
            command, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
