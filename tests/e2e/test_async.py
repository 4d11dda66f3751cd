"""202 now and the decision later, and repeated requests that are known again: with the real engines and queue."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests

from cari_api.auth import keys
from cari_core import ids
from cari_verification.aws import lifecycle
from cari_verification.aws.verifications import body_of
from local import events, template
from local.aws import cloud as clouds
from local.http.serving import claimed, url_of
from local.lambda_runtime.runtime import Pool
from tests.e2e.busy import answered

TIMEOUT_S = 60
PATIENCE_S = 90
RACERS = 50
LAST_ATTEMPT_S = lifecycle.DEADLINE_S - lifecycle.APART_S  # after the creation, give or take a minute


@pytest.fixture
def post(stack, specimens):
    def post(*, key=stack.key, **headers):
        return requests.post(
            f"{stack.url}/identity/verify",
            headers={"Authorization": key, **{name.replace("_", "-"): value for name, value in headers.items()}},
            data={"type": "passport"},
            files={name: (f"{name}.jpg", part) for name, part in specimens.items()},
            timeout=TIMEOUT_S,
        )

    return post


@pytest.fixture
def ended(stack):
    """Read a verification until it has ended."""

    def ended(identifier, *, key=stack.key):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            answer = requests.get(
                f"{stack.url}/identity/verify/{identifier}", headers={"Authorization": key}, timeout=TIMEOUT_S
            )
            if answer.json()["status"] != "processing":
                return answer.json()
            time.sleep(0.2)
        raise AssertionError(f"{identifier} is processing after {PATIENCE_S} s")

    return ended


@pytest.fixture
def environment_of(stack, tmp_path):
    """Run a function of the stack in environments of the test's own, changed as it says."""

    @contextmanager
    def environment_of(logical_id, *, timeout_s=None, **variables):
        function = template.functions()[logical_id]
        given = {**stack.cloud.environment(logical_id), **variables}
        with (tmp_path / "log").open("wb") as log:
            pool = Pool(replace(function, timeout_s=timeout_s or function.timeout_s), given, tmp_path, log)
            try:
                yield lambda event: json.loads(pool.invoke(json.dumps(event).encode()).payload)
            finally:
                pool.close()

    return environment_of


def verifications(stack, tenant):
    found = stack.cloud.table(stack.cloud.outputs["VerificationsTable"]).scan()["Items"]
    return [item for item in found if item["owner"].startswith(tenant) and not item["id"].startswith("record#")]


def test_who_prefers_not_to_wait_reads_the_decision_at_the_location(post, ended):
    answer = post(Prefer="respond-async")
    identifier = answer.json()["id"]

    read = ended(identifier)

    assert (answer.status_code, answer.json()["status"]) == (202, "processing")
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"].endswith(f"/identity/verify/{identifier}")
    assert (read["status"], read["front"]["valid_score"]) == ("approved", 100)


@pytest.fixture
def event():
    """A whole request, as the gateway hands it over."""
    return json.loads((template.ROOT / "events/verify.approved.json").read_text())


@pytest.fixture
def key(stack):
    """A key of the event's tenant."""
    return stack.add_key(tenant=events.TENANT)


@pytest.fixture
def begun(stack, event, environment_of):
    """Begin a verification that the stack's own worker does not hear of."""
    queue = stack.cloud.client("sqs").create_queue(QueueName="unheard")["QueueUrl"]
    nobodys_role = clouds.CREDENTIALS["AWS_ACCESS_KEY_ID"]  # the function's own may not send to this queue
    with environment_of("VerifyFunction", WORK_QUEUE_URL=queue, AWS_ACCESS_KEY_ID=nobodys_role) as invoke:
        answer = invoke({**event, "headers": {**event["headers"], "Prefer": "respond-async"}})
    return json.loads(answer["body"])["id"]


def message(identifier):
    body = json.dumps({"tenant": events.TENANT, "mode": "dev", "id": identifier})
    return {"Records": [{"messageId": "m", "body": body, "eventSource": "aws:sqs"}]}


@pytest.fixture
def hanging():
    """Where Lambda would be, something that takes connections and never says a word."""
    with claimed(0) as listener:
        yield {"AWS_ENDPOINT_URL_LAMBDA": url_of(listener), "timeout_s": 15}  # a busy machine stores within it


def test_a_call_that_runs_out_of_time_is_a_202_and_ends_elsewhere(event, environment_of, ended, key, hanging):
    with environment_of("VerifyFunction", **hanging) as invoke:
        answer = invoke(event)
    body = json.loads(answer["body"])

    assert (answer["statusCode"], body["status"]) == (202, "processing")
    assert ended(body["id"], key=key)["status"] == "approved"


def _created_as(body, begun, earlier):
    assert body["id"] == begun
    return json.dumps({**body, "id": earlier, "created_at": ids.created_at(earlier).isoformat()})


@pytest.fixture
def aged(stack, begun):
    """Give the verification that is begun another creation, so many seconds ago."""

    def aged(seconds):
        table = stack.cloud.table(stack.cloud.outputs["VerificationsTable"])
        item = table.get_item(Key={"owner": f"{events.TENANT}#dev", "id": begun})["Item"]
        body = json.loads(body_of(item))
        earlier = ids.new_id(int((time.time() - seconds) * 1000))
        table.put_item(Item={**item, "id": earlier, "body": _created_as(body, begun, earlier)})
        return earlier

    return aged


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ({"MRZ_FUNCTION": "nowhere"}, ["mrz_not_read"]),
        ({"MRZ_FUNCTION": "cari-local-AuthorizerFunction"}, ["mrz_not_read"]),  # raises whatever it is sent
        ({"FACE_COMPARE_FUNCTION": "nowhere"}, ["faces_not_compared"]),
    ],
    ids=["out of reach", "crashing", "no faces"],
)
def test_an_engine_that_fails_the_workers_last_attempt_leaves_its_reason(
    aged, environment_of, ended, key, fault, codes
):
    last = aged(LAST_ATTEMPT_S)
    with environment_of("WorkerFunction", **fault) as invoke:
        answer = invoke(message(last))

    read = ended(last, key=key)
    assert answer == {"batchItemFailures": []}
    assert (read["status"], [reason["code"] for reason in read["reasons"]]) == ("review", codes)


@pytest.mark.parametrize("engine", ["MRZ_FUNCTION", "FACE_COMPARE_FUNCTION"])
def test_a_worker_whose_engine_fails_is_tried_again_and_loses_nothing(begun, environment_of, ended, key, engine):
    with environment_of("WorkerFunction", **{engine: "nowhere"}) as invoke:
        failed = invoke(message(begun))
    with environment_of("WorkerFunction") as invoke:
        invoke(message(begun))

    assert failed == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert ended(begun, key=key)["status"] == "approved"


def test_engines_that_hang_to_the_last_leave_their_reasons(aged, environment_of, ended, key, hanging):
    last = aged(LAST_ATTEMPT_S)
    with environment_of("WorkerFunction", **hanging) as invoke:
        invoke(message(last))

    codes = [reason["code"] for reason in ended(last, key=key)["reasons"]]
    assert codes == ["faces_not_compared", "mrz_not_read"]


@pytest.mark.parametrize("engine", ["MRZ_FUNCTION", "FACE_COMPARE_FUNCTION"])
def test_an_engine_that_fails_a_call_makes_it_a_202_that_ends_elsewhere(event, environment_of, ended, key, engine):
    with environment_of("VerifyFunction", **{engine: "nowhere"}) as invoke:
        answer = invoke(event)
    body = json.loads(answer["body"])

    assert (answer["statusCode"], body["status"]) == (202, "processing")
    assert ended(body["id"], key=key)["status"] == "approved"


def test_a_worker_that_cannot_reach_the_table_is_tried_again_and_loses_nothing(begun, environment_of, ended, key):
    with environment_of("WorkerFunction", VERIFICATIONS_TABLE="nowhere") as invoke:
        failed = invoke(message(begun))
    with environment_of("WorkerFunction") as invoke:
        invoke(message(begun))

    assert failed == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert ended(begun, key=key)["status"] == "approved"


def test_what_no_worker_ended_says_so_once_its_time_is_over(aged, ended, key):
    read = ended(aged(7200), key=key)

    assert (read["status"], [reason["code"] for reason in read["reasons"]]) == ("review", ["processing_timed_out"])


def test_fifty_requests_at_once_with_one_key_make_one_verification(stack, post):
    tenant = keys.new_tenant()
    key = stack.add_key(tenant=tenant)
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: answered(lambda: post(key=key, Idempotency_Key="race")), range(RACERS)))
    last = post(key=key, Idempotency_Key="race")

    made = [answer for answer in answers if answer.status_code == 200 and "Idempotent-Replayed" not in answer.headers]
    assert (len(made), len(verifications(stack, tenant))) == (1, 1)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert (last.headers["Idempotent-Replayed"], last.json()) == ("true", made[0].json())
