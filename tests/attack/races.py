"""The same thing many times at once: it must happen once, or each time wholly."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import requests

from tests.attack.forms import FORM, form
from tests.attack.target import HANG_S, Answer, Record, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.stack import Stack

JSON = "application/json"
MANY = 16
USES = 8
MADE, OK, GONE = 201, 200, 404


def attack(stack: Stack, selfie: bytes, passport: bytes) -> Iterator[Record]:
    """Race each operation against itself, and some against each other."""
    yield _rotations(stack)
    yield _uploads(stack, selfie, passport)
    yield _idempotent(stack, selfie, passport)
    yield _policies(stack)
    yield _reviews_and_erasure(stack, selfie, passport)
    yield _quota(stack, selfie, passport)


def _at_once(times: int, act: Callable[[int], Answer], record: Record, what: str) -> list[Answer]:
    with ThreadPoolExecutor(times) as pool:
        answers = list(pool.map(act, range(times)))
    for answer in answers:
        record.note(what, answer.status, answer.took_s)
    return answers


def _json(stack: Stack, method: str, path: str, body: object, **headers: str) -> Answer:
    return ask(stack, method, path, key=stack.key, body=json.dumps(body).encode(), Content_Type=JSON, **headers)


def _rotations(stack: Stack) -> Record:
    record = Record("races: rotations of one key")
    made = json.loads(_json(stack, "POST", "/identity/keys", {"name": "raced", "scopes": ["read"]}).body)
    path = f"/identity/keys/{made['key']['id']}/rotate"
    answers = _at_once(MANY, lambda _: _json(stack, "POST", path, {}), record, "rotate")
    record.claim("one key had several successors", Counter(each.status for each in answers)[MADE] == 1)
    return record


def _uploads(stack: Stack, selfie: bytes, passport: bytes) -> Record:
    record = Record("races: uploads named by several")
    files = [_described("selfie", selfie), _described("front", passport)]
    offered = json.loads(_json(stack, "POST", "/identity/uploads", {"files": files}).body)["uploads"]
    for offer, picture in zip(offered, (selfie, passport), strict=True):
        requests.post(offer["url"], data=offer["fields"], files={"file": picture}, timeout=HANG_S).raise_for_status()
    asked = {"type": "passport", **{offer["side"]: offer["name"] for offer in offered}}
    answers = _at_once(USES, lambda _: _json(stack, "POST", "/identity/verify", asked), record, "verify an upload")
    used = sum(each.status in (OK, 202) for each in answers)
    record.claim(f"an upload was verified {used} times", used == 1)
    return record


def _described(side: str, picture: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(picture).hexdigest()
    return {"side": side, "content_type": "image/jpeg", "size_bytes": len(picture), "sha256": digest}


def _idempotent(stack: Stack, selfie: bytes, passport: bytes) -> Record:
    record = Record("races: one Idempotency-Key")
    body = form(selfie, passport)

    def post(_: int) -> Answer:
        return ask(
            stack, "POST", "/identity/verify", key=stack.key, body=body, Content_Type=FORM, Idempotency_Key="race"
        )

    answers = _at_once(USES, post, record, "verify")
    made = {json.loads(each.body)["id"] for each in answers if each.status == OK}
    record.claim(f"one Idempotency-Key made {len(made)} verifications", len(made) == 1)
    keys = _at_once(
        USES,
        lambda _: _json(stack, "POST", "/identity/keys", {"name": "one", "scopes": ["read"]}, Idempotency_Key="one"),
        record,
        "make a key",
    )
    secrets = {json.loads(each.body)["secret"] for each in keys if each.status == MADE}
    record.claim(f"one Idempotency-Key made {len(secrets)} keys", len(secrets) == 1)
    return record


def _policies(stack: Stack) -> Record:
    record = Record("races: versions of a policy")
    answers = _at_once(
        MANY,
        lambda number: _json(stack, "PUT", "/identity/policies/raced", {"minimum_age": 18 + number}),
        record,
        "put a policy",
    )
    versions = [json.loads(each.body)["version"] for each in answers if each.status == OK]
    record.claim("two policies have one version", len(set(versions)) == len(versions))
    return record


def _reviews_and_erasure(stack: Stack, selfie: bytes, passport: bytes) -> Record:
    record = Record("races: reviews, reads and an erasure")
    posted = ask(stack, "POST", "/identity/verify", key=stack.key, body=form(selfie, passport), Content_Type=FORM)
    path = f"/identity/verify/{json.loads(posted.body)['id']}"

    def act(number: int) -> Answer:
        if number == MANY // 2:
            return ask(stack, "DELETE", path, key=stack.key)
        if number % 2:
            return ask(stack, "GET", path, key=stack.key)
        return _json(stack, "POST", f"{path}/review", {"decision": "declined", "reason": f"number {number}"})

    _at_once(MANY, act, record, "act on a verification")
    gone = ask(stack, "GET", path, key=stack.key)
    record.claim(f"an erased verification is read: {gone.status}", gone.status == GONE)
    return record


def _quota(stack: Stack, selfie: bytes, passport: bytes) -> Record:
    """Spend a month's only verification many times at once, by a key and by the keys that it makes."""
    record = Record("races: the last of a quota")
    parent = stack.add_key(scopes=("verify", "admin", "read", "delete"), verifications_per_month=1)
    asked = json.dumps({"name": "child", "scopes": ["verify"]}).encode()
    children = [
        json.loads(ask(stack, "POST", "/identity/keys", key=parent, body=asked, Content_Type=JSON).body)["secret"]
        for _ in range(3)
    ]
    spending = [parent, *children]

    def post(number: int) -> Answer:
        key = spending[number % len(spending)]
        return ask(stack, "POST", "/identity/verify", key=key, body=form(selfie, passport), Content_Type=FORM)

    answers = _at_once(USES, post, record, "verify")
    used = sum(each.status in (OK, 202) for each in answers)
    record.claim(f"a quota of one was used {used} times", used == 1)
    for answer in answers:
        if answer.status == OK:
            ask(stack, "DELETE", f"/identity/verify/{json.loads(answer.body)['id']}", key=parent)
    return record
