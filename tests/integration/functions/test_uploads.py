import base64
import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from cari_aws import objects
from cari_core import ids
from cari_core.deadline import Deadline
from cari_core.errors import CariError
from cari_core.stopwatch import Stopwatch
from cari_verification import uploads as names
from cari_verification.aws import bucket, lifecycle
from cari_verification.aws.engines import Engines
from cari_verification.aws.ports import http_ports
from cari_verification.request import Request
from cari_verification.verification import complete, store
from functions.verify import uploads
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, TENANT, post_json
from tests.unit.evidence_of_specimens import reading
from tests.unit.intake.pictures import encoded, exif

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
SELFIE, FRONT = encoded(exif=exif(1)), encoded(size=(300, 200))


def answered(request):
    answer = app.handler(request, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def file(payload=SELFIE, **changes):
    sha256 = hashlib.sha256(payload).hexdigest()
    return {"side": "selfie", "content_type": "image/jpeg", "size_bytes": len(payload), "sha256": sha256, **changes}


def offered(*files, **changes):
    return answered(post_json("/identity/uploads", {"files": list(files)}, **changes))


def put(name, payload, *, tenant=TENANT, mode="dev"):
    boto3.client("s3").put_object(Bucket="bucket", Key=bucket.upload_key(tenant, mode, name), Body=payload)


def uploaded(payload, *, promised=None, owner=None, **changes):
    """Promise some bytes, upload others, and give the upload's name."""
    _, body = offered(file(payload if promised is None else promised, **changes), **(owner or {}))
    name = body["uploads"][0]["name"]
    put(name, payload, **(owner or {}))
    return name


def verified(selfie=None, front=None, **changes):
    body = {"type": "passport", "selfie": selfie or uploaded(SELFIE), "front": front or uploaded(FRONT), **changes}
    return answered(post_json("/identity/verify", {name: part for name, part in body.items() if part is not None}))


def left():
    return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="bucket").get("Contents", [])]


def test_uploads_are_offered_in_the_order_they_were_asked_for():
    status, body = offered(file(FRONT, side="front"), file())

    assert (status, [upload["side"] for upload in body["uploads"]]) == (201, ["front", "selfie"])


def test_the_signed_policy_binds_key_type_size_and_checksum():
    _, body = offered(file())
    upload = body["uploads"][0]

    conditions = json.loads(base64.b64decode(upload["fields"]["policy"]))["conditions"]
    checksum = base64.b64encode(hashlib.sha256(SELFIE).digest()).decode()
    assert {"key": f"uploads/{TENANT}/dev/{upload['name']}"} in conditions
    assert {"Content-Type": "image/jpeg"} in conditions
    assert {"x-amz-checksum-sha256": checksum} in conditions
    assert ["content-length-range", len(SELFIE), len(SELFIE)] in conditions


def test_a_signed_post_is_good_for_a_quarter_of_an_hour_at_most():
    _, body = offered(file())

    policy = json.loads(base64.b64decode(body["uploads"][0]["fields"]["policy"]))
    assert datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC) + timedelta(minutes=15)


def test_a_signed_post_goes_to_the_buckets_own_region():
    assert offered(file())[1]["uploads"][0]["url"] == "https://bucket.s3.eu-west-1.amazonaws.com/"


def test_uploads_are_verified_like_the_parts_of_a_form():
    status, body = verified()

    assert (status, body["status"], body["type"], body["user"]) == (200, "approved", "passport", TENANT)


def test_a_back_may_be_named_too():
    assert verified(type="card", back=uploaded(encoded(size=(320, 200))))[1]["back"]["found"]


def test_the_pictures_are_kept_without_metadata_and_the_uploads_erased():
    _, body = verified()

    assert left() == [f"images/{TENANT}/dev/{body['id']}/{side}.jpg" for side in ("front", "selfie")]
    kept = boto3.client("s3").get_object(Bucket="bucket", Key=left()[1])["Body"].read()
    assert b"PRIVATE OWNER" in SELFIE
    assert b"PRIVATE OWNER" not in kept


def test_an_upload_that_cannot_be_erased_costs_nobody_the_answer(monkeypatch):
    def fail(*_):
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr(bucket, "delete_upload", fail)

    assert verified()[0] == 200


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_upload_looks_like_one_that_never_was(other):
    status, body = verified(front=uploaded(FRONT, owner=other))
    unknown, _ = verified(front="nonsense")

    assert (status, unknown, body["code"], body["field"]) == (404, 404, "not_found", "front")


def test_an_upload_that_was_offered_and_never_sent_is_not_found():
    _, body = offered(file(side="front"))

    status, problem = verified(front=body["uploads"][0]["name"])

    assert (status, problem["code"], problem["field"]) == (404, "not_found", "front")


def test_an_upload_of_yesterday_is_not_found():
    yesterday = ids.new_id(int((datetime.now(UTC) - timedelta(hours=25)).timestamp() * 1000))
    name = names.name_of(yesterday, names.Promise("image/jpeg", len(FRONT), hashlib.sha256(FRONT).hexdigest()))
    put(name, FRONT)

    assert verified(front=name)[0] == 404


def test_an_upload_is_used_once():
    name = uploaded(SELFIE)
    verified(selfie=name)

    status, body = verified(selfie=name)

    assert (status, body["field"]) == (404, "selfie")


def test_of_many_at_once_one_is_verified():
    selfie, front = uploaded(SELFIE), uploaded(FRONT)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _verified_by_thread(selfie, front), range(8)))

    assert [status for status, _ in answers].count(200) == 1
    assert {code for _, code in answers} <= {"approved", "upload_in_use", "not_found"}
    items = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    assert len([item for item in items if not item["id"].startswith("record#")]) == 1


def _verified_by_thread(selfie, front):
    """Verify as the route does; the resolver itself answers one request at a time."""
    names = {"selfie": selfie, "front": front, "back": None}
    watch, deadline = Stopwatch(), Deadline.after(20)
    try:
        with uploads.ClaimedUploads(TENANT, "dev", names, CONTEXT) as claimed:
            request = Request(id=ids.new_id(), tenant=TENANT, mode="dev", type="passport", pictures=claimed.pictures())
            request = store(request, http_ports(), watch)
            claimed.use()
            verification = complete(request, http_ports(), deadline=deadline, stopwatch=watch)
    except CariError as error:
        return error.status, error.code
    return 200, verification.status


def test_an_upload_that_is_being_verified_is_a_409_to_another_request(monkeypatch):
    name, told = uploaded(SELFIE), []
    monkeypatch.setattr(Engines, "read_mrz", lambda *_, **__: told or told.append(verified(selfie=name)) or reading())
    monkeypatch.setattr(uploads.upload_claims, "use", lambda _claim: True)  # as long as the pictures are not stored

    status, _ = verified(selfie=name)

    assert (status, told[0][0], told[0][1]["code"], told[0][1]["field"]) == (200, 409, "upload_in_use", "selfie")


def test_an_upload_that_could_not_be_erased_is_used_all_the_same(monkeypatch):
    def fail(*_):
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr(bucket, "delete_upload", fail)
    name = uploaded(SELFIE)
    verified(selfie=name)

    status, body = verified(selfie=name)

    assert (status, body["code"], body["field"]) == (404, "not_found", "selfie")


@pytest.mark.parametrize("twins", [("selfie", "front"), ("front", "back"), ("selfie", "back")])
def test_an_upload_is_one_side_of_one_verification(twins):
    names = {"selfie": uploaded(SELFIE), "front": uploaded(FRONT), "back": uploaded(encoded(size=(320, 200)))}
    names[twins[1]] = names[twins[0]]

    status, body = verified(**names)

    assert (status, body["code"], body["field"], twins[0] in body["detail"]) == (
        422,
        "validation_failed",
        twins[1],
        True,
    )
    assert verified(selfie=uploaded(SELFIE), front=names["front"])[0] == 200


def test_a_verification_that_fails_leaves_the_uploads_for_another_try(monkeypatch):
    selfie, front = uploaded(SELFIE), uploaded(FRONT)
    with monkeypatch.context() as broken:
        broken.setattr(lifecycle, "finish", lambda *_: 1 / 0)
        assert verified(selfie=selfie, front=front)[0] == 500

    assert verified(selfie=selfie, front=front)[0] == 200


def test_a_process_that_dies_holds_its_uploads_no_longer_than_it_may_run(monkeypatch):
    selfie, front = uploaded(SELFIE), uploaded(FRONT)

    def die(*_, **__):
        raise SystemExit  # as when Lambda ends the process

    with monkeypatch.context() as dying:
        dying.setattr(uploads, "intake", die)
        with pytest.raises(SystemExit):
            verified(selfie=selfie, front=front)
    held, _ = verified(selfie=selfie, front=front)
    real = time.time
    monkeypatch.setattr(uploads.upload_claims.time, "time", lambda: real() + 29)

    assert (held, verified(selfie=selfie, front=front)[0]) == (409, 200)


def test_a_process_that_dies_with_the_pictures_stored_has_used_its_uploads(monkeypatch):
    selfie, front = uploaded(SELFIE), uploaded(FRONT)

    def die(*_, **__):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(lifecycle, "finish", die)
        with pytest.raises(SystemExit):
            verified(selfie=selfie, front=front)
    real = time.time
    monkeypatch.setattr(uploads.upload_claims.time, "time", lambda: real() + 29)

    assert verified(selfie=selfie, front=front)[0] == 404


def test_a_repetition_under_the_same_key_is_told_the_answer_and_no_409():
    body = {"type": "passport", "selfie": uploaded(SELFIE), "front": uploaded(FRONT)}
    request = post_json("/identity/verify", body, headers={"Idempotency-Key": "the-key"})

    assert [answered(request) for _ in range(2)] == [answered(request)] * 2


def test_what_is_known_of_a_used_upload_names_neither_it_nor_its_verification():
    name = uploaded(SELFIE)
    _, verification = verified(selfie=name)

    said = json.dumps(boto3.resource("dynamodb").Table("idempotency").scan()["Items"], default=str)

    assert ("upload#" in said, name in said, verification["id"] in said) == (True, False, False)


@pytest.mark.parametrize("payload", [FRONT + b"!", FRONT[:-1], FRONT[:-1] + b"!"], ids=["longer", "shorter", "other"])
def test_an_upload_that_is_not_what_was_promised_is_refused_by_name(payload):
    status, body = verified(front=uploaded(payload, promised=FRONT))

    assert (status, body["code"], body["field"]) == (422, "upload_mismatch", "front")


def test_no_more_of_an_upload_is_read_than_was_promised(monkeypatch):
    read = []

    class Client:
        def get_object(self, **_):
            return {"Body": self, "ContentLength": len(FRONT) + 1}

        def read(self):
            read.append("all of it")

    names = uploaded(FRONT), uploaded(FRONT)
    monkeypatch.setattr(objects, "s3_client", Client)

    status, _ = verified(selfie=names[0], front=names[1])

    assert (status, read) == (422, [])


def test_a_picture_of_another_kind_than_promised_is_refused():
    status, body = verified(front=uploaded(encoded("PNG")))

    assert (status, body["code"], "PNG" in body["detail"]) == (422, "upload_mismatch", True)


def test_an_upload_that_is_no_picture_is_refused_and_named():
    status, body = verified(front=uploaded(b"I am a picture, honestly\n"))

    assert (status, body["code"], body["field"], body["detected"]) == (415, "unsupported_image", "front", "text")


def test_a_truncated_picture_is_refused():
    status, body = verified(front=uploaded(FRONT[:700]))

    assert (status, body["code"], body["field"]) == (422, "image_rejected", "front")


def test_a_refused_verification_leaves_the_uploads_for_another_try():
    selfie = uploaded(SELFIE)
    verified(selfie=selfie, front=uploaded(b"I am a picture, honestly\n"))

    assert verified(selfie=selfie)[0] == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"size_bytes": 15_728_641}, "files[0].size_bytes"),
        ({"size_bytes": 0}, "files[0].size_bytes"),
        ({"content_type": "application/pdf"}, "files[0].content_type"),
        ({"sha256": "abc"}, "files[0].sha256"),
        ({"side": "left"}, "files[0].side"),
        ({"surplus": 1}, "files[0].surplus"),
    ],
)
def test_a_file_that_cannot_be_is_refused_by_its_place(change, field):
    status, body = offered(file(**change))

    assert (status, body["code"], body["field"]) == (422, "validation_failed", field)


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_files_may_be_announced(count):
    status, body = offered(*[file()] * count)

    assert (status, body["field"]) == (422, "files")


def test_a_missing_upload_is_named_without_talk_of_forms():
    status, body = answered(post_json("/identity/verify", {"selfie": "x"}))

    assert (status, body["field"], body["detail"]) == (422, "front", "'front' is missing.")


@pytest.mark.parametrize("path", ["/identity/verify", "/identity/uploads"])
@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", "[" * 100_000, '{"a":' * 40_000, "\ufffd"])
def test_what_is_no_json_object_is_a_400(path, text):
    status, body = answered(post_json(path, text))

    assert (status, body["code"]) == (400, "bad_request")


def test_uploads_are_asked_for_in_json_only():
    request = {**post_json("/identity/uploads", {}), "headers": {"Content-Type": "multipart/form-data; boundary=x"}}

    status, body = answered(request)

    assert (status, body["code"]) == (415, "unsupported_media_type")


def test_json_may_come_in_base64_and_with_a_charset():
    request = post_json(
        "/identity/uploads", {"files": [file()]}, headers={"Content-Type": "Application/JSON; charset=utf-8"}
    )
    request = {**request, "body": base64.b64encode(request["body"].encode()).decode(), "isBase64Encoded": True}

    assert answered(request)[0] == 201


def test_neither_names_nor_checksums_are_logged(logged):
    name = uploaded(SELFIE)

    _, body = verified(selfie=name)

    said = logged.getvalue()
    assert (body["id"] in said, name in said, hashlib.sha256(SELFIE).hexdigest() in said) == (True, False, False)


@pytest.mark.parametrize("side", ["selfie", "front", "back"])
def test_an_upload_without_a_name_is_none(side):
    names = {one: uploaded(SELFIE) for one in ("selfie", "front")} | {side: ""}

    status, body = answered(post_json("/identity/verify", names))

    assert (status, body["code"], body["field"]) == (404, "not_found", side)
