import threading
import time
from dataclasses import replace

import pytest

from cari_core import ids
from cari_core.deadline import Deadline
from cari_core.errors import EngineUnavailable
from cari_core.picture import Picture
from cari_decision.evidence import EngineFailure, Mrz
from cari_decision.policy import Policy
from cari_decision.policy_context import NamedPolicy, PolicyContext
from cari_verification.aws.engines import StoredPicture
from cari_verification.verification import Request, Ports, accept, conclude, verify
from tests.unit.common.specimens import NOTHING_FOUND, faces, reading

PICTURE = Picture(b"", "image/jpeg", 400, 500, "me.jpg")
REQUEST = Request(ids.new_id(1_780_000_000_000), "a" * 24, "dev", "passport", selfie=PICTURE, front=PICTURE)
STEPS = Ports(
    store_picture=lambda _request, side, picture: StoredPicture("bucket", side, picture),
    compare_faces=lambda _document, _selfie: faces(),
    read_mrz=lambda _stored, _side, _budget_s, _also: reading(),
    save=lambda _request, verification, _evidence: verification,
)


def verified(request=REQUEST, *, time_left_s=28.0, **steps):
    return verify(request, replace(STEPS, **steps), deadline=Deadline.after(time_left_s))


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
    request = replace(REQUEST, context=PolicyContext(policy=NamedPolicy(name="own", version=1, rules=rules)))

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


def unavailable(*_):
    raise EngineUnavailable("throttled")


ENGINES = pytest.mark.parametrize(
    ("engine", "code"), [("compare_faces", "faces_not_compared"), ("read_mrz", "mrz_not_read")]
)


@ENGINES
def test_another_goes_on_where_an_engine_is_not_to_be_had(engine, code):
    kept = []

    answer = verified(**{engine: unavailable}, save=lambda *it: kept.append(it), hand_over=lambda _case: code)

    assert (answer, kept) == (code, [])


def test_nobody_waits_for_the_other_engine_before_another_goes_on(late):
    began_s = time.monotonic()

    verified(compare_faces=unavailable, read_mrz=late, hand_over=lambda case: case)

    assert time.monotonic() - began_s < 4


@ENGINES
def test_an_engine_that_is_not_to_be_had_ends_nothing(engine, code):
    kept = []

    with pytest.raises(EngineUnavailable):
        verified(**{engine: unavailable}, save=lambda *_: kept.append(code))

    assert kept == []


@ENGINES
def test_on_the_last_attempt_it_does_and_the_other_result_is_kept(engine, code):
    steps = replace(STEPS, **{engine: unavailable})

    verification = verify(REQUEST, steps, deadline=Deadline.after(28), final="any")

    assert [reason.code for reason in verification.reasons] == [code]
    assert bool(verification.selfie.MatchedFaces) is (engine == "read_mrz")


def test_where_somebody_asks_again_a_late_engine_ends_nothing(late):
    with pytest.raises(EngineUnavailable):
        verify(REQUEST, replace(STEPS, read_mrz=late), deadline=Deadline.after(2.1), final="none")


def test_a_fault_of_ours_is_handed_to_nobody():
    handed_over = []

    with pytest.raises(ZeroDivisionError):
        verified(read_mrz=lambda *_: 1 / 0, hand_over=handed_over.append)

    assert handed_over == []


def test_a_verification_is_announced_before_any_picture_is_stored():
    done = []

    verified(
        announce=lambda request: done.append(request.id),
        store_picture=lambda _request, side, picture: done.append(side) or StoredPicture("bucket", side, picture),
        pictures_stored=lambda: done.append("stored"),
        read_mrz=lambda *_: done.append("read") or reading(),
    )

    assert (done[0], set(done[1:3]), done[3:]) == (REQUEST.id, {"selfie", "front"}, ["stored", "read"])


@pytest.mark.parametrize("failing", ["announce", "store_picture", "pictures_stored", "read_mrz", "seen_before", "save"])
@pytest.mark.parametrize("begin", [verify, accept])
def test_what_fails_is_given_up(begin, failing):
    given_up = []
    rules = Policy(duplicates={"document": True})
    request = replace(REQUEST, context=PolicyContext(policy=NamedPolicy(name="own", version=1, rules=rules)))
    steps = replace(STEPS, **{failing: lambda *_: 1 / 0}, give_up=lambda it: given_up.append(it.id))

    with pytest.raises(ZeroDivisionError):
        begin(request, steps, deadline=Deadline.after(28))

    assert given_up == [REQUEST.id]


def test_no_picture_is_on_its_way_once_a_verification_is_given_up():
    stored, known = [], []

    def store(_request, side, _picture):
        if side == "front":
            raise OSError(side)
        time.sleep(0.3)
        stored.append(side)

    with pytest.raises(OSError, match="front"):
        verified(store_picture=store, give_up=lambda _: known.extend(stored))

    assert known == ["selfie"]


def test_the_engines_get_no_time_that_storing_took():
    budgets = []

    verified(
        time_left_s=5,
        store_picture=lambda _request, side, picture: time.sleep(0.5) or StoredPicture("bucket", side, picture),
        read_mrz=lambda _stored, _side, budget_s, _also: budgets.append(budget_s) or reading(),
    )

    assert budgets[0] <= 5 - 2 - 0.5


def test_who_does_not_wait_has_the_pictures_stored_and_no_engine_asked():
    asked, stored = [], []
    steps = replace(
        STEPS,
        store_picture=lambda _request, side, picture: stored.append(side) or StoredPicture("bucket", side, picture),
        compare_faces=lambda *_: asked.append("faces"),
        read_mrz=lambda *_: asked.append("mrz"),
        hand_over=lambda case: case.id,
    )

    assert accept(REQUEST, steps, deadline=Deadline.after(28)) == REQUEST.id
    assert (sorted(stored), asked) == (["front", "selfie"], [])


def test_who_would_not_wait_gets_the_decision_where_nobody_goes_on():
    assert accept(REQUEST, STEPS, deadline=Deadline.after(28)).status == "approved"


def test_a_worker_concludes_without_the_bytes_of_the_pictures():
    taken = []
    accept(REQUEST, replace(STEPS, hand_over=lambda case: taken.append(case) or case), deadline=Deadline.after(28))

    assert conclude(taken[0], STEPS, deadline=Deadline.after(60)).status == "approved"


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
