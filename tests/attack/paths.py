"""Every operation, by keys of every single scope, with its path spelt in every way."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, get_args

from cari_api.auth.scopes import Scope
from tests.attack.target import Record, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack

Operation = tuple[str, str, tuple[str, ...]]  # its method, its path, the scopes that it needs
PARAMETERS = {"id": "0" * 24, "name": "default", "side": "front"}
SPELLINGS = (
    *("{}", "{}/", "{}//", "/{}", "//{}", "{}%0A", "{}%0D", "{}%0D%0A", "{}%0A/", "{}%20", "%20{}", "{}%00", "{}%2F"),
    *("{}%09", "{}%7F", "{}/.", "{}/%2E", "{}/x/..", "{}/..", "/.{}", "/%2e{}", "{};a=b", "{}%23", "{}?", "{}%3F"),
    *("{}%E2%80%A8", "{}%C2%85", "{}%C2%A0", "{}.json", "{}%252F", "{}\\"),
)
METHODS_OVERRIDDEN = ("X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL")
FORBIDDEN = 403
REFUSED = {400, 401, 403, 404, 405}


def attack(stack: Stack, operations: list[Operation], spelt: list[Operation]) -> Iterator[Record]:
    """Ask for everything that a key's scope does not name: each must be refused, and each other not for its scope.

    Every spelling is tried on those of `spelt`.
    """
    tenant = _tenant(stack)
    keys = {scope: stack.add_key(scopes=(scope,), tenant=tenant) for scope in get_args(Scope)}
    yield _spelt(stack, spelt, keys)
    yield _exact(stack, operations, keys)
    yield _keyless(stack, operations)


def operations_of(stack: Stack) -> list[Operation]:
    """Read each operation's method, path and scopes from the description that the service serves."""
    described = json.loads(ask(stack, "GET", "/openapi.json", key=None).body)
    return [
        (method.upper(), re.sub(r"\{(\w+)\}", lambda found: PARAMETERS[found[1]], path), tuple(operation["x-scopes"]))
        for path, item in described["paths"].items()
        for method, operation in item.items()
    ]


def _spelt(stack: Stack, operations: list[Operation], keys: dict[str, str]) -> Record:
    record = Record("paths: spellings × scopes")
    for method, path, needed in operations:
        for scope, key in keys.items():
            if set(needed) <= {scope}:
                continue
            for spelling in SPELLINGS:
                for spelt in {spelling.format(path), spelling.format(path.swapcase())}:
                    answer = ask(stack, method, spelt, key=key, body=b"{}", Content_Type="application/json")
                    record.note(f"{method} {spelt} with {scope}", answer.status, answer.took_s)
                    record.claim(f"{method} {spelt} with {scope}: {answer.status}", answer.status in REFUSED)
    return record


def _exact(stack: Stack, operations: list[Operation], keys: dict[str, str]) -> Record:
    record = Record("scopes × routes")
    for method, path, needed in operations:
        for scope, key in keys.items():
            answer = ask(stack, method, path, key=key, body=b"{}", Content_Type="application/json")
            record.note(f"{method} {path} with {scope}", answer.status, answer.took_s)
            refused = answer.status == FORBIDDEN and b"insufficient_scope" in answer.body
            record.claim(f"{method} {path} with {scope}: {answer.status}", refused == bool(set(needed) - {scope}))
            for header in METHODS_OVERRIDDEN:
                asked = ask(stack, "GET", "/identity/verify", key=keys["verify"], **{header.replace("-", "_"): method})
                record.claim(f"{header} leads around a scope", b"insufficient_scope" in asked.body)
    return record


def _keyless(stack: Stack, operations: list[Operation]) -> Record:
    record = Record("routes without a key, or a wrong one")
    wrong = (
        None,
        "",
        "dev_",
        "Bearer",
        "Basic ZGV2",
        stack.key + "x",
        stack.key[:-1],
        stack.key.upper(),
        f"x {stack.key}",
    )
    for method, path, needed in operations:
        for key in wrong if needed else ():
            answer = ask(stack, method, path, key=key, body=b"{}", Content_Type="application/json")
            record.note(f"{method} {path} with {key!r:.12}", answer.status, answer.took_s)
            record.claim(f"{method} {path} with {key!r:.12}: {answer.status}", answer.status in (400, 401))
    return record


def _tenant(stack: Stack) -> str:
    """Find whose the stack's own key is."""
    table = stack.cloud.table(stack.cloud.outputs["ApiKeysTable"])
    return str(next(item["tenant"] for item in table.scan()["Items"] if item["hint"].endswith(stack.key[-4:])))
