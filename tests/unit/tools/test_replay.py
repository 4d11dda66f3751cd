"""A verification, kept, bundled, and decided again: the same answer, or a refusal."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cari_core import ids, settings, similarity
from cari_core.deadline import Deadline
from cari_core.picture import StoredPicture
from cari_decision import decision, evidence_record
from cari_decision.evidence import EngineFailure, Evidence, Faces, Mrz
from cari_decision.policy import Policy, parse_policy
from cari_decision.policy_context import BUILT_IN, DEFAULT_CONTEXT, NamedPolicy, PolicyContext
from cari_decision.reasons import REASONS
from cari_evidence import bundle, signing
from cari_intake import intake
from cari_verification.contract import public
from cari_verification.ports import Ports
from cari_verification.printed_text import WORDS
from cari_verification.request import StoredRequest
from cari_verification.stored import ended, under_way
from cari_verification.verification import complete
from tests.unit.evidence_of_specimens import FACE, NOTHING_FOUND, READING, evidence, faces, reading
from tests.unit.intake.pictures import encoded, exif
from tools import replay, rereading

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SELFIE, FRONT = encoded(), encoded(size=(300, 200))
RATIO = st.floats(0, 1)
FACES = st.builds(
    lambda similarities, strangers, engine: Faces(
        {
            "SourceImageFace": {"BoundingBox": FACE["BoundingBox"], "Confidence": 99.0},
            "FaceMatches": [{"Similarity": 100 * each, "Face": FACE} for each in similarities],
            "UnmatchedFaces": [FACE] * strangers,
            "Engine": engine,
        },
        (400, 500),
        (1000, 700),
    ),
    st.lists(RATIO, max_size=3),
    st.integers(0, 3),
    st.none() | st.fixed_dictionaries({"Name": st.text(), "Version": st.text()}),
)
READINGS = st.builds(
    lambda changes: Mrz({**READING, **changes}),
    st.fixed_dictionaries(
        {},
        optional={
            "valid": st.booleans(),
            "found": st.booleans(),
            "valid_score": st.integers(0, 100),
            "type": st.sampled_from(["P<", "ID", "V<", "AC", "", None]),
            "number": st.text(max_size=9),
            "names": st.text(),
            "expiration_date": st.dates(date(1970, 1, 1), date(2069, 12, 31)).map(lambda day: f"{day:%y%m%d}")
            | st.text(max_size=6)
            | st.none(),
            "character_confidence": st.lists(st.lists(RATIO, max_size=44), max_size=3),
        },
    ),
)
FAILURES = st.builds(
    EngineFailure,
    st.sampled_from(sorted(REASONS)),
    st.sampled_from(["selfie", "front", "back", None]),
)
MRZS = READINGS | st.just(Mrz(NOTHING_FOUND)) | FAILURES
EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(["passport", "card", "visa", "residence_permit", "driving_licence"]),
    FACES | FAILURES,
    MRZS,
    st.none() | MRZS,
)


@pytest.fixture(scope="module", autouse=True)
def key_file(tmp_path_factory):
    """A signing key without AWS."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SIGNING_KEY_FILE", str(tmp_path_factory.mktemp("keys") / "key.json"))
        patched.delenv("SIGNING_KEY_ID", raising=False)
        settings.forget()
        signing._signer.cache_clear()  # noqa: SLF001  # this module has a key of its own
        yield
    settings.forget()
    signing._signer.cache_clear()  # noqa: SLF001


@pytest.fixture
def folder(tmp_path):
    """A folder with the key set that is trusted."""
    (tmp_path / "jwks").write_text(json.dumps(signing.jwks()))
    return tmp_path


def stored(payload, name):
    digest = sha256(payload).hexdigest()
    return StoredPicture("bucket", name, "image/jpeg", 400, 500, f"{name}.jpg", len(payload), digest)


def bundled(found, selfie=SELFIE, context=DEFAULT_CONTEXT):
    """Complete a request as the service does, keep it as the table does, and bundle it as the route does."""
    kept = {}

    def save(request, outcome, packed):
        kept.update(verification=public(ended(under_way(request), outcome)), packed=packed)
        return kept["verification"]

    pictures = {"selfie": stored(selfie, "selfie"), "front": stored(FRONT, "front")}
    request = StoredRequest(
        id=ids.new_id(1_780_000_000_000),
        tenant="a" * 24,
        mode="dev",
        type=found.type,
        pictures={**pictures, "back": stored(FRONT, "back")} if found.back else pictures,
        policy_context=context,
    )
    ports = Ports(
        store_picture=lambda *_: None,
        compare_faces=lambda *_: found.faces,
        read_mrz=lambda _stored, side, _budget_s, _also: getattr(found, side),
        save=save,
    )
    complete(request, ports, deadline=Deadline.after(28.0))
    read_back = type(kept["verification"]).model_validate_json(kept["verification"].model_dump_json())
    return bundle.signed(read_back, kept["packed"], issuer="https://here", now=datetime.now(UTC))


def replayed(folder, jws, *arguments):
    (folder / "bundle").write_text(jws)
    return replay.main([str(folder / "bundle"), "--jwks", str(folder / "jwks"), *map(str, arguments)])


def resigned(jws, **changes):
    claims = signing.verify(jws, signing.jwks(), type_=bundle.TYPE)
    return signing.sign({**claims, **changes}, type_=bundle.TYPE)


@given(EVIDENCE)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_was_found_is_decided_the_same_again(folder, capsys, found):
    assert (replayed(folder, bundled(found)), capsys.readouterr().out) == (0, "equal\n")


@given(EVIDENCE)
def test_evidence_is_read_back_as_it_was_written(found):
    packed = evidence_record.packed(evidence_record.record(found, BUILT_IN, date(2026, 1, 1), {}))

    assert evidence_record.evidence_of(evidence_record.unpacked(packed)) == found


def test_a_bundle_altered_anywhere_is_refused(folder, capsys):
    jws = bundled(evidence())

    ends = [position for dot in re.finditer(r"\.", jws) for position in range(dot.start() - 2, dot.end() + 2)]
    for position in sorted({*range(0, len(jws), 101), *ends, len(jws) - 1}):
        character = jws[position]
        other = CHARACTERS[(CHARACTERS.find(character) + 1) % len(CHARACTERS)]
        assert replayed(folder, jws[:position] + other + jws[position + 1 :]) == 2, position
    assert all(line.startswith("refused: ") for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("text", ["", "a.b.c", "é", "..", "{}"])
def test_what_is_no_bundle_is_refused(folder, capsys, text):
    assert replayed(folder, text) == 2
    assert capsys.readouterr().out.startswith("refused: ")


def test_a_missing_file_is_refused(folder):
    assert replay.main([str(folder / "nowhere")]) == 2


def test_a_key_set_that_is_none_is_refused(folder):
    (folder / "jwks").write_text("?")

    assert replayed(folder, bundled(evidence())) == 2


def test_something_else_that_the_service_signed_is_refused(folder, capsys):
    assert replayed(folder, signing.sign({"format": 1}, type_="receipt+jwt")) == 2
    assert "another type" in capsys.readouterr().out


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"verification": None},
        {"evidence": None},
        {"evidence": {"type": "passport"}},
        {"evidence": []},
        {"decision": {}},
        {"decision": {"today": "yesterday"}},
        {"decision": None},
        {"digests": {"front": "0"}},
        {"engines": []},
        {"package": []},
    ],
)
def test_a_signed_bundle_that_cannot_be_decided_is_refused(folder, capsys, changes):
    assert replayed(folder, resigned(bundled(evidence()), **changes)) == 2
    assert capsys.readouterr().out.startswith("refused: It")


def test_without_a_key_set_it_is_said_that_the_signature_was_not_checked(folder, capsys):
    (folder / "bundle").write_text(bundled(evidence()))

    status = replay.main([str(folder / "bundle")])

    note, verdict = capsys.readouterr().out.splitlines()
    assert (status, verdict) == (0, "equal")
    assert "not checked" in note


def test_another_threshold_here_is_named_line_by_line(folder, capsys, monkeypatch):
    jws = bundled(evidence(faces=faces(0.85)))
    monkeypatch.setattr(similarity, "_SIMILARITIES", (0.0, 0.25, 0.9, 0.95, 0.98, 0.99, 1.0))

    assert replayed(folder, jws) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "status: approved in the bundle, review here",
        "checks[1].result: passed in the bundle, warning here",
    ]
    assert "checks[1].reason: None in the bundle, face_uncertain here" in said
    assert said[-1].startswith("reasons[0]: nothing in the bundle, {'code': 'face_uncertain'")


def test_what_a_bundle_says_steers_no_terminal(folder, capsys):
    verification = {"status": "\x1b[2Japproved\n", "checks": [], "reasons": []}

    assert replayed(folder, resigned(bundled(evidence()), verification=verification)) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_another_release_is_noted(folder, capsys):
    jws = resigned(bundled(evidence()), package={"name": "cari_common", "version": "0.0.1"})

    assert replayed(folder, jws) == 0
    assert "release 0.0.1" in capsys.readouterr().out


def test_the_day_that_counts_is_the_day_of_the_verification(folder):
    expired_since = evidence(front=reading(expiration_date="260601"))  # the verification is of 2026-05-28

    assert replayed(folder, bundled(expired_since)) == 0


def test_evidence_too_large_loses_what_no_decision_asks_for_first(monkeypatch):
    bulky = evidence(front=reading(character_confidence=[[index / 7919 for index in range(5000)]]))
    monkeypatch.setattr(evidence_record, "MAX_BYTES", 2_000)

    kept = evidence_record.packed(evidence_record.record(bulky, BUILT_IN, date(2026, 1, 1), {}))
    record = evidence_record.unpacked(kept)

    assert record["omitted"] == ["character_confidence"]
    assert evidence_record.decide_again(record) == decision.decide(bulky, BUILT_IN.rules, date(2026, 1, 1))


@pytest.fixture
def engines_here(monkeypatch):
    """The engines of this checkout, in whose place a test answers; None where there is none."""
    said = {"face_compare": faces().response, "mrz": READING, "mrz_fallback": READING}

    def find(function):
        says = said[function]
        if says is None:
            raise ImportError(function)
        return lambda event, _: says(event) if callable(says) else says

    monkeypatch.setattr(rereading, "_handler", find)
    return said


def written(folder, name, payload):
    (folder / name).write_bytes(payload)
    return folder / name


def pictures_in(folder):
    return [written(folder, "selfie.jpg", SELFIE), written(folder, "front.jpg", FRONT)]


def pictured(**changes):
    return evidence(faces=replace(faces(), selfie_size=(120, 80), front_size=(300, 200)), **changes)


@pytest.mark.usefixtures("engines_here")
def test_pictures_that_are_read_the_same_again_are_equal(folder, capsys):
    assert (replayed(folder, bundled(pictured()), *pictures_in(folder)), capsys.readouterr().out) == (0, "equal\n")


def test_what_is_read_otherwise_from_the_pictures_is_named(folder, capsys, engines_here):
    jws = bundled(pictured())
    engines_here["face_compare"] = faces(0.5).response
    engines_here["mrz"] = {**READING, "number": "L898902C8"}

    assert replayed(folder, jws, *pictures_in(folder)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "faces.response.FaceMatches[0].Similarity: 97.0 in the bundle, 50.0 here",
        "front.reading.number: L898902C3 in the bundle, L898902C8 here",
        "status, from the pictures: approved in the bundle, review here",
    ]


@pytest.mark.parametrize("rules", [{}, {"printed_text": True}])
def test_what_was_read_beside_the_mrz_is_read_again_as_well(folder, capsys, engines_here, rules):
    beside = {"Barcode": {"barcode": {"found": False}}, "PrintedText": {WORDS: [[["L898902C3", 0.96]]]}}

    def read(event):
        asked = [answer for name, answer in beside.items() if event.get(name)]
        return {**READING, **{name: value for answer in asked for name, value in answer.items()}}

    engines_here |= {"mrz": read, "mrz_fallback": read}
    front = Mrz(read({"Barcode": True, "PrintedText": bool(rules)}))
    context = PolicyContext(policy=NamedPolicy(name="own", version=1, rules=Policy(**rules)))
    jws = bundled(pictured(type="card", front=front), context=context)

    assert (replayed(folder, jws, *pictures_in(folder)), capsys.readouterr().out) == (0, "equal\n")


def test_print_that_reads_otherwise_from_the_pictures_is_named(folder, capsys, engines_here):
    asked = PolicyContext(policy=NamedPolicy(name="own", version=1, rules=Policy(printed_text=True)))
    jws = bundled(pictured(front=reading(**{WORDS: [[["L898902C3", 0.96]]]})), context=asked)
    engines_here["mrz_fallback"] = {**READING, WORDS: []}

    assert replayed(folder, jws, *pictures_in(folder)) == 1
    assert "printed_text.found" in capsys.readouterr().out


def test_the_last_digits_of_a_network_are_a_processor_s_own(folder, engines_here):
    jws = bundled(pictured())
    engines_here["face_compare"] = faces(0.97 * (1 + 1e-5)).response

    assert replayed(folder, jws, *pictures_in(folder)) == 0


@pytest.mark.usefixtures("engines_here")
def test_another_engine_that_reads_the_same_is_noted(folder, capsys):
    jws = bundled(pictured(front=reading(engine={"version": "0.0.1"})))

    assert replayed(folder, jws, *pictures_in(folder)) == 0
    assert "note: engines.front: {'version': '0.0.1'} in the bundle, None here" in capsys.readouterr().out


@pytest.mark.usefixtures("engines_here")
def test_a_picture_is_known_by_what_was_sent_as_well(folder):
    from_a_phone = encoded(exif=exif())
    case = pictured()
    stripped = intake(from_a_phone, field="selfie").payload
    assert stripped != from_a_phone

    jws = bundled(case, selfie=stripped)

    assert replayed(folder, jws, written(folder, "phone.jpg", from_a_phone), written(folder, "front.jpg", FRONT)) == 0


@pytest.mark.usefixtures("engines_here")
def test_another_picture_is_named(folder, capsys):
    assert replayed(folder, bundled(pictured()), written(folder, "other.jpg", encoded(size=(99, 99)))) == 1
    assert capsys.readouterr().out == "other.jpg: none of the pictures that were verified\n"


@pytest.mark.usefixtures("engines_here")
def test_a_picture_that_cannot_be_read_is_refused(folder):
    assert replayed(folder, bundled(pictured()), folder / "nowhere.jpg") == 2


def test_without_the_engines_digests_are_checked_and_the_rest_is_noted(folder, capsys, engines_here):
    engines_here.update(dict.fromkeys(engines_here))

    assert replayed(folder, bundled(pictured()), *pictures_in(folder)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "note: faces: not read again, its engine is not here",
        "note: front: not read again, its engine is not here",
        "equal",
    ]


def test_what_amazon_rekognition_said_is_not_asked_again(folder, capsys, engines_here):
    found = pictured()
    found.faces.response["Engine"] = {"Name": "rekognition"}
    engines_here["face_compare"] = None

    assert replayed(folder, bundled(found), *pictures_in(folder)) == 0
    assert "Amazon Rekognition did it" in capsys.readouterr().out


def test_faces_that_another_model_compared_are_not_compared_again_and_it_is_named(folder, capsys, engines_here):
    found = pictured()
    found.faces.response["Engine"]["Model"] = "another"
    engines_here["face_compare"] = faces(similarity=0.1).response

    assert replayed(folder, bundled(found), *pictures_in(folder)) == 0
    assert "another did it: `make weights MODEL=another`" in capsys.readouterr().out


@pytest.mark.usefixtures("engines_here")
def test_a_side_whose_picture_is_not_given_is_noted(folder, capsys):
    assert replayed(folder, bundled(pictured()), written(folder, "front.jpg", FRONT)) == 0
    assert "note: selfie: not given" in capsys.readouterr().out


def test_the_command_needs_no_aws(folder):
    (folder / "bundle").write_text(bundled(evidence()))
    environment = {"PYTHONPATH": str(Path(replay.__file__).parents[1]), "HOME": str(folder)}

    ran = subprocess.run(
        [sys.executable, "-m", "tools.replay", "bundle", "--jwks", "jwks"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )

    assert (ran.returncode, ran.stdout) == (0, "equal\n"), ran.stderr


def differing_under(folder, capsys, rules, found):
    (folder / "policy.json").write_text(json.dumps(rules))
    status = replayed(folder, bundled(found), "--policy", folder / "policy.json")
    return status, capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("number", range(50))
def test_of_fifty_bundles_under_another_policy_every_difference_is_one_that_it_explains(folder, capsys, number):
    found = evidence(
        faces=faces(number / 49),
        front=reading(country="UTO" if number % 2 else "D<<", expiration_date=f"{26 + number % 5}0615"),
    )
    stricter = {"face": {"approve_fmr": 1e-4}, "accepted_countries": ["UTO"], "reasons": {"expires_soon": "review"}}

    status, lines = differing_under(folder, capsys, stricter, found)

    before = decision.decide(found, BUILT_IN.rules, date(2026, 5, 28)).status
    after = decision.decide(found, parse_policy(stricter), date(2026, 5, 28)).status
    assert (status == 0) == (lines == ["equal"])
    assert any(line.startswith(f"status: {before} in the bundle, {after}") for line in lines) == (before != after)
    assert all(line.startswith(("status", "checks", "reasons", "breakdown")) for line in lines if line != "equal")
    if before != after:
        assert any(line.startswith("reasons") for line in lines)


@pytest.mark.parametrize("rules", [{"colour": 1}, [], None])
def test_a_policy_that_is_none_is_refused(folder, capsys, rules):
    status, lines = differing_under(folder, capsys, rules, evidence())

    assert (status, lines[-1].startswith("refused: ")) == (2, True)
