"""The ways from a request to the API or the function URL that it is meant for.

Both are parts of the emulator's own port, below a path: `/_execute-api/ID` and `/_lambda-url/ID`.
That URL works in every client, and from pods, which reach this one port. Browsers and curl, for
which every name below localhost is this machine, may also say `ID.execute-api.localhost:PORT`: then
paths begin at `/`, as they do in AWS. No bucket's name has an underscore, so moto misses nothing.
"""

import re
from typing import Any

from moto.apigatewayv2.models import Api
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from emulator import backends, function_urls, http_apis, issuer

HOST = re.compile(r"(?P<id>[a-z0-9]+)\.(?P<kind>execute-api|lambda-url)\.")
PATH = re.compile(r"/_(?P<kind>execute-api|lambda-url)/(?P<id>[a-z0-9]+)(?P<rest>/.*)?", re.DOTALL)
ANSWERS = {"execute-api": http_apis.answer, "lambda-url": function_urls.answer}


def answer(request: Request) -> Response | None:
    """Answers a request that is meant for an API, a function URL or the issuer; else None."""
    if request.path.startswith(f"{issuer.PREFIX}/"):
        return issuer.answer(request)
    below_path = PATH.fullmatch(request.path)
    if below_path is not None:
        path = below_path["rest"] or "/"
        found = ANSWERS[below_path["kind"]](below_path["id"], path, request)
        return found or Response('{"message":"Not Found"}', 404, content_type="application/json")
    of_host = HOST.match(request.host)
    if of_host is None:
        return None
    return ANSWERS[of_host["kind"]](of_host["id"], request.path, request)


def apis_answer_here() -> None:
    """APIs say where they answer, and do; functions see headers as they came, one by one."""
    dispatch = DomainDispatcherApplication.__call__
    make_environ = WSGIRequestHandler.make_environ
    describe = Api.to_json

    def corrected(self: DomainDispatcherApplication, environ: Any, start_response: Any) -> Any:
        response = answer(Request(environ))
        if response is None:
            return dispatch(self, environ, start_response)
        return response(environ, start_response)

    def corrected_environ(self: WSGIRequestHandler) -> Any:
        return {**make_environ(self), "emulator.headers": list(self.headers.items())}

    def corrected_describe(self: Api) -> dict[str, Any]:
        endpoint = f"{backends.own_address()}/_execute-api/{self.api_id}"
        return {**describe(self), "apiEndpoint": endpoint}

    DomainDispatcherApplication.__call__ = corrected
    WSGIRequestHandler.make_environ = corrected_environ  # type: ignore[method-assign]
    Api.to_json = corrected_describe
