"""The calls that are priced: each sent to a running stack, as often as asked for, and what it took each time."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from cari_core import ids
from cari_verification.aws import verifications
from specimens.cases import CASES
from tests.benchmarks.cost.billing import Used

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack import Stack
    from tests.benchmarks.cost.metering import Meter

SPECIMENS = Path(__file__).parents[3] / "functions" / "sandbox" / "specimens"
VERIFY = frozenset({"VerifyFunction", "FaceCompareFunction", "MrzFunction", "MrzFallbackFunction"})
RECORDS = frozenset({"RecordsFunction"})
CASE_OF = {"easy passport": "approved", "two-sided card": "approved_card", "hard picture": "mrz_doubtful"}
LISTED = 20  # verifications on a page of a list
TIMEOUT_S = 90
TRIES = 8  # for a verification that is decided at once, on a machine that has other things to do


@dataclass(frozen=True)
class Sent:
    """A stack and its meter, and the last verification made there."""

    stack: Stack
    meter: Meter
    made: dict[str, Any]

    def verify(self, kind: str) -> Used:
        """Post a case of the sandbox's. Raises RuntimeError where none is decided at once."""
        case = next(each for each in CASES if each.code == CASE_OF[kind])
        pictures = {side: (SPECIMENS / name).read_bytes() for side, name in case.files.items()}
        for _ in range(TRIES):
            self.meter.reset()
            answer = requests.post(
                f"{self.stack.url}/identity/verify",
                headers={"Authorization": self.stack.key},
                data={"type": case.type},
                files=pictures,
                timeout=TIMEOUT_S,
            )
            if not answer.ok or answer.json()["status"] != case.status:
                continue  # a busy machine had no time for it
            self.made.update(answer.json())
            used = self._used(VERIFY, answer, kept_bytes=sum(map(len, pictures.values())))
            return replace(used, receipt=self.made["receipt"]["usd"])
        raise RuntimeError(f"{kind}: the last answer was {answer.status_code}, {answer.text[:80]}")

    def get(self, path: str) -> Used:
        """Read something back."""
        self.meter.reset()
        answer = requests.get(
            f"{self.stack.url}/identity/verify{path}", headers={"Authorization": self.stack.key}, timeout=TIMEOUT_S
        )
        answer.raise_for_status()
        return self._used(RECORDS, answer)

    def authorize(self) -> Used:
        """Ask the authorizer, as API Gateway does once a minute for each key."""
        self.meter.reset()
        event = {
            "type": "TOKEN",
            "authorizationToken": self.stack.key,
            "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:api/dev/POST/identity/verify",
        }
        self.stack.cloud.invoke("AuthorizerFunction", json.dumps(event).encode())
        return self._used(frozenset({"AuthorizerFunction"}))

    def remind(self, body: str) -> Used:
        """Deliver the message by which the worker looks after a verification; by then it has ended."""
        self.meter.reset()
        record = {"messageId": "1", "body": body, "eventSource": "aws:sqs"}
        self.stack.cloud.invoke("WorkerFunction", json.dumps({"Records": [record]}).encode())
        return self._used(frozenset({"WorkerFunction"}))

    def _used(self, functions: frozenset[str], answer: requests.Response | None = None, *, kept_bytes: int = 0) -> Used:
        """Leave out what others did meanwhile: an authorizer's minute that was over, a worker's earlier message."""
        return Used(
            tuple(run for run in self.meter.runs if run.function in functions),
            tuple(call for call in self.meter.calls if call.function in functions),
            tuple(self.meter.log_lines),
            kept_bytes,
            None if answer is None else int(answer.headers["Content-Length"]),
        )


def measured(stack: Stack, meter: Meter, times: int) -> dict[str, Used]:
    """Send each kind of call so often, after once that wakes what it needs; of each, keep the median by CPU time."""
    sent = Sent(stack, meter, {})
    used = {}
    for kind in reversed(CASE_OF):  # the easy one last: it is what is read back
        used[kind] = _median(lambda kind=kind: sent.verify(kind), times)  # type: ignore[misc]
    used = dict(reversed(used.items()))
    reminder = next(call.body["MessageBody"] for call in used["easy passport"].calls if "MessageBody" in call.body)
    identifier = sent.made["id"]
    _fill_page(sent)
    used["list of 20"] = _median(lambda: sent.get(f"?limit={LISTED}"), times)
    used["GET one"] = _median(lambda: sent.get(f"/{identifier}"), times)
    used["evidence"] = _median(lambda: sent.get(f"/{identifier}/evidence"), times)
    used["authorizer"] = _median(sent.authorize, times)
    used["worker's look"] = _median(lambda: sent.remind(reminder), times)
    return used


def _median(send: Callable[[], Used], times: int) -> Used:
    send()
    sent = [send() for _ in range(times)]
    spent = [sum(run.cpu_s for run in used.runs) for used in sent]
    return sent[spent.index(statistics.median_low(spent))]


def _fill_page(sent: Sent) -> None:
    """Copy the last verification, so that a page of a list is full."""
    table = sent.stack.cloud.table(sent.stack.cloud.outputs["VerificationsTable"])
    item = next(each for each in table.scan()["Items"] if each["id"] == sent.made["id"])
    stored = verifications.read(item, *item["owner"].rsplit("#", 1))
    for _ in range(LISTED - 1):
        table.put_item(Item=verifications.written(stored.model_copy(update={"id": ids.new_id()})))
