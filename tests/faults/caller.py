"""A caller as one should be: an Idempotency-Key with every request, and the same again for as long as it may help."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from local.template import ROOT

if TYPE_CHECKING:
    from local.stack import Stack

SPECIMENS = ROOT / "functions/sandbox/specimens"
PATIENCE_S = 60.0  # longer than the gateway's 29 s
WORTH_REPEATING = frozenset({0, 409, 429, 500, 502, 503, 504})
ACCEPTED = frozenset({200, 202})
LONGEST_PAUSE_S = 1.0


@dataclass(frozen=True)
class Kind:
    """One kind of request: its pictures, and the form's other parts."""

    selfie: str
    front: str
    form: dict[str, str] = field(default_factory=dict)
    expected: str = "approved"  # without a fault


KINDS = {
    "approved": Kind("selfie.jpg", "passport.jpg"),
    "declined": Kind("selfie-stranger.jpg", "passport-of-somebody.jpg", expected="declined"),
    "no picture kept": Kind("selfie.jpg", "passport.jpg", {"retention_days": "0"}),
    # Of those that a tenant sends of the same document, one at most is the first.
    "seen": Kind("selfie.jpg", "passport.jpg", {"policy": "sandbox-duplicates"}, expected="first"),
}


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Sent:
    """One request, by whatever way, and every answer that it got."""

    kind: str
    way: str  # waited for, not waited for, a job
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    answers: list[Answer] = field(default_factory=list)
    job: str = ""  # the job file's key

    @property
    def ids(self) -> set[str]:
        """The verifications that it was told of."""
        return {answer.body["id"] for answer in self.answers if answer.status in ACCEPTED}


@dataclass(frozen=True)
class Caller:
    """Somebody with a key."""

    url: str
    key: str
    tenant: str

    @classmethod
    def new(cls, stack: Stack, tenant: str) -> Caller:
        """Make one whom nobody knows yet."""
        return cls(stack.url, stack.add_key(tenant=tenant, scopes=("verify", "read", "delete", "admin")), tenant)

    def post(self, sent: Sent, *, attempts: int) -> None:
        """Send it until it is accepted, or refused for good."""
        kind = KINDS[sent.kind]
        headers = {"Idempotency-Key": sent.key, **({"Prefer": "respond-async"} if sent.way == "not waited for" else {})}
        for _ in range(attempts):
            files = {
                side: (name, (SPECIMENS / name).read_bytes(), "image/jpeg")
                for side, name in (("selfie", kind.selfie), ("front", kind.front))
            }
            answer = self.ask(
                "POST", "/identity/verify", data={"type": "passport", **kind.form}, files=files, **headers
            )
            sent.answers.append(answer)
            if answer.status not in WORTH_REPEATING:
                return
            time.sleep(min(float(answer.headers.get("Retry-After", 1)), LONGEST_PAUSE_S))

    def ask(self, method: str, path: str, *, data: Any = None, files: Any = None, **headers: str) -> Answer:
        """Send one request."""
        try:
            answer = requests.request(
                method,
                f"{self.url}{path}",
                data=data,
                files=files,
                headers={"Authorization": self.key, **headers},
                timeout=PATIENCE_S,
            )
        except requests.RequestException:
            return Answer(0, {}, {})
        try:
            body = json.loads(answer.content or b"{}")
        except ValueError:
            body = {}
        return Answer(answer.status_code, body, dict(answer.headers))
