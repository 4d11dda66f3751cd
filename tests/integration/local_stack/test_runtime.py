"""Real awslambdaric processes, running handlers made here."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.lambda_runtime.runtime import Pool
from local.lambda_runtime.runtime_api import MAX_PAYLOAD_BYTES
from local.template import Function
from tests.integration.local_stack.processes import has_ended

HANDLERS = """
import os, time

def echo(event, context):
    return {"event": event, "pid": os.getpid(), "left_ms": context.get_remaining_time_in_millis()}

def fail(event, context):
    raise KeyError("nothing there")

def die(event, context):
    os._exit(3)

def nap(event, context):
    time.sleep(2)
    return os.getpid()

def sleep(event, context):
    time.sleep(60)

def large(event, context):
    return "x" * (6 * 1024 * 1024 + 1)

def die_idle(event, context):
    if not os.fork():
        time.sleep(0.1)
        os.kill(os.getppid(), 9)
        os._exit(0)
    return os.getpid()

def have_child(event, context):
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    return child

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

    def make(handler: str, *, module="app", timeout_s: float = 10, packages: tuple[Path, ...] = ()) -> Pool:
        path = f"functions.sample.{module}.{handler}"
        function = Function("SampleFunction", path, folder, packages, timeout_s, 128, {})
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


def ends(pid: int) -> bool:
    for _ in range(100):
        if has_ended(pid):
            return True
        time.sleep(0.05)
    return False


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


def test_a_process_that_died_idle_is_replaced_without_a_failure(pool):
    running = pool("die_idle")
    _, first = invoked(running)
    assert ends(first)

    failed, second = invoked(running)

    assert (failed, second != first) == (False, True)


def test_a_handler_that_cannot_be_imported_says_so_every_time(pool):
    running = pool("echo", module="missing")

    answers = [invoked(running) for _ in range(3)]

    assert [(failed, a["errorType"]) for failed, a in answers] == [(True, "Runtime.ImportModuleError")] * 3


def test_a_closed_pool_ends_its_processes_and_their_children(pool):
    running = pool("have_child")
    _, child = invoked(running)

    running.close()

    assert ends(child)


def test_a_closed_pool_starts_nothing(pool):
    running = pool("echo")
    running.close()

    failed, answer = invoked(running)

    assert (failed, answer["errorType"]) == (True, "ServiceException")


def test_closing_ends_an_invocation_that_is_under_way(pool):
    running = pool("sleep", timeout_s=50)
    with ThreadPoolExecutor(1) as thread:
        under_way = thread.submit(invoked, running)
        time.sleep(1)
        running.close()

        failed, answer = under_way.result(timeout=10)

    assert (failed, answer["errorType"]) == (True, "Runtime.ExitError")


def test_events_at_once_get_environments_of_their_own(pool):
    running = pool("nap")
    with ThreadPoolExecutor(3) as threads:
        answers = [answer for _, answer in threads.map(lambda _: invoked(running), range(3))]

    assert len(set(answers)) == 3


def test_a_handler_that_takes_too_long_is_ended(pool):
    failed, answer = invoked(pool("sleep", timeout_s=1))

    assert (failed, answer["errorType"]) == (True, "Sandbox.Timedout")


def test_an_event_over_six_megabytes_is_refused(pool):
    outcome = pool("echo").invoke(b"x" * (MAX_PAYLOAD_BYTES + 1))

    assert json.loads(outcome.payload)["errorType"] == "RequestTooLarge"


def test_an_answer_over_six_megabytes_is_an_error(pool):
    failed, answer = invoked(pool("large"))

    assert (failed, answer["errorType"]) == (True, "Function.ResponseSizeTooLarge")


def test_a_function_sees_only_the_layers_that_it_was_given(pool):
    core = Path(__file__).parents[3] / "layers" / "core"

    _, sees = invoked(pool("look", packages=(core,)), ["cari_core", "cari_face", "local", "boto3"])

    assert sees == {"cari_core": True, "cari_face": False, "local": False, "boto3": True}
