import threading
from dataclasses import replace

import pytest

from cari_common import ids
from cari_common.engines import StoredPicture
from cari_common.evidence import EngineFailure, Mrz
from cari_common.picture import Picture
from cari_common.policy import Policy
from cari_common.terms import NamedPolicy, Terms
from cari_common.verification import Request, Steps, accept, conclude, verify
from tests.unit.common.specimens import NOTHING_FOUND, faces, reading

PICTURE = Picture(b"", "image/jpeg", 400, 500, "me.jpg")
REQUEST = Request(ids.new_id(1_780_000_000_000), "a" * 24, "dev", "passport", selfie=PICTURE, front=PICTURE)
STEPS = Steps(
    store_picture=lambda _request, side, picture: StoredPicture("bucket", side, picture),
    compare_faces=lambda _document, _selfie: faces(),
    read_mrz=lambda _stored, _side, _budget_s, _also: reading(),
    save=lambda _request, verification, _evidence: verification,
)


def verified(request=REQUEST, *, time_left_s=28.0, **steps):
    return verify(request, replace(STEPS, **steps), time_left_s=time_left_s)


def test_a_verification_carries_the_requests_id_type_and_tenant():
    verification = verified()

    assert (verification.id, verification.type, verification.user) == (REQUEST.id, "passport", "a" * 24)


def test_the_front_is_the_source_and_the_selfie_the_target():
    compared = []

    verified(compare_faces=lambda document, selfie: compared.append((document.key, selfie.key)) or faces())

    assert compared == [("front", "selfie")]


@pytest.mark.parametrize("rules", [Policy(), Policy(printed_text=True)])
def test_print_is_read_and_compared_only_where_the_policy_asks(rules):
    asked = []
    request = replace(REQUEST, terms=Terms(policy=NamedPolicy(name="own", version=1, rules=rules)))

    verification = verified(request, read_mrz=lambda *told: asked.append("PrintedText" in told[-1]) or reading())

    names = [check.name for check in verification.checks]
    assert (asked, "printed_text_agrees" in names) == ([rules.printed_text], rules.printed_text)


def test_both_sides_of_a_card_are_read():
    card = replace(REQUEST, type="card", back=PICTURE)
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(type="ID")}

    verification = verified(card, read_mrz=lambda _stored, side, _budget_s, _also: sides[side])

    assert (verification.front.found, verification.back.found) == (False, True)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("driving_licence", True), ("card", True), ("passport", False), ("visa", False), ("residence_permit", False)],
)
def test_barcodes_are_looked_for_on_both_sides_of_what_may_have_one(kind, asked):
    document, barcodes = replace(REQUEST, type=kind, back=PICTURE), {}

    verified(
        document,
        read_mrz=lambda _stored, side, _budget_s, also: barcodes.update({side: "Barcode" in also}) or reading(),
    )

    assert barcodes == {"front": asked, "back": asked}


def test_a_barcode_comes_with_its_sides_report():
    licence = {"found": True, "format": "PDF417", "standard": "AAMVA", "version": 10, "number": "D1234562"}
    document = replace(REQUEST, type="driving_licence", back=PICTURE)
    sides = {"front": Mrz(NOTHING_FOUND), "back": Mrz({**NOTHING_FOUND, "barcode": licence})}

    verification = verified(document, read_mrz=lambda _stored, side, *_: sides[side])

    assert verification.front.barcode is None
    assert (verification.back.barcode.number, verification.back.barcode.version) == ("D1234562", 10)


def test_both_engines_are_asked_at_the_same_time():
    meeting = threading.Barrier(2, timeout=5)  # breaks unless both are under way together

    def meet(answer):
        meeting.wait()
        return answer

    verification = verified(compare_faces=lambda *_: meet(faces()), read_mrz=lambda *_: meet(reading()))

    assert verification.status == "approved"


def test_a_failing_engine_is_named_in_a_stored_verification():
    kept = []

    verified(
        read_mrz=lambda *_: EngineFailure("mrz_not_read", "front"),
        save=lambda _request, verification, _evidence: kept.append(verification) or verification,
    )

    assert [reason.code for reason in kept[0].reasons] == ["mrz_not_read"]


@pytest.fixture
def late():
    """Make an engine that answers only after the test."""
    over = threading.Event()
    yield lambda *_: over.wait(5) and reading()
    over.set()


def test_another_goes_on_where_an_engine_is_late(late):
    handed_over, kept = [], []

    answer = verified(
        time_left_s=2.1,
        read_mrz=late,
        save=lambda *it: kept.append(it),
        hand_over=lambda case: handed_over.append(case) or "processing",
    )

    assert (answer, kept) == ("processing", [])
    assert (handed_over[0].id, handed_over[0].front.key) == (REQUEST.id, "front")


def test_where_nobody_goes_on_a_late_engine_is_a_failure_and_the_other_result_is_kept(late):
    verification = verified(time_left_s=2.1, read_mrz=late)

    assert [reason.code for reason in verification.reasons] == ["mrz_not_read"]
    assert verification.selfie.MatchedFaces


def test_who_does_not_wait_has_the_pictures_stored_and_no_engine_asked():
    asked, stored = [], []
    steps = replace(
        STEPS,
        store_picture=lambda _request, side, picture: stored.append(side) or StoredPicture("bucket", side, picture),
        compare_faces=lambda *_: asked.append("faces"),
        read_mrz=lambda *_: asked.append("mrz"),
        hand_over=lambda case: case.id,
    )

    assert accept(REQUEST, steps, time_left_s=28) == REQUEST.id
    assert (sorted(stored), asked) == (["front", "selfie"], [])


def test_who_would_not_wait_gets_the_decision_where_nobody_goes_on():
    assert accept(REQUEST, STEPS, time_left_s=28).status == "approved"


def test_a_worker_concludes_without_the_bytes_of_the_pictures():
    taken = []
    accept(REQUEST, replace(STEPS, hand_over=lambda case: taken.append(case) or case), time_left_s=28)

    assert conclude(taken[0], STEPS, time_left_s=60).status == "approved"


def test_the_mrz_engine_gets_no_more_time_than_is_left():
    budgets = []

    verified(time_left_s=10, read_mrz=lambda _stored, _side, budget_s, _also: budgets.append(budget_s) or reading())

    assert 0 < budgets[0] < 10


def test_the_mrz_engine_never_gets_more_time_than_it_takes():
    budgets = []

    verified(time_left_s=60, read_mrz=lambda _stored, _side, budget_s, _also: budgets.append(budget_s) or reading())

    assert budgets == [20]


def test_the_uploaded_name_comes_back_with_the_reading():
    assert verified().front.filename == "me.jpg"
