import hashlib
from datetime import timedelta

import pytest

from cari_core import ids
from cari_verification.uploads import CONTENT_TYPES, MAX_UPLOAD_BYTES, USABLE_S, Promise, breach, name_of, promise_of

BYTES = b"a picture's bytes"
PROMISE = Promise("image/jpeg", len(BYTES), hashlib.sha256(BYTES).hexdigest())
ID = ids.derived_id(1_780_000_000_000, "upload")
NOW = ids.created_at(ID)


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_a_name_says_what_was_promised(content_type):
    promise = Promise(content_type, MAX_UPLOAD_BYTES, PROMISE.sha256)

    assert promise_of(name_of(ID, promise), NOW) == promise


def test_the_content_types_keep_their_places_in_names_that_are_out():
    assert CONTENT_TYPES[:5] == ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


def test_a_name_is_void_a_day_later():
    name = name_of(ID, PROMISE)

    assert promise_of(name, NOW + timedelta(seconds=USABLE_S))
    assert promise_of(name, NOW + timedelta(seconds=USABLE_S + 1)) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "upload_",
        "nonsense",
        "../../live/x",
        "upload_" + "A" * 65,
        "upload_" + "_" * 66,
        "upload_" + "é" * 66,
        name_of(ID, PROMISE) + "\n",
        name_of(ID, Promise("image/jpeg", MAX_UPLOAD_BYTES + 1, PROMISE.sha256)),
    ],
)
def test_what_no_upload_is_called_promises_nothing(name):
    assert promise_of(name, NOW) is None


def test_what_was_promised_is_no_breach():
    assert breach(PROMISE, BYTES, "jpeg") is None


@pytest.mark.parametrize(
    ("payload", "kind", "told"),
    [
        (BYTES + b"!", "jpeg", "larger than the 17 bytes"),
        (BYTES[:-1], "jpeg", "has 16 bytes"),
        (BYTES[::-1], "jpeg", "SHA-256"),
        (BYTES, "heic", "HEIC by its bytes"),
    ],
)
def test_a_breach_is_told_in_a_sentence(payload, kind, told):
    assert told in breach(PROMISE, payload, kind)
