"""The API as a caller meets it: HTTP in front, real engines behind."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import requests
from PIL import Image

from cari_api.auth import keys
from cari_barcode import compose
from tests.benchmarks.barcode.cards import back
from tests.benchmarks.barcode.conditions import shot

TIMEOUT_S = 60
NOBODY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def call(stack):
    def call(method, path, *, key=stack.key, **request):
        headers = {**({"Authorization": key} if key else {}), **request.pop("headers", {})}
        return requests.request(method, stack.url + path, headers=headers, timeout=TIMEOUT_S, **request)

    return call


@pytest.fixture
def verify(call, specimens):
    def verify(*, path="/identity/verify", key=None, type="passport", **changes):  # noqa: A002  # the contract's name
        sent = {name: part for name, part in {**specimens, **changes}.items() if part is not None}
        files = {name: (f"{name}.jpg", part) for name, part in sent.items()}
        return call("POST", path, files=files, data={"type": type}, **({"key": key} if key else {}))

    return verify


def written(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(payload):
    return Image.open(io.BytesIO(payload))


def reasons(answer):
    return [reason["code"] for reason in answer.json()["reasons"]]


def test_a_genuine_specimen_and_its_holder_are_approved(verify):
    answer = verify()

    assert (answer.status_code, answer.json()["status"], reasons(answer)) == (200, "approved", [])


def test_every_check_digit_of_the_specimen_is_valid(verify):
    front = verify().json()["front"]

    valid = [front[name] for name in front if name.startswith("valid_") and name != "valid_score"]
    assert (front["mrz_type"], front["valid_score"], all(valid)) == ("TD3", 100, True)


def test_the_barcode_of_a_licences_back_is_told_and_kept(verify, call):
    licence = compose({"number": "D1234562", "surname": "SPECIMEN", "names": "ALEXANDRA"}, jurisdiction="ON")
    picture = written(Image.fromarray(shot(back(licence))))

    made = verify(type="driving_licence", back=picture).json()

    told = made["back"]["barcode"]
    assert (told["standard"], told["country"], told["jurisdiction"]) == ("AAMVA", "CAN", "ON")
    assert (told["surname"], told["number"], made["front"]["barcode"]["reason"]) == (
        "SPECIMEN",
        "D1234562",
        "no_barcode",
    )
    assert call("GET", f"/identity/verify/{made['id']}").json()["back"]["barcode"] == told


def test_a_passports_barcode_is_not_looked_for(verify):
    assert verify().json()["front"]["barcode"] is None


def test_the_faces_are_reported_in_pixels_with_their_similarity(verify, specimens):
    report = verify().json()["selfie"]
    face = report["MatchedFaces"][0]
    width, height = opened(specimens["selfie"]).size

    assert face["similarity"] > 0.9
    assert 0 <= face["leftEyeCenterX"] < face["rightEyeCenterX"] <= width
    assert face["leftEyeCenterY"] < face["chinTipY"] <= height
    assert report["SourceImageFace"]["width"] > 40


def test_the_same_path_works_with_a_slash_at_its_end(verify):
    assert verify(path="/identity/verify/").status_code == 200


def test_a_verification_is_read_back_as_it_was_answered(verify, call):
    made = verify().json()

    for slash in ("", "/"):
        assert call("GET", f"/identity/verify/{made['id']}{slash}").json() == made


def test_a_turned_phone_photo_is_read_upright(verify, specimens):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = written(opened(specimens["front"]).rotate(90, expand=True), exif=exif, quality=90)

    assert verify(front=turned).json()["status"] == "approved"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_picture_kinds_are_read_too(verify, specimens, kind):
    assert verify(selfie=written(opened(specimens["selfie"]), kind)).json()["status"] == "approved"


@pytest.mark.parametrize("key", [None, "", "nonsense", "Bearer dev_x", f"dev_{NOBODY}", f"live_{NOBODY}"])
def test_no_key_or_an_unknown_one_is_a_401_problem(call, key):
    answer = call("GET", "/identity/verify/" + "0" * 24, key=key)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (401, "unauthorized", "Authorization")


@pytest.mark.parametrize("refused", [{"state": "revoked"}, {"expires_at": 1}])
def test_a_revoked_or_expired_key_is_a_401_problem(stack, call, refused):
    assert call("GET", "/identity/verify/" + "0" * 24, key=stack.add_key(**refused)).status_code == 401


def test_a_key_opens_every_path_of_the_stage(stack, call, verify):
    key = stack.add_key()

    made = verify(key=key)
    read = call("GET", f"/identity/verify/{made.json()['id']}", key=key)

    assert (made.status_code, read.status_code) == (200, 200)


def test_anothers_verification_looks_like_one_that_never_was(stack, call, verify):
    tenant = keys.new_tenant()
    made = verify(key=stack.add_key(tenant=tenant)).json()

    answers = [
        call("GET", f"/identity/verify/{identifier}", key=key)
        for identifier in (made["id"], "0" * 24)
        for key in (stack.key, stack.add_key(tenant=tenant, mode="live"))
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}


@pytest.mark.parametrize("missing", ["front", "selfie"])
def test_a_missing_part_is_named(verify, missing):
    answer = verify(**{missing: None})

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "validation_failed", missing)


def test_an_unknown_type_is_named(verify):
    answer = verify(type="library_card")

    assert (answer.status_code, answer.json()["field"]) == (422, "type")


@pytest.mark.parametrize(
    ("part", "status", "code"),
    [(b"", 422, "image_rejected"), (b"I am a picture, honestly.\n", 415, "unsupported_image")],
)
def test_an_empty_part_or_a_text_named_jpg_is_refused(verify, part, status, code):
    answer = verify(selfie=part)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, "selfie")


def test_a_truncated_jpeg_is_refused(verify, specimens):
    answer = verify(front=specimens["front"][:20_000])

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "image_rejected", "front")


def test_a_png_bomb_of_100_megapixels_is_refused(verify):
    bomb = written(Image.new("1", (10_000, 10_000)), "PNG")

    answer = verify(front=bomb)

    assert len(bomb) < 100_000
    assert (answer.status_code, answer.json()["code"]) == (422, "image_rejected")


def test_a_body_that_went_through_a_text_decoder_is_named(call, specimens):
    prepared = requests.Request("POST", "http://x", files=specimens).prepare()
    mangled = prepared.body.decode(errors="replace").encode()

    answer = call("POST", "/identity/verify", data=mangled, headers={"Content-Type": prepared.headers["Content-Type"]})

    assert (answer.status_code, answer.json()["code"]) == (400, "body_mangled")


def test_a_wrong_boundary_is_named(call, specimens):
    prepared = requests.Request("POST", "http://x", files=specimens).prepare()

    answer = call(
        "POST", "/identity/verify", data=prepared.body, headers={"Content-Type": "multipart/form-data; boundary=other"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("megabytes", [5, 7, 11])
def test_a_body_over_the_limit_is_a_413_that_says_the_limit(verify, specimens, megabytes):
    answer = verify(front=specimens["front"] + b"\0" * megabytes * 1_000_000)

    assert (answer.status_code, answer.json()["code"], answer.json()["max_bytes"]) == (413, "body_too_large", 4_500_000)


@pytest.mark.parametrize("identifier", ["0" * 24, "nonsense", "a%2Fb"])
def test_an_unknown_id_is_a_404_problem(call, identifier):
    answer = call("GET", f"/identity/verify/{identifier}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_selfie_without_a_face_is_stored_and_says_so(verify, call):
    blank = written(Image.fromarray(np.full((480, 360, 3), 128, np.uint8)))

    answer = verify(selfie=blank)

    assert (answer.status_code, answer.json()["status"], reasons(answer)) == (200, "review", ["no_face_in_selfie"])
    assert call("GET", f"/identity/verify/{answer.json()['id']}").json() == answer.json()


def test_a_selfie_of_two_says_so(verify, specimens):
    one = opened(specimens["selfie"])
    two = Image.new("RGB", (one.width * 2, one.height))
    two.paste(one, (0, 0))
    two.paste(one, (one.width, 0))

    assert reasons(verify(selfie=written(two))) == ["several_faces"]


def test_a_passport_without_an_mrz_says_so(verify, specimens):
    page = opened(specimens["front"])
    without = page.crop((0, 0, page.width, int(page.height * 0.7)))

    assert reasons(verify(front=written(without))) == ["mrz_not_found"]


def test_a_cards_front_without_an_mrz_asks_for_the_back(verify, specimens):
    page = opened(specimens["front"])
    without = page.crop((0, 0, page.width, int(page.height * 0.7)))

    assert reasons(verify(type="card", front=written(without))) == ["back_needed"]


def test_every_answer_names_its_request(verify, call):
    for answer in (verify(), call("GET", "/nowhere"), call("GET", "/identity/verify/x", key=None)):
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-amzn-RequestId"])


def test_verifications_made_at_once_are_all_kept(verify, call):
    with ThreadPoolExecutor(4) as pool:
        made = [answer.json() for answer in pool.map(lambda _: verify(), range(8))]

    read = [call("GET", f"/identity/verify/{one['id']}").json() for one in made]

    assert len({one["id"] for one in made}) == 8
    assert read == made
