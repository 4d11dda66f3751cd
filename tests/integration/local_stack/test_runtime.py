"""Real awslambdaric processes, running handlers made here."""

import json
from pathlib import Path

import pytest

from local.runtime import MAX_PAYLOAD_BYTES, Pool
from local.template import Function

HANDLERS = """
import os, sys, time

def echo(event, context):
    return {"event": event, "pid": os.getpid(), "left_ms": context.get_remaining_time_in_millis()}

def fail(event, context):
    raise KeyError("nothing there")

def die(event, context):
    os._exit(3)

def sleep(event, context):
    time.sleep(60)

def large(event, context):
    return "x" * (6 * 1024 * 1024 + 1)

def look(event, context):
    import importlib.util
    return {name: importlib.util.find_spec(name) is not None for name in event}
"""


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "functions" / "sample"
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(HANDLERS)
    made = []

    def make(handler: str, *, timeout_s: float = 10, packages: tuple[Path, ...] = ()) -> Pool:
        function = Function("SampleFunction", f"functions.sample.app.{handler}", folder, packages, timeout_s, 128, {})
        log = (tmp_path / "log").open("wb")
        made.append((Pool(function, {"AWS_REGION": "eu-west-1"}, tmp_path, log), log))
        return made[-1][0]

    yield make
    for running, log in made:
        running.close()
        log.close()


def invoked(pool: Pool, event: object = None):
    outcome = pool.invoke(json.dumps(event).encode())
    return outcome.failed, json.loads(outcome.payload)


def test_a_handler_gets_its_event_and_its_time(pool):
    failed, answer = invoked(pool("echo"), {"a": "ü"})

    assert (failed, answer["event"]) == (False, {"a": "ü"})
    assert 0 < answer["left_ms"] <= 10_000


def test_a_warm_environment_is_used_again(pool):
    running = pool("echo")

    assert invoked(running)[1]["pid"] == invoked(running)[1]["pid"]


def test_an_exception_is_a_failed_outcome_with_its_type(pool):
    failed, answer = invoked(pool("fail"))

    assert (failed, answer["errorType"]) == (True, "KeyError")


def test_a_process_that_dies_is_a_failed_outcome_and_is_replaced(pool):
    running = pool("die")

    answers = [invoked(running), invoked(running)]

    assert [(failed, answer["errorType"]) for failed, answer in answers] == [(True, "Runtime.ExitError")] * 2


def test_a_handler_that_takes_too_long_is_ended(pool, monkeypatch):
    monkeypatch.setattr("local.runtime.INIT_S", 1)

    failed, answer = invoked(pool("sleep", timeout_s=1))

    assert (failed, answer["errorType"]) == (True, "Sandbox.Timedout")


def test_an_event_over_six_megabytes_is_refused(pool):
    outcome = pool("echo").invoke(b"x" * (MAX_PAYLOAD_BYTES + 1))

    assert json.loads(outcome.payload)["errorType"] == "RequestTooLarge"


def test_an_answer_over_six_megabytes_is_an_error(pool):
    failed, answer = invoked(pool("large"))

    assert (failed, answer["errorType"]) == (True, "Function.ResponseSizeTooLarge")


def test_a_function_sees_only_the_layers_that_it_was_given(pool):
    common = Path(__file__).parents[3] / "layers" / "common"

    _, sees = invoked(pool("look", packages=(common,)), ["cari_common", "cari_face", "local", "boto3"])

    assert sees == {"cari_common": True, "cari_face": False, "local": False, "boto3": True}
