"""Reports of the emulator on itself, below /moto-api/groundwork/: nothing of AWS is there."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.server import DomainDispatcherApplication

from emulator.commands import command_for
from emulator.runtimes import CannotRunError

PATH = "/moto-api/groundwork/"


def functions() -> Iterator[dict[str, Any]]:
    """Yields each function with the remark or the reason that belongs to how it runs here."""
    for regions in list(lambda_backends.values()):
        for backend in list(regions.values()):
            for function in list(backend.list_functions()):
                known = {"name": function.function_name, "logGroup": function.logs_group_name}
                yield {**known, **_how_it_runs(function, backend)}


def _how_it_runs(function: Any, backend: Any) -> dict[str, Any]:
    try:
        return {"runs": True, "remark": command_for(function, backend).remark}
    except CannotRunError as reason:
        return {"runs": False, "remark": str(reason)}


REPORTS: dict[str, Callable[[], Iterable[Any]]] = {"functions": functions}


def reports_are_given() -> None:
    """A GET of a report's path answers with it as JSON."""
    answer = DomainDispatcherApplication.__call__

    def corrected(
        self: DomainDispatcherApplication, environ: dict[str, Any], start_response: Any
    ) -> Any:
        report = REPORTS.get(environ.get("PATH_INFO", "").removeprefix(PATH))
        if report is None:
            return answer(self, environ, start_response)
        body = json.dumps(list(report())).encode()
        size = str(len(body))
        headers = [("Content-Type", "application/json"), ("Content-Length", size)]
        start_response("200 OK", headers)
        return [body]

    DomainDispatcherApplication.__call__ = corrected
