"""Helpers of the emulator's tests."""

import base64
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from typing import Any

Clients = Callable[[str], Any]


class Functions:
    """Makes functions from source code, and calls them."""

    def __init__(self, aws: Clients) -> None:
        self.lambdas = aws("lambda")
        role = aws("iam").create_role(RoleName="functions", AssumeRolePolicyDocument="{}")
        self.role = role["Role"]["Arn"]

    def make(self, source: str | dict[str, str], **settings: Any) -> str:
        """Makes a function; its code is `handler.py` unless files are named."""
        files = {"handler.py": source} if isinstance(source, str) else source
        name = settings.pop("FunctionName", "tested")
        self.lambdas.create_function(
            **{
                "FunctionName": name,
                "Runtime": f"python3.{sys.version_info[1]}",
                "Role": self.role,
                "Handler": "handler.handler",
                "Code": {"ZipFile": zipped(files)},
                **settings,
            }
        )
        return name

    def call(self, name: str = "tested", event: Any = None, **settings: Any) -> Any:
        """Calls a function, and returns whether it failed, and its answer."""
        payload = json.dumps(event)
        answer = self.lambdas.invoke(FunctionName=name, Payload=payload, **settings)
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    @staticmethod
    def tail(answer: Any) -> list[str]:
        """The lines of the log that came with an answer."""
        return base64.b64decode(answer["LogResult"]).decode().splitlines()


def zipped(files: dict[str, str]) -> bytes:
    """Returns files as a zip archive; those named `bootstrap` can be executed."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o755 if name.endswith("bootstrap") else 0o644) << 16
            archive.writestr(info, text)
    return content.getvalue()


def eventually(look: Callable[[], Any], wanted: Any, seconds: float = 15) -> None:
    """Asserts that something becomes what is wanted."""
    end = time.monotonic() + seconds
    while (seen := look()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert seen == wanted
