#!/usr/bin/env python3
"""runc for a machine whose root lacks capabilities: privileged containers go without them, too."""

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> None:
    """Takes from a container, or from a process that is to run in one, what can't be given."""
    options = dict(itertools.pairwise(arguments))
    if "--bundle" in options:
        path = Path(options["--bundle"]) / "config.json"
        spec: Any = json.loads(path.read_text())
        limit(spec["process"])
        path.write_text(json.dumps(spec))
    elif "--process" in options:
        path = Path(options["--process"])
        process: Any = json.loads(path.read_text())
        limit(process)
        path.write_text(json.dumps(process))
    os.execvp("runc", ["runc", *arguments])  # noqa: S606


def limit(process: Any) -> None:
    """Leaves the capabilities that this machine's root has."""
    dump = subprocess.check_output(["setpriv", "--dump"], text=True)
    names = re.findall(r"Capability bounding set: (.*)", dump)[0].split(",")
    own = {f"CAP_{name.upper()}" for name in names}
    sets = process.get("capabilities") or {}
    for kind in sets:
        sets[kind] = [each for each in sets[kind] if each in own]


main(sys.argv[1:])
