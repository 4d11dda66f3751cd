"""Annotated pictures over HTTP: bytes through the gateway, by the function's own leave alone."""

import pytest
import requests

TIMEOUT_S = 60


@pytest.fixture(scope="module")
def place(stack, specimens):
    made = requests.post(
        f"{stack.url}/identity/verify",
        headers={"Authorization": stack.key},
        data={"type": "passport"},
        files={side: (f"{side}.jpg", picture) for side, picture in specimens.items()},
        timeout=TIMEOUT_S,
    )
    return f"{stack.url}/identity/verify/{made.json()['id']}/annotated"


@pytest.mark.parametrize("side", ["front", "selfie"])
def test_a_drawing_comes_as_bytes(stack, place, side):
    answer = requests.get(
        f"{place}/{side}", headers={"Authorization": stack.key, "Accept": "image/jpeg"}, timeout=TIMEOUT_S
    )

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.content[:3], len(answer.content) < 1_000_000) == (b"\xff\xd8\xff", True)


def test_whoever_asks_for_anything_is_told_to_ask_for_jpeg(stack, place):
    answer = requests.get(f"{place}/front", headers={"Authorization": stack.key, "Accept": "*/*"}, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


def test_nobody_sees_a_picture_without_a_key(place):
    assert requests.get(f"{place}/front", headers={"Accept": "image/jpeg"}, timeout=TIMEOUT_S).status_code == 401
