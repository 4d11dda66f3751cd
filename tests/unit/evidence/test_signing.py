import base64
import json
import stat

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey, OctKey
from moto import mock_aws

from cari_aws import clients
from cari_core import settings
from cari_evidence import signing
from local.aws.kms import signing_as_kms
from tests.tables import create_table

TYPE = "evidence+jwt"
ALIAS = "alias/stack-signing"
CLAIMS = {"id": "0199c2f3b1aa4f0d9c3e5b71", "name": "Žofie", "score": 0.1}


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    """No AWS: the key is in a file, which is made on first use."""
    path = tmp_path / "keys" / "signing-key.json"
    monkeypatch.setenv("SIGNING_KEY_FILE", str(path))
    monkeypatch.delenv("SIGNING_KEY_ID", raising=False)
    _forget()
    yield path
    _forget()


@pytest.fixture
def kms_key(monkeypatch):
    """A signing key in KMS, asked by its alias."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws(), signing_as_kms():
        create_table("signing-keys", "purpose", "kid")
        made = new_key()
        boto3.client("kms").create_alias(AliasName=ALIAS, TargetKeyId=made)
        monkeypatch.setenv("SIGNING_KEY_ID", ALIAS)
        monkeypatch.setenv("SIGNING_KEYS_TABLE", "signing-keys")
        clients.forget()
        _forget()
        yield made
    clients.forget()
    _forget()


def new_key():
    made = boto3.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
    return made["KeyMetadata"]["KeyId"]


def rotated():
    """Have the alias name another key, as an operator does."""
    made = new_key()
    boto3.client("kms").update_alias(AliasName=ALIAS, TargetKeyId=made)
    return made


def _forget():
    settings.forget()
    signing._signer.cache_clear()  # noqa: SLF001  # each test has a key of its own


def _header(jws):
    return json.loads(base64.urlsafe_b64decode(jws.split(".")[0] + "=="))


@pytest.mark.usefixtures("key_file")
def test_what_a_file_s_key_signed_is_read_back():
    assert signing.verify(signing.sign(CLAIMS, type_=TYPE), signing.jwks(), type_=TYPE) == CLAIMS


@pytest.mark.usefixtures("kms_key")
def test_what_kms_signed_is_read_back():
    assert signing.verify(signing.sign(CLAIMS, type_=TYPE), signing.jwks(), type_=TYPE) == CLAIMS


@pytest.mark.usefixtures("kms_key")
def test_kms_signs_more_than_the_4096_bytes_that_it_takes_raw():
    claims = {"text": "x" * 200_000}

    assert signing.verify(signing.sign(claims, type_=TYPE), signing.jwks(), type_=TYPE) == claims


def test_the_public_key_of_kms_alone_is_enough_for_any_library(kms_key):
    key = ECKey.import_key(boto3.client("kms").get_public_key(KeyId=kms_key)["PublicKey"])

    assert joserfc_jws.deserialize_compact(signing.sign(CLAIMS, type_=TYPE), key, ["ES256"]).payload


@pytest.mark.usefixtures("key_file")
def test_the_header_names_algorithm_key_and_type():
    header = _header(signing.sign(CLAIMS, type_=TYPE))

    assert header == {"alg": "ES256", "kid": signing.jwks()["keys"][0]["kid"], "typ": TYPE}


@pytest.mark.usefixtures("key_file")
def test_the_published_key_set_holds_no_private_part():
    (key,) = signing.jwks()["keys"]

    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_the_name_of_a_key_in_kms_does_not_tell_where_it_lies(kms_key):
    assert kms_key not in json.dumps(signing.jwks())


@pytest.mark.usefixtures("kms_key")
def test_a_warm_process_signs_with_the_key_that_the_alias_names_by_then():
    before = signing.sign(CLAIMS, type_=TYPE)
    made = rotated()

    after = signing.sign(CLAIMS, type_=TYPE)

    key = ECKey.import_key(boto3.client("kms").get_public_key(KeyId=made)["PublicKey"])
    assert _header(after)["kid"] == key.thumbprint() != _header(before)["kid"]
    assert joserfc_jws.deserialize_compact(after, key, ["ES256"]).payload


@pytest.mark.usefixtures("kms_key")
def test_while_kms_does_not_agree_with_itself_which_key_the_alias_names_nothing_is_signed(monkeypatch):
    shown = clients.kms_client().get_public_key
    elsewhere = "arn:aws:kms:eu-west-1:123456789012:key/of-a-moment-ago"
    monkeypatch.setattr(clients.kms_client(), "get_public_key", lambda **asked: {**shown(**asked), "KeyId": elsewhere})

    with pytest.raises(clients.FAILURES):
        signing.sign(CLAIMS, type_=TYPE)


def test_what_a_key_signed_that_is_deleted_since_is_still_read_back(kms_key):
    before = signing.sign(CLAIMS, type_=TYPE)
    rotated()
    boto3.client("kms").schedule_key_deletion(KeyId=kms_key, PendingWindowInDays=7)
    _forget()

    after = signing.sign(CLAIMS, type_=TYPE)

    assert [signing.verify(jws, signing.jwks(), type_=TYPE) for jws in (before, after)] == [CLAIMS, CLAIMS]


@pytest.mark.usefixtures("kms_key")
def test_a_key_is_published_once_however_many_processes_sign_with_it():
    for _ in range(3):
        signing.sign(CLAIMS, type_=TYPE)
        _forget()

    assert len(signing.jwks()["keys"]) == 1


@pytest.mark.usefixtures("kms_key")
def test_a_key_that_cannot_be_published_does_not_sign(monkeypatch):
    monkeypatch.setenv("SIGNING_KEYS_TABLE", "no-such-table")
    _forget()

    with pytest.raises(ClientError):
        signing.sign(CLAIMS, type_=TYPE)


@pytest.mark.usefixtures("kms_key")
def test_the_key_set_is_told_while_kms_is_out_of_reach(monkeypatch):
    jws = signing.sign(CLAIMS, type_=TYPE)
    monkeypatch.setenv("SIGNING_KEY_ID", "alias/no-such-alias")
    _forget()

    assert signing.verify(jws, signing.jwks(), type_=TYPE) == CLAIMS


def test_the_key_file_is_its_owner_s_alone(key_file):
    signing.sign(CLAIMS, type_=TYPE)

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]


@pytest.mark.usefixtures("key_file")
def test_the_key_file_is_made_once():
    jws = signing.sign(CLAIMS, type_=TYPE)
    _forget()

    assert signing.verify(jws, signing.jwks(), type_=TYPE) == CLAIMS


@pytest.mark.usefixtures("key_file")
def test_any_altered_character_is_refused():
    jws, jwks = signing.sign(CLAIMS, type_=TYPE), signing.jwks()

    for position, character in enumerate(jws):
        for other in {"A", "B", "_", ".", "=", " ", "é"} - {character}:
            with pytest.raises(signing.SignatureRefused):
                signing.verify(jws[:position] + other + jws[position + 1 :], jwks, type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_the_spare_bits_of_the_last_character_are_not_for_altering():
    jws, jwks = signing.sign(CLAIMS, type_=TYPE), signing.jwks()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for other in set(alphabet) - {jws[-1]}:
        with pytest.raises(signing.SignatureRefused):
            signing.verify(jws[:-1] + other, jwks, type_=TYPE)


@given(st.text())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.usefixtures("key_file")
def test_any_text_that_is_no_signature_is_refused(text):
    with pytest.raises(signing.SignatureRefused):
        signing.verify(text, signing.jwks(), type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_another_type_is_refused():
    with pytest.raises(signing.SignatureRefused, match="another type"):
        signing.verify(signing.sign(CLAIMS, type_="receipt+jwt"), signing.jwks(), type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_an_unknown_key_is_refused():
    other = ECKey.generate_key("P-256")
    jwks = {"keys": [{**other.as_dict(private=False), "kid": other.thumbprint()}]}

    with pytest.raises(signing.SignatureRefused, match="not in the key set"):
        signing.verify(signing.sign(CLAIMS, type_=TYPE), jwks, type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_another_s_signature_under_our_key_s_name_is_refused():
    header = {"alg": "ES256", "kid": signing.jwks()["keys"][0]["kid"], "typ": TYPE}
    forged = joserfc_jws.serialize_compact(header, json.dumps(CLAIMS), ECKey.generate_key("P-256"))

    with pytest.raises(signing.SignatureRefused, match="does not fit"):
        signing.verify(forged, signing.jwks(), type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_the_public_key_as_a_shared_secret_is_refused():
    (public,) = signing.jwks()["keys"]
    secret = OctKey.import_key(json.dumps(public))
    forged = joserfc_jws.serialize_compact(
        {"alg": "HS256", "kid": public["kid"], "typ": TYPE}, json.dumps(CLAIMS), secret, ["HS256"]
    )

    with pytest.raises(signing.SignatureRefused, match="another algorithm"):
        signing.verify(forged, signing.jwks(), type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_a_shared_secret_in_the_key_set_is_nobody_s():
    secret = OctKey.generate_key(256)
    forged = joserfc_jws.serialize_compact({"alg": "HS256", "kid": "k", "typ": TYPE}, json.dumps(CLAIMS), secret)
    jwks = {"keys": [{**secret.as_dict(private=True), "kid": "k"}]}

    with pytest.raises(signing.SignatureRefused):
        signing.verify(forged, jwks, type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_no_signature_at_all_is_refused():
    header, payload, _ = signing.sign(CLAIMS, type_=TYPE).split(".")
    unsigned = json.dumps({**_header(header + ".."), "alg": "none"}).encode()
    header = base64.urlsafe_b64encode(unsigned).decode().rstrip("=")

    with pytest.raises(signing.SignatureRefused, match="not at all"):
        signing.verify(f"{header}.{payload}.", signing.jwks(), type_=TYPE)


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": ["?"]}, {"keys": [{"kty": "EC"}]}, []])
@pytest.mark.usefixtures("key_file")
def test_what_is_no_key_set_is_refused(jwks):
    with pytest.raises(signing.SignatureRefused):
        signing.verify(signing.sign(CLAIMS, type_=TYPE), jwks, type_=TYPE)


@pytest.mark.usefixtures("key_file")
def test_a_key_of_that_name_which_is_no_key_is_refused():
    jws = signing.sign(CLAIMS, type_=TYPE)
    jwks = {"keys": [{"kty": "EC", "kid": _header(jws)["kid"], "crv": "P-256", "x": "AA", "y": "AA"}]}

    with pytest.raises(signing.SignatureRefused):
        signing.verify(jws, jwks, type_=TYPE)
