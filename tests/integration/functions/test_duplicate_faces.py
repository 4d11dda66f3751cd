"""Faces seen before, over HTTP: noted, found again, kept apart, erased, and shown to nobody."""

import json
import math
import random
import zlib
from base64 import b64encode

import pytest
from botocore.exceptions import ClientError

from cari_aws import clients
from cari_decision import evidence_record
from cari_decision.evidence import EngineFailure
from cari_evidence import bundle, signing
from cari_verification.aws import face_index, tenant_secrets, verifications
from cari_verification.face_embedding import FaceEmbedding, packed, unpacked
from functions.worker import app as worker
from tests.integration.functions import api as app
from tests.integration.functions.requests import (
    CONTEXT,
    TENANT,
    event,
    get,
    multipart,
    post,
    post_json,
    whole_form,
    with_headers,
)
from tests.unit.evidence_of_specimens import faces, no_faces, reading

pytestmark = pytest.mark.usefixtures("aws", "signing_key")
POLICY = "sandbox-duplicate-face"
OTHER_TENANT = "b" * 24
# Made up, so that unit vectors of random people (cosine about 0) and of one person (1) lie on both ends of it.
RATES = ((0.5, 1e-2), (0.7, 1e-3), (0.9, 1e-5))


def person(number, model="model"):
    drawn = random.Random(number)  # noqa: S311  # a test's
    values = [drawn.gauss(0, 1) for _ in range(128)]
    return FaceEmbedding(model, unpacked(packed(tuple(value / math.hypot(*values) for value in values))), RATES)


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(country="UTO"), embedding=person(1))
    return answers


def sent(request):
    context = {**request["requestContext"]}
    context["authorizer"] = {**context["authorizer"], "scopes": "verify read delete admin"}
    answer = app.handler({**request, "requestContext": context}, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def verified(*, policy=POLICY, mode="dev", tenant=TENANT, **form):
    status, verification = sent(post(multipart(whole_form(policy=policy, **form)), mode=mode, tenant=tenant))
    assert status == 200, verification
    return verification


def put(name, rules, **caller):
    assert sent({**post_json(f"/identity/policies/{name}", rules, **caller), "httpMethod": "PUT"})[0] == 200


def check_of(verification):
    return next(check for check in verification["checks"] if check["name"] == "duplicate_face")


def seen(verification):
    return check_of(verification)["evidence"]["verifications"]


def deleted(identifier):
    return sent(event("DELETE", f"/identity/verify/{identifier}"))[0]


def notes():
    return [item for item in tenant_secrets.table().scan()["Items"] if item["id"].startswith("face#")]


def vectors():
    return [unpacked(bytes(note["vector"])) for note in notes()]


def spelt(embedding):
    """Spell a vector in every way that it could be written."""
    raw = packed(embedding.values)
    return (raw.hex(), b64encode(raw).decode()[:40], str(embedding.values[0]), str(embedding.values[7]))


def test_a_face_seen_before_goes_to_review_and_the_check_says_where_it_was_seen():
    first, second = verified(), verified()

    assert (first["status"], second["status"], [reason["code"] for reason in second["reasons"]]) == (
        "approved",
        "review",
        ["duplicate_face"],
    )
    assert (seen(first), seen(second)) == ([], [first["id"]])


def test_the_same_face_with_another_document_counts_all_the_same(answers):
    first = verified()
    answers["mrz"] = reading(country="UTO", number="X7654321")

    assert seen(verified()) == [first["id"]]


def test_the_newest_of_the_likest_are_named_and_somebody_else_is_not(answers):
    own = [verified(reference=f"order {i}")["id"] for i in range(3)]
    answers["embedding"] = person(2)
    stranger = verified(reference="order 3")
    answers["embedding"] = person(1)

    again = verified(reference="order 4")

    assert (seen(stranger), set(seen(again)), check_of(again)["evidence"]["compared"]) == ([], set(own), 4)


def test_however_many_tries_there_were_under_the_same_reference_the_rest_is_compared(monkeypatch):
    monkeypatch.setattr(face_index, "MAX_COMPARED", 2)
    monkeypatch.setattr(face_index, "MAX_NOTES", 12)
    first = verified(reference="order 1")
    for _ in range(6):
        verified(reference="order 2")

    last = verified(reference="order 2")

    assert (seen(last), check_of(last)["evidence"]["older_not_compared"]) == ([first["id"]], False)


def test_where_notes_are_left_unread_for_their_number_the_check_says_so(monkeypatch):
    monkeypatch.setattr(face_index, "MAX_COMPARED", 2)
    monkeypatch.setattr(face_index, "MAX_NOTES", 4)
    verified(reference="order 1")
    for _ in range(5):
        verified(reference="order 2")

    last = verified(reference="order 2")

    assert (seen(last), check_of(last)["evidence"]["older_not_compared"]) == ([], True)


def test_nobody_looks_for_faces_unasked(answers):
    answers["embedding"] = None

    verification = verified(policy="default")

    assert ([c for c in verification["checks"] if c["name"] == "duplicate_face"], notes()) == ([], [])


def test_another_try_under_the_same_reference_is_no_duplicate():
    found = [seen(verified(reference=reference)) for reference in ("order 1", "order 1", "order 2")]

    assert [len(each) for each in found] == [0, 0, 2]


def test_a_note_is_small_and_does_not_say_the_reference():
    verified(reference="order 1")

    (note,) = notes()
    told = json.dumps(note, default=repr)
    assert (len(bytes(note["vector"])), set(note)) == (
        256,
        {"owner", "id", "expires_at", "model", "vector", "reference"},
    )
    assert "order 1" not in told


def test_the_vector_is_in_no_answer_no_stored_verification_no_bundle_and_no_log(answers, logged):
    first, second = verified(), verified()
    turned = [bytes(note["vector"]) for note in notes()]
    status, read = sent(get(f"/identity/verify/{second['id']}"))
    jws = app.handler(get(f"/identity/verify/{second['id']}/evidence"), CONTEXT)["body"]

    bundled = json.dumps(signing.unverified(jws, type_=bundle.TYPE))
    items = verifications.table().scan()["Items"]
    stored = json.dumps(items, default=repr) + "".join(
        zlib.decompress(bytes(item["evidence"])).decode() for item in items if "evidence" in item
    )
    said = "".join((json.dumps([first, second, read]), bundled, stored, logged.getvalue()))
    numbers = {str(value) for vector in (answers["embedding"].values, *vectors()) for value in vector}
    assert status == 200
    assert '"duplicate_face"' in bundled
    assert '"face_search"' in stored
    assert [spelling for spelling in spelt(answers["embedding"]) if spelling in said] == []
    assert [vector for vector in turned if vector.hex() in said or b64encode(vector).decode() in said] == []
    assert [number for number in numbers if len(number) > 9 and number in said] == []


def test_the_bundle_tells_what_was_found_and_is_decided_alike_from_it():
    first, second = verified(), verified()
    packed_record = verifications.find_evidence(TENANT, "dev", second["id"])

    record = evidence_record.unpacked(packed_record)

    assert record["evidence"]["face_search"] == {
        "compared": 1,
        "older": False,
        "least_fmr": 1e-5,
        "best_fmr": 1e-5,
        "matches": [{"verification": first["id"], "fmr": 1e-5}],
        "other_models": [],
        "unavailable": None,
    }
    assert evidence_record.decide_again(record).status == second["status"] == "review"


def test_another_policy_is_evaluated_without_looking_again(answers):
    answers["embedding"] = person(2)
    verified()
    second = verified()
    before, answers["embedding"] = notes(), None

    tolerant = {"duplicates": {"face": True, "face_error_rate": 0.0001}, "reasons": {"duplicate_face": "warn"}}
    _, answer = sent(post_json(f"/identity/verify/{second['id']}/evaluate", {"policy": tolerant}))

    assert (answer["status"], check_of(answer)["result"], notes()) == ("approved", "failed", before)


def test_tenants_and_modes_never_see_each_others_faces():
    for mode, tenant in (("live", TENANT), ("dev", OTHER_TENANT), ("live", OTHER_TENANT)):
        put("faces", {"duplicates": {"face": True}}, mode=mode, tenant=tenant)
    verified()

    others = [
        verified(policy="faces", mode=mode, tenant=tenant)
        for mode, tenant in (("live", TENANT), ("dev", OTHER_TENANT), ("live", OTHER_TENANT))
    ]

    assert [(seen(each), check_of(each)["evidence"]["compared"]) for each in others] == [([], 0)] * 3


def test_a_deletion_takes_the_note_with_it():
    identifier = verified()["id"]
    assert len(notes()) == 1

    assert deleted(identifier) == 200

    assert notes() == []
    assert seen(verified()) == []


def test_a_note_lives_no_longer_than_its_verification():
    identifier = verified(retention_days=7)["id"]

    item = verifications.find_item(TENANT, "dev", identifier)

    assert [(note["id"], note["expires_at"]) for note in notes()] == [(f"face#{identifier}", item["expires_at"])]


def test_a_note_whose_time_is_over_is_not_compared(monkeypatch):
    verified(retention_days=1)
    now = face_index.time.time()
    monkeypatch.setattr(face_index.time, "time", lambda: now + 2 * verifications.DAY_S)  # TTL may take its time

    assert check_of(verified())["evidence"]["compared"] == 0


def test_with_no_retention_the_face_is_looked_for_and_not_kept():
    first = verified()

    again = verified(retention_days=0)

    assert (seen(again), [note["id"] for note in notes()]) == ([first["id"]], [f"face#{first['id']}"])


def test_notes_of_another_model_are_not_compared_and_it_is_named(answers):
    verified()
    answers["embedding"] = person(1, model="another")

    told = check_of(verified())["evidence"]

    assert (told["compared"], told["other_models_not_compared"]) == (0, ["model"])


def test_where_one_model_made_every_note_none_is_named():
    verified()

    assert "other_models_not_compared" not in check_of(verified())["evidence"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"embedding": None}, "no_embedding"),  # as Amazon Rekognition
        ({"faces": no_faces(), "embedding": None}, "no_single_face"),
        ({"faces": faces(strangers=1)}, "no_single_face"),
        ({"faces": EngineFailure("faces_not_compared"), "embedding": None}, "faces_not_compared"),
    ],
)
def test_where_no_face_can_be_told_nothing_is_noted_and_the_check_says_why(answers, said, why):
    answers.update(said)

    check = check_of(verified())

    assert (check["result"], check["evidence"], notes()) == ("not_performed", {"unavailable": why}, [])


@pytest.mark.parametrize("call", ["put_item", "query"])
def test_a_throttled_table_approves_nobody_and_the_worker_goes_on(monkeypatch, logged, call):
    def throttled(**_):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, call)

    monkeypatch.setattr(clients.table("seen"), call, throttled)

    status, verification = sent(post(multipart(whole_form(policy=POLICY))))

    assert (status, verification["status"]) == (202, "processing")
    assert "face not sought" in logged.getvalue()


def test_no_more_are_compared_than_the_calibration_can_answer_for(answers):
    put("strict", {"duplicates": {"face": True, "face_error_rate": 0.0001}})
    for number in range(12):
        answers["embedding"] = person(number)
        verified(policy="strict")
    answers["embedding"] = person(11)

    told = check_of(verified(policy="strict"))["evidence"]

    assert (told["compared"], told["older_not_compared"], len(told["verifications"])) == (10, True, 1)


def test_the_newest_are_read_page_by_page(monkeypatch, answers):
    identifiers = []
    for number in range(5):
        answers["embedding"] = person(number)
        identifiers.append(verified()["id"])
    asked, query = [], clients.table("seen").query

    def in_small_pages(**more):
        asked.append(more)
        return query(**{**more, "Limit": 2})

    monkeypatch.setattr(clients.table("seen"), "query", in_small_pages)
    monkeypatch.setattr(face_index, "MAX_COMPARED", 4)

    newest, oldest = (check_of(verified()) for answers["embedding"] in (person(4), person(0)))

    assert (newest["evidence"]["compared"], newest["evidence"]["verifications"]) == (4, identifiers[4:])
    assert (oldest["evidence"]["compared"], oldest["evidence"]["verifications"]) == (4, [])  # not read so far back
    assert (len(asked), all(each["ConsistentRead"] for each in asked)) == (6, True)


def test_what_was_noted_while_it_was_erased_goes_too(monkeypatch):
    request = with_headers(post(multipart(whole_form(policy=POLICY))), Prefer="respond-async")
    identifier = json.loads(app.handler(request, CONTEXT)["body"])["id"]
    search = face_index.search

    def erased_meanwhile(*asked):
        assert deleted(identifier) == 200
        return search(*asked)

    monkeypatch.setattr(face_index, "search", erased_meanwhile)
    body = json.dumps({"tenant": TENANT, "mode": "dev", "id": identifier})

    for _ in range(2):  # the second because the first has asked for it
        worker.handler({"Records": [{"messageId": "m", "body": body, "eventSource": "aws:sqs"}]}, CONTEXT)

    assert notes() == []
