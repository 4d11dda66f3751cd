"""Write events/: what each function is sent, a file per outcome. `python -m local.events` renders them anew.

The pictures inside are the project's own specimens, made small, so that the files stay readable and quick.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import requests
from PIL import Image

from cari_api.auth import scopes
from cari_api.auth.keys import KeyRecord, register
from cari_barcode import compose
from cari_barcode.render import render
from local.template import ROOT
from specimens import specimen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.aws.cloud import Cloud

EVENTS = ROOT / "events"
TENANT = "5eed5eed5eed5eed5eed5eed"
KEY = "dev_5eed5eed-5eed-4eed-8eed-5eed5eed5eed"  # known to everyone: only ever register it locally
KEY_ID = "5eed5eed5eed5eed5eed5eed"
METHOD_ARN = "arn:aws:execute-api:eu-west-1:123456789012:api/dev/POST/identity/verify"
BUCKET = "cari-local-bucket"  # as local.aws.cloud names it
JOB = f"batch/{TENANT}/dev/sample/job.json"
MADE_ON = date(2026, 1, 1)  # the specimen's "today", fixed so that rendering again changes no file

Event = dict[str, Any]


def write() -> None:
    """Render every event file."""
    passport = _jpeg(specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), MADE_ON), 1000)
    selfie = _jpeg(specimen.sample_selfie(), 360)
    blank = _jpeg(Image.new("RGB", (400, 300), "gray"), 400)
    text = b"I am a picture, honestly.\n"
    form = {"type": (None, "passport"), "selfie": ("selfie.jpg", selfie), "front": ("passport.jpg", passport)}
    events: dict[str, Event] = {
        "verify.approved": _post(form),
        "verify.missing_selfie": _post({name: part for name, part in form.items() if name != "selfie"}),
        "verify.not_a_picture": _post({**form, "front": ("passport.jpg", text)}),
        "verify.unknown_type": _post({**form, "type": (None, "library_card")}),
        "verify.uploads_offered": _http(
            "POST",
            "/identity/uploads",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"files": [_announced("front", passport), _announced("selfie", selfie)]}),
        ),
        "verify.unknown_upload": _http(
            "POST",
            "/identity/verify",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"type": "passport", "selfie": "upload_1", "front": "upload_2"}),
        ),
        "records.unknown_id": _http("GET", "/identity/verify/000000000000000000000000"),
        "records.listed": _http("GET", "/identity/verify"),
        "records.jwks": _http("GET", "/.well-known/jwks.json"),
        "records.unknown_method": _http("PUT", "/identity/verify"),
        "docs.openapi": _http("GET", "/openapi.json"),
        "docs.head_of_docs": _http("HEAD", "/docs"),
        "docs.llms": _http("GET", "/llms.txt"),
        "docs.error_reference": _http("GET", "/docs/errors"),
        "keys.created": _as_admin(
            "POST",
            "/identity/keys",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"name": "checkout", "scopes": ["verify", "read"], "expires_in_days": 90}),
        ),
        "keys.listed": _as_admin("GET", "/identity/keys"),
        "keys.insufficient_scope": _http("GET", "/identity/keys"),
        "face_compare.match": _compare(passport, selfie),
        "face_compare.no_face_in_source": _compare(blank, selfie),
        "face_compare.no_face_in_target": _compare(passport, blank),
        "face_compare.not_a_picture": _compare(text, selfie),
        "face_compare.faces_described": {"Image": _inline(selfie), "Attributes": ["ALL"]},
        "mrz.passport": _mrz(passport),
        "mrz.nothing_found": _mrz(selfie),
        "mrz.not_a_picture": _mrz(text),
        "mrz.barcode": {**_mrz(_jpeg(_back_of_licence(), 900)), "Barcode": True, "TimeBudget": 2},
        "mrz_fallback.passport": _mrz(passport),
        "mrz_fallback.printed_text": {**_mrz(passport), "PrintedText": True},
        "mrz_fallback.not_a_picture": _mrz(text),
        "authorizer.allowed": _token(KEY),
        "authorizer.unknown_key": _token("dev_00000000-0000-4000-8000-000000000000"),
        "sandbox.specimens": _http("GET", "/sandbox/specimens"),
        "sandbox.picture": _http("GET", "/sandbox/specimens/selfie.jpg", headers={"Accept": "image/jpeg"}),
        "sandbox.not_acceptable": _http("GET", "/sandbox/specimens/selfie.jpg", headers={"Accept": "*/*"}),
        "annotated.unknown_id": _http(
            "GET", f"/identity/verify/{'0' * 24}/annotated/front", headers={"Accept": "image/jpeg"}
        ),
        "annotated.not_acceptable": _http(
            "GET", f"/identity/verify/{'0' * 24}/annotated/front", headers={"Accept": "*/*"}
        ),
        "worker.nothing_to_do": _queued({"tenant": TENANT, "mode": "dev", "id": "0" * 24}),
        "batch.job": _queued(_created(JOB)),
        "batch.missing_picture": _queued(_created(JOB.replace("job.json", "incomplete.json"))),
        "batch.s3_test_event": _queued({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET}),
    }
    for name, event in events.items():
        (EVENTS / f"{name}.json").write_text(json.dumps(event, indent=1) + "\n")


def prepare(cloud: Cloud) -> None:
    """Put into a local stack what the events speak of: the key, and the batch jobs with their pictures."""
    register(
        cloud.table(cloud.outputs["ApiKeysTable"]),
        KEY,
        KeyRecord(TENANT, "dev", "active", id=KEY_ID, scopes=scopes.ALL),
    )
    job = {"type": "passport", "selfie": "selfie.jpg", "front": "front.jpg"}
    objects = {
        "front.jpg": _jpeg(specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), MADE_ON), 1000),
        "selfie.jpg": _jpeg(specimen.sample_selfie(), 360),
        "incomplete.json": json.dumps({**job, "front": "nowhere.jpg"}).encode(),
        "job.json": json.dumps(job).encode(),
    }
    for name, body in objects.items():
        cloud.client("s3").put_object(Bucket=BUCKET, Key=f"{JOB.rpartition('/')[0]}/{name}", Body=body)


def _back_of_licence() -> Image.Image:
    """Draw a made-up licence's barcode on a plain card."""
    holder: dict[str, str | date] = {
        "number": "D1234562",
        "surname": "VOYAGER",
        "names": "STELLA NOVA",
        "date_of_birth": date(1990, 1, 15),
    }
    card = Image.new("RGB", (1012, 638), "gainsboro")
    card.paste(Image.fromarray(render(compose(holder), 3)), (65, 120))
    return card


def _jpeg(picture: Image.Image, width: int) -> bytes:
    written = io.BytesIO()
    height = round(picture.height * width / picture.width)
    picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS).save(written, "JPEG", quality=80)
    return written.getvalue()


def _post(form: Mapping[str, Any]) -> Event:
    boundary = "event-boundary"
    sent = requests.Request("POST", "http://127.0.0.1", files=form).prepare()
    body = cast("bytes", sent.body).replace(
        sent.headers["Content-Type"].partition("boundary=")[2].encode(), boundary.encode()
    )
    return _http(
        "POST",
        "/identity/verify",
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
    )


def _http(method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Event:
    known = path.startswith("/identity/")
    told = {"tenant": TENANT, "mode": "dev", "scopes": scopes.written(scopes.USUAL), "quota_id": KEY_ID}
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {**({"Authorization": KEY} if known else {}), **(headers or {})},
        "queryStringParameters": None,
        "pathParameters": None,
        "requestContext": {
            "requestId": "3f8a2c1e-0000-4000-8000-000000000000",
            "stage": "dev",
            **({"authorizer": told} if known else {}),
        },
        "body": None,
        "isBase64Encoded": False,
        **more,
    }


def _as_admin(method: str, path: str, **more: Any) -> Event:
    request = _http(method, path, **more)
    request["requestContext"]["authorizer"]["scopes"] = scopes.written(scopes.ALL)
    return request


def _announced(side: str, picture: bytes) -> Event:
    sha256 = hashlib.sha256(picture).hexdigest()
    return {"side": side, "content_type": "image/jpeg", "size_bytes": len(picture), "sha256": sha256}


def _compare(source: bytes, target: bytes) -> Event:
    return {
        "SourceImage": _inline(source),
        "TargetImage": _inline(target),
        "SimilarityThreshold": 80,
        "QualityFilter": "NONE",
    }


def _mrz(picture: bytes) -> Event:
    return {"Image": _inline(picture), "Filename": "passport.jpg", "TimeBudget": 20}


def _inline(picture: bytes) -> Event:
    return {"Bytes": base64.b64encode(picture).decode()}


def _token(key: str) -> Event:
    return {"type": "TOKEN", "authorizationToken": key, "methodArn": METHOD_ARN}


def _created(key: str) -> Event:
    """Make S3's own notice that an object was created."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "eu-west-1",
                "eventTime": "2026-01-01T12:00:00.000Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": BUCKET, "arn": f"arn:aws:s3:::{BUCKET}"},
                    "object": {"key": key, "size": 66, "eTag": "0" * 32, "sequencer": "0065A1B2C3D4E5F607"},
                },
            }
        ]
    }


def _queued(body: Event) -> Event:
    return {
        "Records": [
            {
                "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:cari-local-BatchQueue",
                "awsRegion": "eu-west-1",
            }
        ]
    }


if __name__ == "__main__":
    write()
