"""Pictures too large for a request, uploaded to the bucket first, as a phone's photos are."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests
from PIL import Image

from cari_api.auth import keys
from tests.e2e.busy import answered

TIMEOUT_S = 60
RACERS = 8
TWELVE_MEGAPIXELS, SEVENTEEN_MEGAPIXELS = (4000, 3000), (4800, 3600)


@pytest.fixture
def ask(stack):
    def ask(path, body, *, key=stack.key):
        return requests.post(f"{stack.url}{path}", json=body, headers={"Authorization": key}, timeout=TIMEOUT_S)

    return ask


@pytest.fixture
def upload(ask):
    """Ask for an upload, send the bytes as S3 wants them, and give the upload's name."""

    def upload(side, payload, *, promised=None, **caller):
        promised = payload if promised is None else promised
        sha256 = hashlib.sha256(promised).hexdigest()
        file = {"side": side, "content_type": "image/jpeg", "size_bytes": len(promised), "sha256": sha256}
        offered = ask("/identity/uploads", {"files": [file]}, **caller).json()["uploads"][0]
        sent = requests.post(offered["url"], data=offered["fields"], files={"file": (side, payload)}, timeout=TIMEOUT_S)
        assert sent.status_code == 204, sent.text
        return offered["name"]

    return upload


def photographed(picture, size, *, quality, noise):
    """Take a phone's photo of a picture, with its sensor's noise."""
    small = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = 0.9 * min(size[0] / small.width, size[1] / small.height)
    large = small.resize((round(small.width * scale), round(small.height * scale)), Image.Resampling.BICUBIC)
    photo = Image.new("RGB", size, (120, 110, 100))
    photo.paste(large, ((size[0] - large.width) // 2, (size[1] - large.height) // 2))
    pixels = np.asarray(photo, np.int16)
    grain = np.random.default_rng(1).integers(-noise, noise + 1, pixels.shape[:2], np.int16)[..., None]
    written = io.BytesIO()
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(written, "JPEG", quality=quality)
    return written.getvalue()


def test_twelve_megapixel_photos_that_no_request_could_carry_are_approved(ask, upload, specimens):
    photos = {
        side: photographed(picture, TWELVE_MEGAPIXELS, quality=93, noise=8) for side, picture in specimens.items()
    }
    names = {side: upload(side, photo) for side, photo in photos.items()}

    answer = ask("/identity/verify", {"type": "passport", **names})

    assert sum(map(len, photos.values())) > 4_500_000
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")


def test_a_picture_of_nearly_fifteen_megabytes_is_read(ask, upload, specimens):
    photo = photographed(specimens["front"], SEVENTEEN_MEGAPIXELS, quality=100, noise=14)

    answer = ask(
        "/identity/verify",
        {"type": "passport", "front": upload("front", photo), "selfie": upload("selfie", specimens["selfie"])},
    )

    assert 14_000_000 < len(photo) <= 15_728_640
    assert (answer.status_code, answer.json()["front"]["valid_score"]) == (200, 100)


def test_of_eight_requests_at_once_that_name_one_upload_one_is_verified(stack, ask, upload, specimens):
    tenant = keys.new_tenant()
    key = stack.add_key(tenant=tenant)
    names = {side: upload(side, picture, key=key) for side, picture in specimens.items()}
    body = {"type": "passport", **names}
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: answered(lambda: ask("/identity/verify", body, key=key)), range(RACERS)))

    stored = stack.cloud.table(stack.cloud.outputs["VerificationsTable"]).scan()["Items"]
    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 404, 409}
    own = [item for item in stored if item["owner"].startswith(tenant) and not item["id"].startswith("record#")]
    assert len(own) == 1


def test_what_was_verified_is_read_back_and_its_uploads_are_gone(stack, ask, upload, specimens):
    names = {side: upload(side, picture) for side, picture in specimens.items()}
    answer = ask("/identity/verify", {"type": "passport", **names}).json()

    again = requests.get(
        f"{stack.url}/identity/verify/{answer['id']}", headers={"Authorization": stack.key}, timeout=TIMEOUT_S
    )

    left = stack.cloud.client("s3").list_objects_v2(Bucket=stack.cloud.outputs["Bucket"], Prefix="uploads/")
    keys_left = [each["Key"] for each in left.get("Contents", [])]
    assert again.json() == answer
    assert not [key for key in keys_left for name in names.values() if key.endswith(name)]


@pytest.mark.parametrize("stranger", ["another tenant", "another mode"])
def test_anothers_upload_is_a_404_that_names_the_side(stack, ask, upload, specimens, tenant, stranger):
    owner = stack.add_key(tenant=tenant)
    other = stack.add_key(tenant=tenant, mode="live") if stranger == "another mode" else stack.add_key()
    name = upload("front", specimens["front"], key=owner)
    selfie = upload("selfie", specimens["selfie"], key=other)

    answer = ask("/identity/verify", {"selfie": selfie, "front": name}, key=other)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (404, "not_found", "front")


def test_more_bytes_than_were_promised_are_refused_when_they_are_used(ask, upload, specimens):
    front = upload("front", specimens["front"] + b"\0", promised=specimens["front"])

    answer = ask("/identity/verify", {"selfie": upload("selfie", specimens["selfie"]), "front": front})

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "upload_mismatch", "front")


def test_an_upload_that_is_no_picture_is_refused_when_it_is_used(ask, upload, specimens):
    front = upload("front", b"I am a picture, honestly.\n")

    answer = ask("/identity/verify", {"selfie": upload("selfie", specimens["selfie"]), "front": front})

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (415, "unsupported_image", "front")


@pytest.mark.parametrize("megabytes", [5, 11])
def test_a_body_too_large_is_shown_the_way(stack, specimens, megabytes):
    files = {**specimens, "front": specimens["front"] + b"\0" * megabytes * 1_000_000}

    answer = requests.post(
        f"{stack.url}/identity/verify", files=files, headers={"Authorization": stack.key}, timeout=TIMEOUT_S
    )

    assert (answer.status_code, answer.json()["uploads"]) == (413, "/identity/uploads")


def test_uploads_want_a_key(stack):
    answer = requests.post(
        f"{stack.url}/identity/uploads",
        json={"files": []},
        headers={"Authorization": keys.new_key("dev")},
        timeout=TIMEOUT_S,
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
