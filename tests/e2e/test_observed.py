"""One id, which the caller is told, finds the lines of every function that worked for it."""

import json
import time

import requests

PATIENCE_S = 60


def lines_of(stack_state, request_id):
    written = (stack_state / "functions.log").read_text().splitlines()
    found = [json.loads(line) for line in written if request_id in line and line.startswith("{")]
    assert all(line["request_id"] == request_id for line in found)
    return found


def posted(stack, specimens, **headers):
    answer = requests.post(
        f"{stack.url}/identity/verify",
        headers={"Authorization": stack.key, **headers},
        data={"type": "passport"},
        files={name: (f"{name}.jpg", payload) for name, payload in specimens.items()},
        timeout=PATIENCE_S,
    )
    return answer, answer.headers["X-Request-Id"]


def test_verify_and_both_engines_log_under_the_id_that_the_caller_was_told(stack, stack_state, specimens):
    answer, request_id = posted(stack, specimens)

    lines = lines_of(stack_state, request_id)
    asked = {line["function_name"] for line in lines if line["message"] == "engine asked"}
    answered = {line["engine"] for line in lines if line["message"] == "engine answered"}
    (verified,) = [line for line in lines if line["message"] == "verified"]
    assert ({"FaceCompareFunction", "MrzFunction"} <= asked, {"faces", "mrz"} <= answered) == (True, True)
    assert (verified["verification"], verified["decision"]) == (answer.json()["id"], answer.json()["status"])
    assert verified["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "cari-local"


def test_the_worker_logs_under_the_id_of_the_request_that_did_not_wait(stack, stack_state, specimens):
    _, request_id = posted(stack, specimens, Prefer="respond-async")

    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told = [line["decision"] for line in lines_of(stack_state, request_id) if line["message"] == "verified"]
        if len(told) > 1:
            break
        time.sleep(0.3)
    assert told == ["processing", "approved"]
