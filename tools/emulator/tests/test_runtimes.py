"""The Python that runs a function is of the runtime's own version."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import runtimes
from emulator.commands import command_for
from emulator.runtimes import CannotRunError, Program, find_python
from emulator.tests.support import Clients, Functions


@pytest.fixture(autouse=True)
def nothing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without other Pythons, and a uv that downloads nothing."""
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(runtimes, "_downloaded", lambda _version: None)
    runtimes._find_python.cache_clear()
    yield
    runtimes._find_python.cache_clear()


def program(path: Path, says: str) -> str:
    """A program that says what Python says of its version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return str(path)


def test_the_emulators_own_is_taken_without_its_environment() -> None:
    found = find_python(runtimes.OWN_VERSION)
    assert found is not None
    assert Path(found.path).is_relative_to(sys.base_prefix)


@pytest.mark.parametrize(
    "place",
    [
        "bin/python3.99",
        ".pyenv/versions/3.99.10/bin/python3.99",
        ".local/share/uv/python/cpython-3.99.10-linux-x86_64-gnu/bin/python3.99",
        ".asdf/installs/python/3.99.10/bin/python3.99",
        ".local/share/mise/installs/python/3.99.10/bin/python3.99",
    ],
)
def test_one_is_found_wherever_it_was_installed(tmp_path: Path, place: str) -> None:
    path = program(tmp_path / place, "echo 3.99")
    assert find_python("3.99") == Program(path, "3.99")


def test_the_newest_patch_comes_first(tmp_path: Path) -> None:
    versions = tmp_path / ".pyenv" / "versions"
    paths = [
        program(versions / v / "bin" / "python3.99", "echo 3.99") for v in ("3.99.9", "3.99.10")
    ]
    assert find_python("3.99") == Program(paths[1], "3.99")


def test_a_shim_of_pyenv_for_a_version_that_is_not_chosen_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.99", "echo 'command not found' >&2; exit 127")
    assert find_python("3.99") is None


def test_without_one_the_emulators_own_runs_what_it_can_read(
    aws: Clients, functions: Functions
) -> None:
    del aws
    functions.make("def handler(event, context):\n    return 1\n", Runtime="python3.99")
    assert functions.call() == (None, 1)


def test_without_one_a_function_says_what_to_install(functions: Functions) -> None:
    functions.make({"handler.py": "new syntax"}, Runtime="python3.99")
    _, error = functions.call()
    assert error["errorMessage"] == (
        "tested can't run here: there is no Python 3.99 on this machine, downloading it with uv "
        f"failed, and Python {runtimes.OWN_VERSION} can't read its code. Install it (uv python "
        "install 3.99, pyenv install 3.99, or with your package manager), then make down and "
        "make up."
    )


def test_the_report_says_which_functions_run(functions: Functions, endpoint: str) -> None:
    import requests

    functions.make("def handler(*_): return 1", FunctionName="fine")
    functions.make("def handler(*_): return 1", FunctionName="other", Runtime="python3.99")
    functions.make({"x": ""}, FunctionName="never", Runtime="java21")
    report = requests.get(f"{endpoint}/moto-api/groundwork/functions", timeout=30).json()
    assert report == [
        {"name": "fine", "logGroup": "/aws/lambda/fine", "runs": True, "remark": ""},
        {
            "name": "other",
            "logGroup": "/aws/lambda/other",
            "runs": True,
            "remark": "there is no Python 3.99 here, so it runs with Python "
            f"{runtimes.OWN_VERSION}",
        },
        {
            "name": "never",
            "logGroup": "/aws/lambda/never",
            "runs": False,
            "remark": "the runtime java21 does not run on the local platform; python, nodejs and "
            "provided do.",
        },
    ]


def test_a_function_of_an_image_is_refused() -> None:
    class Image:
        package_type = "Image"

    with pytest.raises(CannotRunError, match="it is a container image"):
        command_for(Image(), None)
