"""The packages of functions, unpacked: code, layers, and what the runtime brings."""

import hashlib
import importlib.metadata
import io
import os
import stat
import threading
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Part of Lambda's Python runtime: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
RUNTIME_PACKAGES = (
    "boto3",
    "botocore",
    "s3transfer",
    "jmespath",
    "python-dateutil",
    "six",
    "urllib3",
)

_folder = TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True)
_lock = threading.Lock()


def new_folder(name: str) -> Path:
    """Makes a folder that goes when the emulator ends."""
    path = Path(_folder.name) / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_folder() -> Path:
    """Returns the folder for what is worth keeping when the emulator ends, if it has one."""
    return Path(os.environ.get("EMULATOR_CACHE") or _folder.name) / "wheels"


def unpacked(*archives: bytes) -> Path:
    """Returns the folder with what zip archives hold, the later over the earlier."""
    names = [hashlib.sha256(archive).hexdigest() for archive in archives]
    name = hashlib.sha256("".join(names).encode()).hexdigest()
    path = Path(_folder.name) / "unpacked" / name
    with _lock:
        if not path.exists():
            partial = new_folder(f"partial/{name}")
            for archive in archives:
                unpack(archive, partial)
            path.parent.mkdir(exist_ok=True)
            partial.rename(path)
    return path


def unpack(archive: bytes, folder: Path) -> None:
    """Unpacks a zip archive with the modes and symbolic links that are in it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for info in files.infolist():
            mode = info.external_attr >> 16
            if stat.S_ISLNK(mode):
                link(folder, info.filename, files.read(info).decode())
                continue
            path = Path(files.extract(info, folder))
            if mode and not info.is_dir():
                path.chmod(stat.S_IMODE(mode) | stat.S_IRUSR)


def link(folder: Path, name: str, target: str) -> None:
    """Makes a symbolic link, unless it leads out of the folder."""
    path = folder / name
    inside = os.path.realpath(folder)
    if not os.path.realpath(path.parent / target).startswith(inside + os.sep):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def runtime_packages(source: Path) -> tuple[Path, Path]:
    """Returns the folders of the packages that Lambda brings for Python and for Node.js.

    They are the emulator's own and the project's own, so that no function finds anything else here.
    """
    python, node = new_folder("runtime/python"), new_folder("runtime/node_modules")
    with _lock:
        for name in RUNTIME_PACKAGES:
            files = importlib.metadata.files(name) or []
            for top in {Path(each.parts[0]) for each in files if each.parts[0] not in ("..", ".")}:
                target = Path(str(importlib.metadata.distribution(name).locate_file(str(top))))
                if target.exists() and not (python / top).exists():
                    (python / top).symlink_to(target)
        for scope in ("@aws-sdk", "@smithy"):
            target = source / "node_modules" / scope
            if target.exists() and not (node / scope).exists():
                node.joinpath(scope).symlink_to(target)
    return python, node


def layer_archives(function: Any, layers: Any) -> list[bytes]:
    """Returns the archives of a function's layers, in their order."""
    versions = [layers.layers_versions_by_arn(each["Arn"]) for each in function.layers]
    return [each.code_bytes for each in versions if each is not None]
