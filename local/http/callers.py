"""Who may call a port of this machine: programs that use one of its names, and web pages only where they are meant to.

Any page that a person has open can send requests to 127.0.0.1. Its browser says so: by an Origin, and by Sec-Fetch-Site
(Fetch Metadata, W3C). A page whose own name was made to lead here (DNS rebinding) is told by its Host.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from local.http.presigned import is_presigned
from local.http.request_body import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import WSGIApplication

NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "host.docker.internal"})
SUBDOMAINS = (".localhost", ".host.docker.internal")  # an SDK writes a bucket before the endpoint's name
TYPED_BY_A_PERSON = "none"  # a Sec-Fetch-Site that no page can cause
OF_OTHER_SERVICES = ("HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET")  # by these moto would choose another than S3
PREFLIGHT_S = "3000"

Environ = dict[str, Any]


def is_this_machine(host: str, port: int) -> bool:
    """Whether a Host header names this machine, and the port that was asked."""
    name, _, asked = host.lower().rpartition(":")
    return asked == str(port) and (name in NAMES or name.endswith(SUBDOMAINS))


def is_web_page(headers: Callable[[str], str | None]) -> bool:
    """Whether a page, and not a program or a person, made a request; `headers` finds one by its name."""
    return headers("Origin") is not None or (headers("Sec-Fetch-Site") or TYPED_BY_A_PERSON) != TYPED_BY_A_PERSON


def by_our_names(application: WSGIApplication, port: int, refuse: Callable[[Refused], Response]) -> WSGIApplication:
    """Pass on only what was asked under a name of this machine."""

    def guarded(environ: Environ, start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not is_this_machine(host, port):
            answer = refuse(Refused(403, f"Ask for this under a name of this machine, such as 127.0.0.1:{port}."))
            return answer(environ, start_response)
        return application(environ, start_response)

    return guarded


def no_pages_but_uploads(
    application: WSGIApplication, bucket: Callable[[], str], secret: str, refuse: Callable[[Refused], Response]
) -> WSGIApplication:
    """Keep web pages away from the cloud, but for what its bucket's CORS rule lets them do: POST what was signed."""

    def guarded(environ: Environ, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if not is_web_page(request.headers.get):
            return application(environ, start_response)
        if not _is_for_bucket(request, bucket()):
            answer = refuse(Refused(403, "Web pages may not ask this; only programs may."))
        elif request.method == "OPTIONS":
            answer = _preflight(request)
        elif _is_upload(request, bucket(), secret):
            environ.pop("HTTP_ORIGIN", None)
            answer = Response.from_app(application, environ)
            answer.headers["Access-Control-Allow-Origin"] = "*"
        else:
            answer = refuse(Refused(403, "Web pages may only POST an upload here, by a form that the API has signed."))
        return answer(environ, start_response)

    return guarded


def _is_for_bucket(request: Request, bucket: str) -> bool:
    is_virtual_host = request.host.startswith(f"{bucket}.") and request.path == "/"
    return (is_virtual_host or request.path.rstrip("/") == f"/{bucket}") and not request.query_string


def _preflight(request: Request) -> Response:
    allowed = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", "*"),
        "Access-Control-Max-Age": PREFLIGHT_S,
    }
    return Response(status=200, headers=allowed)


def _is_upload(request: Request, bucket: str, secret: str) -> bool:
    if request.method != "POST" or any(name in request.environ for name in OF_OTHER_SERVICES):
        return False
    body = request.environ["wsgi.input"].read()
    request.environ["wsgi.input"] = io.BytesIO(body)
    with Request({**request.environ, "wsgi.input": io.BytesIO(body)}) as posted:
        return is_presigned(posted.form.to_dict(flat=False), bucket, secret)
