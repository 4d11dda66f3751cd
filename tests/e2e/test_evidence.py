"""Evidence of the whole stack: signed by its key, decided again offline, and read again by the real engines."""

import json

import pytest
import requests

from tools import replay

TIMEOUT_S = 60


@pytest.fixture
def files(stack, specimens, tmp_path):
    """The bundle of a verification, the key set, and the pictures as they were sent."""
    key = {"Authorization": stack.key}
    made = requests.post(
        f"{stack.url}/identity/verify", headers=key, data={"type": "passport"}, files=specimens, timeout=TIMEOUT_S
    ).json()
    evidence = requests.get(f"{stack.url}/identity/verify/{made['id']}/evidence", headers=key, timeout=TIMEOUT_S)
    jwks = requests.get(f"{stack.url}/.well-known/jwks.json", timeout=TIMEOUT_S)
    contents = {"bundle": evidence.content, "jwks": jwks.content, **specimens}
    for name, payload in contents.items():
        (tmp_path / name).write_bytes(payload)
    return {name: str(tmp_path / name) for name in contents}


def test_the_same_pictures_lead_to_the_same_verdict(files, capsys):
    status = replay.main([files["bundle"], "--jwks", files["jwks"], files["selfie"], files["front"]])

    assert (status, capsys.readouterr().out) == (0, "equal\n")


def test_another_selfie_is_none_of_the_pictures(files, tmp_path, capsys):
    other = tmp_path / "other.jpg"
    other.write_bytes(b"another")

    status = replay.main([files["bundle"], "--jwks", files["jwks"], str(other)])

    assert (status, capsys.readouterr().out) == (1, "other.jpg: none of the pictures that were verified\n")


def test_another_stack_s_key_set_refuses_the_bundle(files, tmp_path, capsys):
    strange = tmp_path / "strange"
    strange.write_text(json.dumps({"keys": []}))

    assert replay.main([files["bundle"], "--jwks", str(strange)]) == 2
    assert capsys.readouterr().out.startswith("refused: ")
