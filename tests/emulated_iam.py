"""IAM for functions that run in this process: while one's handler runs, its role decides on every call."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import botocore.handlers
from botocore.awsrequest import AWSResponse

from functions.annotated import app as annotated
from functions.authorizer import app as authorizer
from functions.batch import app as batch
from functions.docs import app as docs
from functions.keys import app as keys
from functions.records import app as records
from functions.sandbox import app as sandbox
from functions.verify import app as verify
from functions.worker import app as worker
from local import template
from local.iam import enforced, roles
from local.iam.calls import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from botocore.awsrequest import AWSPreparedRequest

REGION = "eu-west-1"
FUNCTIONS = {
    "AnnotatedFunction": annotated,
    "AuthorizerFunction": authorizer,
    "BatchFunction": batch,
    "DocsFunction": docs,
    "KeysFunction": keys,
    "RecordsFunction": records,
    "SandboxFunction": sandbox,
    "VerifyFunction": verify,
    "WorkerFunction": worker,
}
NAMES = {  # of the resources in `tests.emulated_aws`
    "Bucket": "bucket",
    "VerificationsTable": "verifications",
    "TenantsTable": "tenants",
    "SeenTable": "seen",
    "ApiKeysTable": "keys",
    "IdempotencyTable": "idempotency",
    "QuotaTable": "quota",
    "WorkQueue": "work",
    "SigningKeysTable": "signing-keys",
    "FaceCompareFunction": "face_compare",
    "MrzFunction": "mrz",
    "MrzFallbackFunction": "mrz_fallback",
    "VerifyFunction": "verify",
    "RecordsFunction": "records",
    "SandboxFunction": "sandbox",
}
_acting: list[str | None] = []  # the function whose handler runs; one at a time in a process of tests


@cache
def _iam() -> enforced.Iam:
    deployed = roles.Deployed(template.deployed(), NAMES, REGION, "stack")
    folder = os.environ.get("CARI_IAM_USED")
    return enforced.Iam(roles.roles(deployed), Path(folder) / f"functions-{os.getpid()}.jsonl" if folder else None)


def _before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    function = _acting[-1] if _acting else None
    if function is None:
        return None
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
    }
    service = headers["authorization"].partition("Credential=")[2].split("/")[3]
    body: Any = request.body or b"{}"
    told = json.loads(body) if service in enforced.JSON_BODIES else {}
    if service == "s3" and request.url.endswith("?delete"):
        told = {"Objects": enforced.objects_of(body)}
    caller = enforced.Caller(function, REGION, service)
    refused = _iam().refused(caller, Asked(request.method, request.url, headers, told))
    if refused is None:
        return None
    answer = enforced.denied(caller, refused)
    raw = SimpleNamespace(stream=lambda **_: iter([answer.data]), read=io.BytesIO(answer.data).read)
    return AWSResponse(request.url, answer.status_code, dict(answer.headers), raw)


botocore.handlers.BUILTIN_HANDLERS.insert(0, ("before-send", _before_send))  # before moto's own, which answers


def enforce(patch: pytest.MonkeyPatch) -> None:
    """Let the role of each function decide for as long as the patch holds."""
    for name, module in FUNCTIONS.items():
        patch.setattr(module, "handler", _acting_as(name, module.handler))


@contextlib.contextmanager
def acting(function: str | None) -> Iterator[None]:
    """Be a function: what is called meanwhile is called by its role."""
    _acting.append(function)
    try:
        yield
    finally:
        _acting.remove(function)


def as_the_test() -> contextlib.AbstractContextManager[None] | Any:
    """Call what the test itself looks at, whichever function runs."""
    return acting(None)


def _acting_as(name: str, handler: Any) -> Any:
    @functools.wraps(handler)
    def acted(*arguments: Any) -> Any:
        with acting(name):
            return handler(*arguments)

    return acted
