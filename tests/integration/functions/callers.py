"""Callers with keys of their own: what they send goes through the real authorizer and to the function it is for."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from cari_api.auth import keys, scopes
from functions.annotated import app as annotated_app
from functions.authorizer import app as authorizer
from functions.keys import app as keys_app
from tests.integration.functions import api as verify_app
from tests.integration.functions.requests import CONTEXT, event, multipart, post, post_json, whole_form, with_headers

METHOD = "arn:aws:execute-api:eu-west-1:123456789012:api/dev/GET/identity/keys"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Holder:
    """Who holds a key."""

    key: str
    tenant: str
    mode: str

    @property
    def key_id(self) -> str:
        return keys.find(_table(), self.key).id

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send JSON, or nothing."""
        asked = event(method, path) if body is None else {**post_json(path, body), "httpMethod": method}
        return self.send(with_headers(asked, **headers))

    def verify(self, **headers: str) -> Answer:
        """Post the pictures of a verification."""
        return self.send(with_headers(post(multipart(whole_form())), **headers))

    def send(self, request: dict[str, Any]) -> Answer:
        """Send an event as API Gateway does; a key that the authorizer refuses raises."""
        allowed = authorizer.handler({"type": "TOKEN", "authorizationToken": self.key, "methodArn": METHOD}, CONTEXT)
        told = with_headers(request, Authorization=self.key)
        told["requestContext"] = {**request["requestContext"], "authorizer": allowed["context"]}
        answer = _function_for(request["path"]).handler(told, CONTEXT)
        headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answer(answer["statusCode"], _read(answer["body"]), headers)


def holder(*, tenant: str = "a" * 24, mode: keys.Mode = "dev", **record: Any) -> Holder:
    """Register a key with every scope, or as `record` says."""
    key = keys.new_key(mode)
    known = keys.KeyRecord(tenant, mode, **{"state": "active", "scopes": scopes.ALL, **record})
    keys.register(_table(), key, known)
    return Holder(key, tenant, mode)


def with_key(key: str, of: Holder) -> Holder:
    """Take another key of the same tenant and mode."""
    return Holder(key, of.tenant, of.mode)


def _table() -> Any:
    return boto3.resource("dynamodb").Table("keys")


def _function_for(path: str) -> Any:
    """Find the function that the template sends a path to."""
    if path.startswith("/identity/keys"):
        return keys_app
    return annotated_app if "/annotated/" in path else verify_app


def _read(body: str) -> Any:
    """Read JSON; what is none, as it is."""
    try:
        return json.loads(body or "null")
    except ValueError:
        return body
