"""Signed evidence, over HTTP: who gets it, what is in it, and that it leads to the same decision."""

import json
import os
from hashlib import sha256

import boto3
import pytest

from cari_core import settings
from cari_decision import evidence_record
from cari_decision.evidence import EngineFailure, Mrz
from cari_evidence import bundle, signing
from cari_verification.aws import verifications
from functions.worker import app as worker
from local.aws.kms import signing_as_kms
from tests.integration.functions import api as app
from tests.integration.functions.requests import (
    CONTEXT,
    TENANT,
    event,
    get,
    multipart,
    post,
    whole_form,
    with_headers,
)
from tests.unit.evidence_of_specimens import faces, reading
from tools import replay

pytestmark = pytest.mark.usefixtures("aws", "signing_key")
ALIAS = "alias/stack-signing"
MARKERS = {"names": "CANARYGIVEN", "surname": "CANARYSUR", "number": "CANARY123", "raw_text": "P<CANARYRAW"}


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(**MARKERS))
    return answers


@pytest.fixture
def signing_key(aws, monkeypatch):  # noqa: ARG001  # KMS is in the account
    with signing_as_kms():
        made = boto3.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
        boto3.client("kms").create_alias(AliasName=ALIAS, TargetKeyId=made["KeyMetadata"]["KeyId"])
        monkeypatch.setenv("SIGNING_KEY_ID", ALIAS)
        settings.forget()
        signing._signer.cache_clear()  # noqa: SLF001  # each test has a key of its own
        yield
        boto3.client("kms").delete_alias(AliasName=ALIAS)
    settings.forget()
    signing._signer.cache_clear()  # noqa: SLF001


def posted(prefer=None, **changes):
    request = post(multipart(whole_form(**changes)))
    return json.loads(app.handler(with_headers(request, Prefer=prefer) if prefer else request, CONTEXT)["body"])


def asked(identifier, method="GET", **caller):
    return app.handler(event(method, f"/identity/verify/{identifier}/evidence", **caller), CONTEXT)


def published():
    return json.loads(app.handler(get("/.well-known/jwks.json"), CONTEXT)["body"])


def claims_of(identifier):
    return signing.verify(asked(identifier)["body"], published(), type_=bundle.TYPE)


def test_evidence_is_a_jws_that_the_published_key_checks():
    answer = asked(posted()["id"])

    assert (answer["statusCode"], answer["multiValueHeaders"]["Content-Type"]) == (200, ["application/jose"])
    assert signing.verify(answer["body"], published(), type_=bundle.TYPE)


def test_the_bundle_holds_the_verification_as_it_was_answered():
    made = posted()

    assert claims_of(made["id"])["verification"] == made


def test_the_bundle_holds_the_digests_of_the_stored_pictures():
    made = posted()
    stored = {
        side: boto3.client("s3").get_object(Bucket="bucket", Key=f"images/{TENANT}/dev/{made['id']}/{side}.jpg")["Body"]
        for side in ("selfie", "front")
    }

    told = {side: digest["sha256"] for side, digest in claims_of(made["id"])["digests"].items()}
    assert told == {side: sha256(body.read()).hexdigest() for side, body in stored.items()}


def test_the_bundle_names_the_engines(good_answers):
    good_answers["mrz"] = reading(engine={"name": "cari_mrz"})
    good_answers["faces"].response["Engine"] = {"Name": "cari_face"}

    assert claims_of(posted()["id"])["engines"] == {
        "faces": {"Name": "cari_face"},
        "front": {"name": "cari_mrz"},
        "back": None,
    }


def test_the_public_answer_does_not_change(good_answers):
    before = posted()
    good_answers["mrz"] = reading(**MARKERS, engine={"name": "cari_mrz"})

    assert posted().keys() == before.keys()
    assert "evidence" not in before


def test_what_a_worker_ended_has_evidence_too():
    made = posted(prefer="respond-async")
    queued = boto3.client("sqs").receive_message(QueueUrl=os.environ["WORK_QUEUE_URL"])["Messages"][0]
    record = {"messageId": "1", "body": queued["Body"], "eventSource": "aws:sqs", "receiptHandle": "r"}
    worker.handler({"Records": [record]}, CONTEXT)

    assert claims_of(made["id"])["digests"]["selfie"]["sha256"]


def test_there_is_no_evidence_before_there_is_a_decision():
    answer = asked(posted(prefer="respond-async")["id"])

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (409, "still_processing")
    assert int(answer["multiValueHeaders"]["Retry-After"][0]) > 0


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_evidence_looks_like_that_of_a_verification_that_never_was(other):
    made = posted()

    theirs, nobodys = asked(made["id"], **other), asked(made["id"][::-1])

    assert (theirs["statusCode"], nobodys["statusCode"]) == (404, 404)
    assert theirs["body"].replace(made["id"], "") == nobodys["body"].replace(made["id"][::-1], "")


def test_a_verification_from_before_there_was_evidence_has_none():
    made = posted()
    verifications.table().delete_item(Key=verifications.evidence_key(TENANT, "dev", made["id"]))

    answer = asked(made["id"])

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "not_found")


def test_its_head_is_answered_as_get_is():
    answer = asked(posted()["id"], "HEAD")

    assert (answer["statusCode"], answer["body"].count(".")) == (200, 2)


def test_replaying_what_was_answered_says_equal(tmp_path, capsys):
    (tmp_path / "bundle").write_text(asked(posted()["id"])["body"])
    (tmp_path / "jwks").write_text(json.dumps(published()))

    status = replay.main([str(tmp_path / "bundle"), "--jwks", str(tmp_path / "jwks")])

    assert (status, capsys.readouterr().out) == (0, "equal\n")


def test_a_failure_of_an_engine_is_evidence_as_well(good_answers):
    good_answers["mrz"] = EngineFailure("mrz_not_read", "front")

    assert claims_of(posted()["id"])["evidence"]["front"] == {"code": "mrz_not_read", "side": "front"}


def test_evidence_that_does_not_fit_is_left_out_by_name_and_the_verification_kept(good_answers, monkeypatch):
    good_answers["mrz"] = Mrz({**reading().reading, "character_confidence": [[0.123456] * 44] * 2})
    monkeypatch.setattr(evidence_record, "MAX_BYTES", 100)

    claims = claims_of(posted()["id"])

    assert (claims["evidence"], claims["omitted"]) == (None, ["evidence"])
    assert claims["verification"]["status"] == "approved"


def test_names_and_numbers_are_in_the_bundle_and_in_no_log(logged):
    jws = asked(posted()["id"])["body"]

    claims = json.dumps(signing.verify(jws, published(), type_=bundle.TYPE))
    assert all(marker in claims for marker in MARKERS.values())
    assert "evidence signed" in logged.getvalue()
    assert not [marker for marker in (*MARKERS.values(), jws.split(".")[1][:40]) if marker in logged.getvalue()]
