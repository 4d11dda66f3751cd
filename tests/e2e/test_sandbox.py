"""The sandbox over HTTP: what it lists is fetched, posted, and comes out as it says."""

import json
import time

import pytest
import requests

from cari_decision.reasons import REASONS
from specimens.cases import CASES

TIMEOUT_S = 60
PATIENCE_S = 90
FALLBACK = 2  # the third of the engines that a role may ask
JPEG = {"Accept": "image/jpeg"}
# All cases go through the engines in tests/integration/sandbox; these through the whole stack: those that come after
# another, those that ask for a failure, and one of each outcome.
FIRSTS = {case.status: case for case in reversed(CASES)}.values()
KNOWN = [
    case.code
    for case in CASES
    if set(case.reasons) <= REASONS.keys() and (case.after or "metadata" in case.form or case in FIRSTS)
]


@pytest.fixture(scope="module")
def specimens(stack):
    listed = requests.get(f"{stack.url}/sandbox/specimens", timeout=TIMEOUT_S).json()["specimens"]
    return {specimen["code"]: specimen for specimen in listed}


def posted(stack, specimen, form, **headers):
    files = {
        side: (f"{side}.jpg", requests.get(stack.url + link, headers=JPEG, timeout=TIMEOUT_S).content)
        for side, link in specimen["files"].items()
    }
    return requests.post(
        f"{stack.url}/identity/verify",
        headers={"Authorization": stack.key, **headers},
        data={"type": specimen["type"], **form},
        files=files,
        timeout=TIMEOUT_S,
    )


@pytest.mark.parametrize("code", KNOWN)
def test_a_specimen_posted_over_http_comes_out_at_once_as_it_is_listed(stack, specimens, code):
    specimen = specimens[code]
    if specimen["after"]:
        posted(stack, specimens[specimen["after"]], specimen["form"])

    answer = posted(stack, specimen, specimen["form"])

    verification = answer.json()
    outcome = {"status": verification["status"], "reasons": [reason["code"] for reason in verification["reasons"]]}
    assert (answer.status_code, outcome) == (200, specimen["expected"])


def ended(stack, verification):
    until = time.monotonic() + PATIENCE_S
    while verification["status"] == "processing" and time.monotonic() < until:
        time.sleep(0.2)
        address = f"{stack.url}/identity/verify/{verification['id']}"
        verification = requests.get(address, headers={"Authorization": stack.key}, timeout=TIMEOUT_S).json()
    return verification


@pytest.mark.parametrize(
    ("function", "headers"), [("VerifyFunction", {}), ("WorkerFunction", {"Prefer": "respond-async"})]
)
def test_a_doubtful_mrz_is_shown_to_the_fallback_engines_too(stack, stack_state, specimens, function, headers):
    specimen = specimens["mrz_doubtful"]

    verification = ended(stack, posted(stack, specimen, specimen["form"], **headers).json())

    outcome = {"status": verification["status"], "reasons": [reason["code"] for reason in verification["reasons"]]}
    used = [json.loads(line) for line in (stack_state / "iam.jsonl").read_text().splitlines()]
    assert outcome == specimen["expected"]
    assert [function, "lambda:InvokeFunction", "AskEngines", FALLBACK] in used


def test_a_picture_comes_as_bytes(stack):
    answer = requests.get(f"{stack.url}/sandbox/specimens/selfie.jpg", headers=JPEG, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_whoever_asks_for_anything_is_told_to_ask_for_jpeg(stack):
    answer = requests.get(f"{stack.url}/sandbox/specimens/selfie.jpg", headers={"Accept": "*/*"}, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
