"""What a specimen is known by with a live key, and that nothing changes with a `dev_` key."""

import json
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest

from cari_decision import evidence_record, specimens
from cari_decision.decision import decide
from cari_decision.evidence import Faces, Mrz
from cari_decision.policy import Policy, default_policy
from cari_decision.policy_context import BUILT_IN
from specimens import __main__ as command
from specimens import barcodes
from specimens.documents import ANOTHER, LICENCE_NUMBER
from specimens.specimen import IDENTITY
from tests.recorded.answers import recorded
from tests.unit.evidence_of_specimens import NOTHING_FOUND, evidence, reading

FOLDER = Path(__file__).parents[3] / "functions/sandbox/specimens"
TODAY = date(2026, 6, 1)
PASSPORT = {
    "faces": Faces(recorded("faces-same-person"), selfie_size=(480, 600), front_size=(900, 634), states_fmr=True),
    "front": Mrz(recorded("mrz-passport")),
}
LICENCE = {
    "type": "driving_licence",
    "front": Mrz(NOTHING_FOUND),
    "back": Mrz(recorded("mrz-licence-back")),
}


def decided(policy=None, **changes):
    decision = decide(evidence(**changes), policy or default_policy(), TODAY)
    return decision.status, [reason.code for reason in decision.reasons]


def signs(**changes):
    checks = decide(evidence(mode="live", **changes), default_policy(), TODAY).checks
    return next(check.evidence["signs"] for check in checks if check.name == "specimen")


@pytest.mark.parametrize("state", ["UTO", "YTO"])
@pytest.mark.parametrize("field", ["country", "nationality"])
def test_a_document_of_no_state_is_declined_with_a_live_key(field, state):
    assert decided(mode="live", front=reading(**{field: state})) == ("declined", ["specimen_document"])


def test_a_mode_that_nobody_knows_is_no_place_for_specimens():
    assert decided(mode="LIVE", front=reading(country="UTO")) == ("declined", ["specimen_document"])


def test_a_recorded_specimen_passport_is_declined_with_a_live_key():
    assert decided(mode="live", **PASSPORT) == ("declined", ["specimen_document"])


def test_a_specimen_on_either_side_is_one():
    sides = {"type": "card", "front": Mrz(NOTHING_FOUND), "back": Mrz(recorded("mrz-card-back"))}

    assert decided(mode="live", **sides) == ("declined", ["specimen_document"])


def test_a_specimen_licence_is_known_by_its_holder():
    assert (decided(mode="live", **LICENCE), signs(**LICENCE)) == (("declined", ["specimen_document"]), ["holder"])


@pytest.mark.parametrize("unread", ["number", "surname", "date_of_birth"])
def test_two_things_of_three_are_enough_to_know_the_holder(unread):
    back = recorded("mrz-licence-back")
    back["barcode"][unread] = None

    assert signs(**{**LICENCE, "back": Mrz(back)}) == ["holder"]


@pytest.mark.parametrize(
    "own", [{"number": "UX7204913"}, {"surname": "VOYAGER", "names": "STELLA NOVA"}, {"date_of_birth": "861119"}]
)
def test_nobody_is_a_specimen_for_a_number_a_name_or_a_birthday_alone(own):
    assert decided(mode="live", front=reading(**own)) == ("approved", [])


def test_a_picture_of_the_sandbox_is_known_by_its_digest():
    assert decided(mode="live", specimen_pictures=("selfie",)) == ("declined", ["specimen_document"])


@pytest.mark.parametrize("mode", ["dev", None])
def test_nothing_changes_with_another_key_or_in_evidence_of_before(mode):
    found = evidence(**PASSPORT, specimen_pictures=("front",), mode=mode)

    decision = decide(found, default_policy(), TODAY)

    assert (decision.status, [check for check in decision.checks if check.name == "specimen"]) == ("approved", [])


def test_a_document_of_a_state_is_none():
    assert decided(mode="live", front=reading(country="FRA", nationality="FRA")) == ("approved", [])


@pytest.mark.parametrize("verdict", ["ignore", "warn", "review"])
def test_no_policy_allows_a_specimen(verdict):
    lax = Policy(reasons={"specimen_document": verdict})

    assert decided(lax, mode="live", front=reading(country="UTO")) == ("declined", ["specimen_document"])


def test_evidence_keeps_what_it_was_decided_from():
    found = evidence(mode="live", specimen_pictures=("front", "back"))
    record = json.loads(json.dumps(evidence_record.record(found, BUILT_IN, TODAY, {})))

    assert evidence_record.evidence_of(record) == found
    assert evidence_record.decide_again(record).status == "declined"


def test_evidence_from_before_modes_were_kept_is_decided_the_same_again():
    record = evidence_record.record(evidence(front=reading(country="UTO")), BUILT_IN, TODAY, {})
    del record["evidence"]["mode"]
    del record["evidence"]["specimen_pictures"]

    assert evidence_record.decide_again(record).status == "approved"


def test_every_picture_of_the_sandbox_is_known():
    assert command.DIGESTS.read_text() == command.digests(FOLDER), (
        "run `python -m specimens functions/sandbox/specimens`"
    )


def test_a_digest_names_its_side():
    known = command.DIGESTS.read_text().split()[0]

    assert specimens.pictures({"selfie": "0" * 64, "front": known, "back": ""}) == ("front",)


def test_the_people_are_those_that_the_specimens_name():
    another_licence = "UL11944021"

    assert [astuple(person) for person in specimens.PEOPLE] == [
        (
            identity.surname.upper(),
            identity.given_names.upper(),
            identity.date_of_birth,
            numbers,
        )
        for identity, numbers in (
            (IDENTITY, (IDENTITY.passport_number, IDENTITY.card_number, LICENCE_NUMBER)),
            (ANOTHER, (ANOTHER.card_number, another_licence)),
        )
    ]
    assert another_licence in Path(barcodes.__file__).read_text()
