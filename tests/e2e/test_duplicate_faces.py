"""A face seen before, through the whole stack: the real engine's vector is kept in one place, turned, and goes."""

import base64
import json
import zlib

import pytest
import requests

from cari_api.auth import keys
from cari_core.engine_api import Embedding
from cari_verification.face_embedding import FaceEmbedding, dot, unpacked

TIMEOUT_S = 60
TENANT = keys.new_tenant()
FORM = {"type": "passport", "policy": "sandbox-duplicate-face"}


@pytest.fixture(scope="module")
def key(stack):
    return {"Authorization": stack.add_key(tenant=TENANT)}


@pytest.fixture(scope="module")
def embedding(specimens):
    """The selfie's vector, as the engine tells it to whoever asks."""
    from functions.face_compare import app  # noqa: PLC0415  # loads the model

    front, selfie = ({"Bytes": base64.b64encode(specimens[side]).decode()} for side in ("front", "selfie"))
    return app.handler({"SourceImage": front, "TargetImage": selfie, "TargetEmbedding": True}, None)["TargetEmbedding"]


def posted(stack, key, specimens):
    files = {name: (f"{name}.jpg", payload) for name, payload in specimens.items()}
    return requests.post(f"{stack.url}/identity/verify", headers=key, data=FORM, files=files, timeout=TIMEOUT_S).json()


def items_of_the_tenant(stack):
    tables = stack.cloud.client("dynamodb").list_tables()["TableNames"]
    items = [item for table in tables for item in stack.cloud.table(table).scan()["Items"]]
    return [item for item in items if TENANT in json.dumps(item, default=repr)]


def told(item):
    packed = [bytes(item[name]) for name in ("body", "evidence") if name in item]
    return json.dumps(item, default=repr) + "".join(zlib.decompress(each).decode() for each in packed)


def test_a_face_seen_before_is_found_kept_from_everybody_and_erased(stack, stack_state, key, specimens, embedding):
    first, second = (posted(stack, key, specimens) for _ in range(2))
    bundle = requests.get(f"{stack.url}/identity/verify/{second['id']}/evidence", headers=key, timeout=TIMEOUT_S).text
    items = items_of_the_tenant(stack)
    notes = [unpacked(bytes(item["vector"])) for item in items if "vector" in item]
    logged = (stack_state / "functions.log").read_text()

    check = next(check for check in second["checks"] if check["name"] == "duplicate_face")
    assert (first["status"], second["status"], check["evidence"]["verifications"]) == (
        "approved",
        "review",
        [first["id"]],
    )
    straight = FaceEmbedding.of(Embedding.model_validate(embedding)).values
    assert (len(notes), dot(*notes)) == (2, pytest.approx(1, abs=1e-3))
    claims = base64.urlsafe_b64decode(bundle.split(".")[1] + "==").decode()
    said = "".join([json.dumps([first, second]), claims, logged, *map(told, items)])
    assert second["id"] in logged
    assert "face_search" in claims
    assert [spelt for spelt in (embedding["Vector"][:40], "TargetEmbedding") if spelt in said] == []
    assert [number for number in map(str, straight) if len(number) > len("-0.123456") and number in said] == []

    for verification in (first, second):
        requests.delete(f"{stack.url}/identity/verify/{verification['id']}", headers=key, timeout=TIMEOUT_S)

    left = "".join(map(told, items_of_the_tenant(stack)))
    assert [part for part in ("vector", first["id"], second["id"]) if part in left] == []
