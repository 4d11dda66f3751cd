import json
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError

from cari_aws import idempotency
from cari_core import settings
from cari_verification.aws import erasure, lifecycle, ports
from cari_verification.aws import verifications as table
from cari_verification.aws.engines import Engines
from cari_verification.aws.ports import worker_ports
from cari_verification.stored import Outcome
from functions.verify import app as verify
from tests.integration.functions import api as app
from tests.integration.functions.requests import (
    BOUNDARY,
    CONTEXT,
    TENANT,
    get,
    multipart,
    post,
    post_json,
    whole_form,
    with_headers,
)
from tests.unit.evidence_of_specimens import reading
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws", "good_answers")


def over_at_once():
    """Give a call the usual time, and the key that it takes none: what dies within frees it at once."""
    told = iter([28_000, 28_000])  # to the deadlines of the call and of the engines
    return SimpleNamespace(**{**vars(CONTEXT), "get_remaining_time_in_millis": lambda: next(told, -1)})


def posted(key="the-key", *, context=CONTEXT, body=None, caller=None, headers=None, **changes):
    request = post(body or multipart(whole_form(**changes)), **(caller or {}))
    return app.handler(with_headers(request, Idempotency_Key=key, **(headers or {})), context)


def body_of(answer):
    return json.loads(answer["body"])


def replayed(answer):
    return answer["multiValueHeaders"].get("Idempotent-Replayed") == ["true"]


def records():
    return boto3.resource("dynamodb").Table("idempotency").scan()["Items"]


def verifications():
    kept = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    return [item for item in kept if not item["id"].startswith("record#")]


def test_a_repeated_request_is_told_the_same_answer_and_that_it_is_the_same():
    first, second = posted(), posted()

    assert (second["statusCode"], second["body"]) == (200, first["body"])
    assert (replayed(first), replayed(second), len(verifications())) == (False, True, 1)


def test_without_a_key_every_request_is_another():
    request = post(multipart(whole_form()))

    app.handler(request, CONTEXT)
    app.handler(request, CONTEXT)

    assert (len(verifications()), records()) == (2, [])


def test_another_key_is_another_request():
    posted("one")
    posted("two")

    assert len(verifications()) == 2


def test_another_boundary_is_the_same_body():
    posted()

    other = multipart(whole_form()).replace(BOUNDARY.encode(), b"elsewhere")
    request = with_headers(post(other, "multipart/form-data; boundary=elsewhere"), Idempotency_Key="the-key")

    assert replayed(app.handler(request, CONTEXT))


def test_another_order_of_the_parts_is_the_same_body():
    posted()

    assert replayed(posted(body=multipart(dict(reversed(whole_form().items())))))


@pytest.mark.parametrize(
    "change",
    [{"type": "card"}, {"front": encoded(size=(301, 200))}, {"back": encoded()}],
    ids=["type", "front", "back"],
)
def test_another_body_under_a_used_key_is_refused(change):
    posted()

    answer = posted(**change)

    assert (answer["statusCode"], body_of(answer)["code"], body_of(answer)["field"]) == (
        422,
        "idempotency_key_reused",
        "Idempotency-Key",
    )
    assert len(verifications()) == 1


def test_parts_that_only_run_together_alike_are_another_body():
    assert idempotency.fingerprint({"front": b"ab", "selfie": b"c"}) != idempotency.fingerprint(
        {"front": b"a", "selfie": b"bc"}
    )


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_key_is_another_key(other):
    posted()

    answer = posted(caller=other, type="card")

    assert (answer["statusCode"], replayed(answer)) == (200, False)


def test_a_request_under_way_is_a_409_to_its_repetition(monkeypatch):
    repeated = []
    monkeypatch.setattr(Engines, "read_mrz", lambda *_, **__: repeated.append(posted()) or reading())

    first = posted()

    assert (repeated[0]["statusCode"], body_of(repeated[0])["code"]) == (409, "idempotency_in_progress")
    assert repeated[0]["multiValueHeaders"]["Retry-After"] == ["1"]
    assert (first["statusCode"], len(verifications())) == (200, 1)


def test_of_many_at_once_one_is_made():
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _once_for_threads(), range(24)))

    assert [made for made, _ in answers].count(True) == 1
    assert {outcome for _, outcome in answers} <= {"told again", "under way", "made"}


def _once_for_threads():
    request = idempotency.KeyedRequest(TENANT, "dev", "verify", "the-key", "same", CONTEXT)
    try:
        with idempotency.attempt(request) as attempt:
            attempt.made = {"id": "x"}
    except idempotency.IdempotencyInProgress:
        return False, "under way"
    return not attempt.replayed, "told again" if attempt.replayed else "made"


def test_an_attempt_that_died_does_not_hold_its_key_for_long(monkeypatch):
    def die(*_, **__):
        raise SystemExit  # as when Lambda ends the process

    with monkeypatch.context() as dying:
        dying.setattr(verify, "store", die)
        with pytest.raises(SystemExit):
            posted(context=over_at_once())

    assert posted()["statusCode"] == 200


@pytest.mark.parametrize("refused", [b"", b"I am a picture, honestly\n"])
def test_a_refused_request_leaves_its_key_free(refused):
    posted(front=refused)

    assert (posted()["statusCode"], len(verifications())) == (200, 1)


def test_a_500_leaves_its_key_free(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(verify, "store", lambda *_, **__: 1 / 0)
        assert posted()["statusCode"] == 500

    assert posted()["statusCode"] == 200


def test_an_attempt_that_made_nothing_leaves_nothing_behind(monkeypatch):
    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem")

    monkeypatch.setattr(verify.policies, "settle", refuse)

    assert (posted()["statusCode"], records()) == (503, [])


@pytest.mark.parametrize("key", ["", "with space", "é", "x" * 256, "tab\t"])
def test_a_key_that_is_none_is_refused_by_name(key):
    answer = posted(key)

    assert (answer["statusCode"], body_of(answer)["field"], verifications()) == (422, "Idempotency-Key", [])


def test_a_202_is_told_again_as_it_was_even_when_there_is_a_decision():
    first = posted(headers={"Prefer": "respond-async"})
    request = lifecycle.pending_request(table.find(TENANT, "dev", body_of(first)["id"]))
    worker_ports().save(request, Outcome(status="declined"), b"evidence")

    second = posted(headers={"Prefer": "respond-async"})

    assert (second["statusCode"], second["body"], replayed(second)) == (202, first["body"], True)
    assert second["multiValueHeaders"]["Location"] == first["multiValueHeaders"]["Location"]


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "respond-async"}], ids=["waited for", "not waited for"])
def test_fifty_repetitions_are_told_the_same(prefer):
    said = {"reference": "order 17", "metadata": '{"desk": "Zürich"}', "headers": prefer}
    first = posted(**said)

    answers = [posted(**said) for _ in range(50)]

    assert {answer["body"] for answer in answers} == {first["body"]}
    assert {answer["statusCode"] for answer in answers} == {first["statusCode"]}
    assert (body_of(first)["reference"], body_of(first)["metadata"]) == ("order 17", {"desk": "Zürich"})


def test_keys_are_remembered_for_a_day():
    before_s = int(time.time())

    posted()

    assert {0 <= int(record["expires_at"]) - before_s - 86_400 < 60 for record in records()} == {True}


def test_no_answer_and_no_key_lies_in_the_table():
    posted()

    said = json.dumps(records(), default=str)
    assert ("L898902C3" in said, "front.jpg" in said, "the-key" in said) == (False, False, False)


def test_a_verification_forgotten_leaves_nothing_behind():
    identifier = body_of(posted())["id"]

    idempotency.forget(TENANT, "dev", identifier)

    assert records() == []


def test_forgetting_frees_the_key():
    idempotency.forget(TENANT, "dev", body_of(posted())["id"])

    assert (replayed(posted()), len(verifications())) == (False, 2)


def test_an_attempt_that_failed_is_forgotten_without_the_one_that_came_after_it(monkeypatch):
    begun, failing = [], lifecycle.announce

    def announce(submission, **kwargs):
        begun.append(submission.id)
        failing(submission, **kwargs)
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    with monkeypatch.context() as throttled:
        throttled.setattr(lifecycle, "announce", announce)
        assert posted()["statusCode"] == 503
    made = posted()

    idempotency.forget(TENANT, "dev", begun[0])

    assert (replayed(posted()), body_of(posted())["id"]) == (True, body_of(made)["id"])


def end_unheard(monkeypatch):
    """Let ends be stored, and nobody hear of it."""
    finish = lifecycle.finish

    def unheard(*args):
        finish(*args)
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems")

    monkeypatch.setattr(lifecycle, "finish", unheard)


def test_an_end_that_nobody_heard_of_is_none(monkeypatch):
    with monkeypatch.context() as unheard:
        end_unheard(unheard)
        assert posted()["statusCode"] == 503
    assert [item["status"] for item in verifications()] == ["abandoned"]

    assert (posted()["statusCode"], replayed(posted())) == (200, True)


def test_an_end_that_could_not_be_undone_is_told_to_who_sends_the_request_again(monkeypatch):
    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    with monkeypatch.context() as unheard:
        end_unheard(unheard)
        unheard.setattr(erasure, "mark_abandoned", refuse)
        assert posted(context=over_at_once())["statusCode"] == 503

    again = posted()

    assert (replayed(again), [body_of(again)["id"]]) == (True, [item["id"] for item in verifications()])


def test_one_that_nobody_was_asked_to_go_on_with_is_gone_on_with_once_the_request_comes_again(monkeypatch):
    def die(*_, **__):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(ports.work_queue, "send", lambda *_, delay_s=0: None if delay_s else die())
        with pytest.raises(SystemExit):
            posted(context=over_at_once(), headers={"Prefer": "respond-async"})

    again = posted(headers={"Prefer": "respond-async"})

    sqs = boto3.client("sqs")
    waiting = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="work")["QueueUrl"])["Messages"]
    assert (again["statusCode"], [json.loads(it["Body"])["id"] for it in waiting]) == (202, [body_of(again)["id"]])


@pytest.mark.parametrize("of", [("b" * 24, "dev"), (TENANT, "live")])
def test_nobody_forgets_anothers(of):
    identifier = body_of(posted())["id"]

    idempotency.forget(*of, identifier)

    assert replayed(posted())


def test_forgetting_what_is_unknown_does_nothing():
    idempotency.forget(TENANT, "dev", "0" * 24)

    assert records() == []


def test_an_erased_verification_is_not_told_again():
    identifier = body_of(posted())["id"]
    table.table().delete_item(Key={"owner": f"{TENANT}#dev", "id": identifier})

    assert posted()["statusCode"] == 404


def test_a_table_out_of_reach_is_a_500_before_anything_is_made(monkeypatch):
    monkeypatch.setenv("IDEMPOTENCY_TABLE", "nowhere")
    settings.forget()

    assert (posted()["statusCode"], verifications()) == (500, [])


def test_an_answer_is_given_even_where_it_cannot_be_remembered(monkeypatch):
    def refuse(*_, **__):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

    monkeypatch.setattr(idempotency._Records, "_update_record", refuse)  # noqa: SLF001

    answer = posted()

    assert answer["statusCode"] == 200
    assert body_of(app.handler(get(f"/identity/verify/{body_of(answer)['id']}"), CONTEXT)) == body_of(answer)


@pytest.mark.parametrize("prefer", [None, "respond-async"])
def test_what_a_request_made_that_died_before_it_said_so_is_told_and_not_made_again(monkeypatch, prefer):
    def die(*_, **__):
        raise SystemExit  # as when Lambda ends the process

    headers = {"Prefer": prefer} if prefer else {}
    with monkeypatch.context() as dying:
        dying.setattr(idempotency._Records, "_update_record", die)  # noqa: SLF001
        with pytest.raises(SystemExit):
            posted(context=over_at_once(), headers=headers)

    again, once_more = posted(headers=headers), posted(headers=headers)

    assert [replayed(answer) for answer in (again, once_more)] == [True, True]
    assert [body_of(again)["id"]] == [body_of(once_more)["id"]] == [item["id"] for item in verifications()]
    assert again["statusCode"] == (202 if prefer else 200)


def test_uploads_asked_for_again_have_the_same_names():
    file = {"side": "front", "content_type": "image/png", "size_bytes": 9, "sha256": "0" * 64}
    request = post_json("/identity/uploads", {"files": [file]}, headers={"Idempotency-Key": "the-key"})

    first, second = app.handler(request, CONTEXT), app.handler(request, CONTEXT)

    assert body_of(first)["uploads"][0]["name"] == body_of(second)["uploads"][0]["name"]
    assert (second["statusCode"], replayed(second)) == (201, True)


def test_the_routes_have_keys_of_their_own():
    file = {"side": "front", "content_type": "image/png", "size_bytes": 9, "sha256": "0" * 64}
    app.handler(post_json("/identity/uploads", {"files": [file]}, headers={"Idempotency-Key": "the-key"}), CONTEXT)

    assert posted()["statusCode"] == 200
