"""IAM between a function and AWS: what its role does not allow is answered with AccessDenied, as AWS words it."""

from __future__ import annotations

import io
import json
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from local.iam.calls import ACCOUNT, Asked, Call, calls
from local.iam.policies import allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from local.iam.policies import Allowed, Statement

PREFIX = "role-"  # of the access key by which a function signs; its logical id follows
CREDENTIAL = re.compile(rf"{PREFIX}(\w+)/\d{{8}}/([\w-]+)/([\w-]+)/aws4_request")
NO_SUCH_KEY = 404
SIGNED = "cari.signed"  # where the WSGI environment says who calls, and what
JSON_BODIES = frozenset({"codedeploy", "dynamodb", "sqs", "kms", "rekognition"})


@dataclass(frozen=True)
class Caller:
    """The function that signed a request, and for which service of which region."""

    function: str
    region: str
    service: str


@dataclass
class Iam:
    """Every function's role, and a file that keeps which of its statements were used."""

    roles: Mapping[str, Sequence[Statement]]
    used: Path | None = None
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refused(self, caller: Caller, asked: Asked) -> Call | None:
        """Give the first call of a request that the function may not make; None where it may make all."""
        for call in calls(caller.service, caller.region, asked):
            by = allowed(self.roles.get(caller.function, ()), call)
            self._note(caller.function, call, by)
            if by is None:
                return call
        return None

    def may(self, function: str, call: Call) -> bool:
        """Say whether a function may make a call that it did not make."""
        return allowed(self.roles.get(function, ()), call) is not None

    def _note(self, function: str, call: Call, by: Allowed | None) -> None:
        """Keep action, statement and the number of its resource; the resource itself names tenants."""
        if self.used is None:
            return
        line = json.dumps([function, call.action, by.sid if by else None, by.resource if by else None])
        with self._lock:
            if line not in self._seen:
                self._seen.add(line)
                with self.used.open("a") as file:
                    file.write(f"{line}\n")


def enforced(application: WSGIApplication, iam: Iam) -> WSGIApplication:
    """Let through what the signer's role allows, and what no function signed."""

    def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        caller, asked = _read(request)
        if caller is None:
            return application(environ, start_response)
        if refused := iam.refused(caller, asked):
            return denied(caller, refused)(environ, start_response)
        environ[SIGNED] = (caller, asked)
        answer = Response.from_app(application, environ)
        if answer.status_code == NO_SUCH_KEY and caller.service == "s3":
            answer = _hidden(answer, caller, asked, iam)
        return answer(environ, start_response)

    return guarded


def _read(request: Request) -> tuple[Caller | None, Asked]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    is_form = headers.get("content-type", "").startswith("multipart/form-data")
    signed = headers.get("authorization", "") or request.args.get("X-Amz-Credential", "")
    body: dict[str, Any] = {}
    if is_form and "authorization" not in headers:
        body = _form(request)
        signed = str(body.get("x-amz-credential", ""))
    found = CREDENTIAL.search(signed)
    if not found:
        return None, Asked(request.method, request.url, headers)
    caller = Caller(found[1], found[2], found[3])
    if caller.service in JSON_BODIES:
        body = json.loads(_whole(request) or b"{}")
    elif caller.service == "s3" and "delete" in request.args:
        body = {"Objects": objects_of(_whole(request))}
    return caller, Asked(request.method, request.url, headers, body)


def _whole(request: Request) -> bytes:
    """Read the body, and leave it to be read again."""
    body = request.environ["wsgi.input"].read(int(request.headers.get("Content-Length") or 0))
    request.environ["wsgi.input"] = io.BytesIO(body)
    return bytes(body)


def _form(request: Request) -> dict[str, str]:
    copy = Request({**request.environ, "wsgi.input": io.BytesIO(_whole(request))})
    with copy:
        return {name.lower(): value for name, value in copy.form.items()}


def objects_of(xml: bytes) -> list[dict[str, str]]:
    """Read the keys and versions of a DeleteObjects request."""
    parsed = ET.fromstring(xml)  # noqa: S314  # botocore wrote it
    return [
        {part.tag.rpartition("}")[2]: part.text or "" for part in each}
        for each in parsed
        if each.tag.endswith("Object")
    ]


def denied(caller: Caller, call: Call) -> Response:
    """Answer in the service's own form that a call is not allowed."""
    who = f"arn:aws:sts::{ACCOUNT}:assumed-role/{caller.function}Role/{caller.function}"
    sentence = (
        f"User: {who} is not authorized to perform: {call.action} on resource: {call.resource} "
        f"because no identity-based policy allows the {call.action} action"
    )
    if caller.service == "s3":
        return _s3_denied(sentence)
    if caller.service in JSON_BODIES:
        answer = {"__type": "AccessDeniedException", "Message": sentence, "message": sentence}
        return Response(json.dumps(answer), 400, content_type="application/x-amz-json-1.0")
    return Response(
        json.dumps({"Message": sentence}),
        403,
        {"x-amzn-ErrorType": "AccessDeniedException"},
        content_type="application/json",
    )


def _s3_denied(sentence: str) -> Response:
    xml = f"<Error><Code>AccessDenied</Code><Message>{escape(sentence)}</Message></Error>"
    return Response(xml, 403, content_type="application/xml")


def _hidden(missing: Response, caller: Caller, asked: Asked, iam: Iam) -> Response:
    """Answer as S3 does to somebody who may not list the bucket: that an object is missing is not told."""
    key = calls("s3", caller.region, asked)[0].resource
    bucket, _, name = key.partition("/")
    listing = Call("s3:ListBucket", bucket, {"s3:prefix": (name,)})
    return missing if not name or iam.may(caller.function, listing) else denied(caller, listing)
