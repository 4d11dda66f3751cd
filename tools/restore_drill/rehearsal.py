"""The drill on the local stack, with made-up people: what is lost comes back, and what was erased does not.

moto restores a table as it is, whatever moment is asked for, so the rehearsal restores first and loses afterwards.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from cari_api.auth import scopes
from local import sample
from local.aws import cloud as clouds
from local.stack import add_key, running
from tools.restore_drill import comparison, tables

if TYPE_CHECKING:
    from local.stack import Stack

TIMEOUT_S = 60
POLICY = "sandbox-duplicate-face"  # it notes each face, so that something was seen
RULES = "/identity/policies/rehearsed"


def rehearse() -> int:
    """Hold the drill and say of each claim whether it held; 1 where one did not."""
    with tempfile.TemporaryDirectory() as folder, running(state=Path(folder)) as stack:
        held = _held(stack, Path(folder))
    for claim, holds in held.items():
        print("ok  " if holds else "fail", claim)
    return int(not all(held.values()))


def _held(stack: Stack, folder: Path) -> dict[str, bool]:
    deployed = tables.Deployed.of(clouds.STACK, stack.cloud.client, poll_s=1)
    caller = _Caller(stack, add_key(stack.cloud, name="rehearsal", scopes=scopes.ALL), folder)
    lost, erased_before, erased_since, stays = (caller.verify() for _ in range(4))
    caller.put(RULES, {})
    before = caller.get(f"/identity/verify/{lost}").json()
    caller.delete(f"/identity/verify/{erased_before}")

    moment = tables.latest_moment(deployed)
    restored = tables.restore(deployed, moment)
    caller.delete(f"/identity/verify/{erased_since}")
    caller.review(stays)
    new = caller.verify()
    _lose(stack, lost)
    was_lost = caller.get(f"/identity/verify/{lost}").status_code == requests.codes.not_found

    _ship_logs(deployed, folder)
    erased = tables.erased_since(deployed, moment)
    found = tables.compare(deployed, restored, erased)
    print(comparison.report(found))
    for name in tables.TABLES:
        print(f"{name}: wrote {tables.write_back(deployed, name, found[name].lost)} of {len(found[name].lost)} back")
    again = tables.compare(deployed, restored, erased)
    tables.drop(deployed, restored)
    left = stack.cloud.client("dynamodb").list_tables()["TableNames"]

    def answers(identifier: str, status: int) -> bool:
        return caller.get(f"/identity/verify/{identifier}").status_code == status

    return {
        "the loss was one": was_lost and any(each.lost for each in found.values()),
        "what was lost is read as it was": caller.get(f"/identity/verify/{lost}").json() == before,
        "its evidence is signed": caller.get(f"/identity/verify/{lost}/evidence").ok,
        "the policy is back": caller.get(RULES).ok,
        "what was erased before the moment stays erased": answers(erased_before, requests.codes.not_found),
        "what was erased since stays erased": answers(erased_since, requests.codes.not_found),
        "no item of it came back in any table": not _named(deployed, erased_since),
        "what changed since is as it was changed": len(caller.get(f"/identity/verify/{stays}").json()["reviews"]) == 1,
        "what is new stays": answers(new, requests.codes.ok),
        "nothing is lost any more": not any(each.lost for each in again.values()),
        "the restored tables are gone": not [name for name in left if name in restored.values()],
    }


@dataclass(frozen=True)
class _Caller:
    """Somebody with a key."""

    stack: Stack
    key: str
    folder: Path

    def verify(self) -> str:
        front, selfie = sample.render(self.folder / "sample")
        files = {"front": front.read_bytes(), "selfie": selfie.read_bytes()}
        answer = self._ask("POST", "/identity/verify", data={"type": "passport", "policy": POLICY}, files=files)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def get(self, path: str) -> requests.Response:
        return self._ask("GET", path)

    def put(self, path: str, body: dict[str, Any]) -> None:
        self._ask("PUT", path, json=body).raise_for_status()

    def delete(self, path: str) -> None:
        self._ask("DELETE", path).raise_for_status()

    def review(self, identifier: str) -> None:
        decision = {"decision": "declined", "reason": "A rehearsal."}
        self._ask("POST", f"/identity/verify/{identifier}/review", json=decision).raise_for_status()

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        url = f"{self.stack.url}{path}"
        return requests.request(method, url, headers={"Authorization": self.key}, timeout=TIMEOUT_S, **more)


def _lose(stack: Stack, identifier: str) -> None:
    """Delete a verification with all that belongs to it, and every policy, as no function of ours would."""
    for name in ("VerificationsTable", "SeenTable", "TenantsTable"):
        table = stack.cloud.table(stack.cloud.outputs[name])
        for item in table.scan()["Items"]:
            if identifier in item["id"] or item["id"].startswith("policy"):
                table.delete_item(Key={"owner": item["owner"], "id": item["id"]})


def _ship_logs(deployed: tables.Deployed, folder: Path) -> None:
    """Bring what the functions logged to where CloudWatch would have it."""
    client, group = deployed.client("logs"), deployed.names["Logs"]
    client.create_log_stream(logGroupName=group, logStreamName="rehearsal")
    lines = [line for line in (folder / "functions.log").read_text().splitlines() if line.startswith("{")]
    events = [{"timestamp": _millis(line), "message": line} for line in lines]
    client.put_log_events(logGroupName=group, logStreamName="rehearsal", logEvents=events)


def _millis(line: str) -> int:
    logged = json.loads(line).get("timestamp")
    moment = datetime.fromisoformat(logged) if logged else datetime.now(UTC)
    return int(moment.timestamp() * 1000)


def _named(deployed: tables.Deployed, identifier: str) -> list[str]:
    return [
        name
        for name in tables.TABLES
        for item in deployed.client("dynamodb").scan(TableName=deployed.names[name])["Items"]
        if identifier in item.get("id", {}).get("S", "")
    ]
