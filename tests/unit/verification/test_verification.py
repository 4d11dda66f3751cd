import threading
import time
from dataclasses import replace

import pytest

from cari_core import ids
from cari_core.deadline import Deadline, current
from cari_core.errors import EngineUnavailable, ServiceUnavailable
from cari_core.picture import Picture, StoredPicture
from cari_core.stopwatch import Stopwatch
from cari_decision.evidence import EngineFailure, Mrz
from cari_decision.policy import Policy
from cari_decision.policy_context import NamedPolicy, PolicyContext
from cari_verification.contract import public
from cari_verification.ports import Ports
from cari_verification.request import Request
from cari_verification.stored import ended, under_way
from cari_verification.verification import SAVING_S, abandoned_if_it_fails, complete, enqueue, store, verify
from tests.unit.evidence_of_specimens import NOTHING_FOUND, faces, reading

PICTURE = Picture(b"", "image/jpeg", 400, 500, "me.jpg")
BOTH_PICTURES = {"selfie": PICTURE, "front": PICTURE}
REQUEST = Request(
    id=ids.new_id(1_780_000_000_000), tenant="a" * 24, mode="dev", type="passport", pictures=BOTH_PICTURES
)
WITH_BACK = {**BOTH_PICTURES, "back": PICTURE}


def stored(side, picture=PICTURE):
    return StoredPicture("bucket", side, picture.content_type, picture.width, picture.height, picture.filename)


PORTS = Ports(
    store_picture=lambda _request, side, picture: stored(side, picture),
    compare_faces=lambda _document, _selfie: faces(),
    read_mrz=lambda _picture, _side, _budget_s, _extra: reading(),
    save=lambda request, outcome, _record: public(ended(under_way(request), outcome)),
)


def verified(request=REQUEST, *, time_left_s=28.0, **ports):
    return verify(request, replace(PORTS, **ports), deadline=Deadline.after(time_left_s))


def accepted(request=REQUEST, ports=PORTS):
    watch = Stopwatch()
    with abandoned_if_it_fails(request, ports):
        return enqueue(store(request, ports, watch), ports, deadline=Deadline.after(28), stopwatch=watch)


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
    request = replace(REQUEST, policy_context=PolicyContext(policy=NamedPolicy(name="own", version=1, rules=rules)))

    verification = verified(request, read_mrz=lambda *told: asked.append("PrintedText" in told[-1]) or reading())

    names = [check.name for check in verification.checks]
    assert (asked, "printed_text_agrees" in names) == ([rules.printed_text], rules.printed_text)


def test_both_sides_of_a_card_are_read():
    card = replace(REQUEST, type="card", pictures=WITH_BACK)
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(type="ID")}

    verification = verified(card, read_mrz=lambda _stored, side, _budget_s, _also: sides[side])

    assert (verification.front.found, verification.back.found) == (False, True)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("driving_licence", True), ("card", True), ("passport", False), ("visa", False), ("residence_permit", False)],
)
def test_barcodes_are_looked_for_on_both_sides_of_what_may_have_one(kind, asked):
    document, barcodes = replace(REQUEST, type=kind, pictures=WITH_BACK), {}

    verified(
        document,
        read_mrz=lambda _stored, side, _budget_s, also: barcodes.update({side: "Barcode" in also}) or reading(),
    )

    assert barcodes == {"front": asked, "back": asked}


def test_a_barcode_comes_with_its_sides_report():
    licence = {"found": True, "format": "PDF417", "standard": "AAMVA", "version": 10, "number": "D1234562"}
    document = replace(REQUEST, type="driving_licence", pictures=WITH_BACK)
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
        save=lambda request, outcome, _record: kept.append(outcome) or PORTS.save(request, outcome, _record),
    )

    assert [reason.code for reason in kept[0].reasons] == ["mrz_not_read"]


@pytest.fixture
def late():
    """Make an engine that answers only after the test."""
    over = threading.Event()
    yield lambda *_: over.wait(5) and reading()
    over.set()


def test_another_goes_on_where_an_engine_is_late(late):
    enqueued, kept = [], []

    answer = verified(
        time_left_s=2.1,
        read_mrz=late,
        save=lambda *it: kept.append(it),
        enqueue=lambda case: enqueued.append(case) or "processing",
    )

    assert (answer, kept) == ("processing", [])
    assert (enqueued[0].id, enqueued[0].front.key) == (REQUEST.id, "front")


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

    answer = verified(**{engine: unavailable}, save=lambda *it: kept.append(it), enqueue=lambda _case: code)

    assert (answer, kept) == (code, [])


def test_nobody_waits_for_the_other_engine_before_another_goes_on(late):
    answers = []

    begun = verified(
        compare_faces=unavailable,
        read_mrz=lambda *_: late() and answers.append("late"),
        enqueue=lambda request: request,
    )

    assert (begun.id, answers) == (REQUEST.id, [])


@ENGINES
def test_an_engine_that_is_not_to_be_had_ends_nothing(engine, code):
    kept = []

    with pytest.raises(EngineUnavailable):
        verified(**{engine: unavailable}, save=lambda *_: kept.append(code))

    assert kept == []


@ENGINES
def test_on_the_last_attempt_it_does_and_the_other_result_is_kept(engine, code):
    ports = replace(PORTS, **{engine: unavailable})

    verification = verify(REQUEST, ports, deadline=Deadline.after(28), final="any")

    assert [reason.code for reason in verification.reasons] == [code]
    assert bool(verification.selfie.MatchedFaces) is (engine == "read_mrz")


def test_where_somebody_asks_again_a_late_engine_ends_nothing(late):
    with pytest.raises(EngineUnavailable):
        verify(REQUEST, replace(PORTS, read_mrz=late), deadline=Deadline.after(2.1), final="none")


SEEKING = replace(
    REQUEST,
    policy_context=PolicyContext(
        policy=NamedPolicy(name="own", version=1, rules=Policy(duplicates={"document": True, "face": True}))
    ),
)
INDEX = pytest.mark.parametrize("index", ["find_duplicates", "search_face"])


def out_of_reach(*_):
    raise ServiceUnavailable("throttled")


@INDEX
def test_another_goes_on_where_what_was_seen_cannot_be_looked_up(index):
    kept = []

    answer = verified(
        SEEKING, **{index: out_of_reach}, save=lambda *it: kept.append(it), enqueue=lambda _: "processing"
    )

    assert (answer, kept) == ("processing", [])


@INDEX
@pytest.mark.parametrize("final", ["none", "late", "any"])
def test_where_nobody_does_nothing_is_approved_that_may_have_been_seen_before(index, final):
    kept = []
    ports = replace(PORTS, **{index: out_of_reach}, save=lambda *it: kept.append(it))

    with pytest.raises(ServiceUnavailable):
        verify(SEEKING, ports, deadline=Deadline.after(28), final=final)

    assert kept == []


@pytest.mark.parametrize("engine", ["compare_faces", "read_mrz"])
def test_no_engine_is_waited_for_beyond_the_time_that_saving_takes(engine):
    deadline, bounds = Deadline.after(28), []
    answers = {"compare_faces": faces, "read_mrz": reading}
    ports = replace(PORTS, **{engine: lambda *_: bounds.append(current()) or answers[engine]()})

    verify(REQUEST, ports, deadline=deadline)

    assert bounds == [deadline.earlier(SAVING_S)]


@pytest.mark.parametrize(("final", "ends"), [("late", True), ("any", True), ("none", False)])
def test_an_engine_that_fails_as_its_time_is_over_was_late(final, ends):
    ports = replace(PORTS, read_mrz=unavailable)

    if ends:
        verification = verify(REQUEST, ports, deadline=Deadline.after(1), final=final)
        assert "mrz_not_read" in [reason.code for reason in verification.reasons]
    else:
        with pytest.raises(EngineUnavailable):
            verify(REQUEST, ports, deadline=Deadline.after(1), final=final)


def test_a_fault_of_ours_is_handed_to_nobody():
    enqueued = []

    with pytest.raises(ZeroDivisionError):
        verified(read_mrz=lambda *_: 1 / 0, enqueue=enqueued.append)

    assert enqueued == []


def test_a_verification_is_announced_before_any_picture_is_stored():
    done = []

    verified(
        announce=lambda request: done.append(request.id),
        store_picture=lambda _request, side, picture: done.append(side) or stored(side, picture),
        read_mrz=lambda *_: done.append("read") or reading(),
    )

    assert (done[0], set(done[1:3]), done[3:]) == (REQUEST.id, {"selfie", "front"}, ["read"])


@pytest.mark.parametrize("failing", ["announce", "store_picture", "read_mrz", "find_duplicates", "save"])
@pytest.mark.parametrize("begin", [verified, accepted])
def test_what_fails_is_abandoned(begin, failing):
    abandoned = []
    rules = Policy(duplicates={"document": True})
    request = replace(REQUEST, policy_context=PolicyContext(policy=NamedPolicy(name="own", version=1, rules=rules)))
    failing_ports = {failing: lambda *_: 1 / 0, "abandon": lambda it: abandoned.append(it.id)}

    with pytest.raises(ZeroDivisionError):
        verified(request, **failing_ports) if begin is verified else accepted(request, replace(PORTS, **failing_ports))

    assert abandoned == [REQUEST.id]


def test_no_picture_is_on_its_way_once_a_verification_is_abandoned():
    there, known = [], []

    def put(_request, side, _picture):
        if side == "front":
            raise OSError(side)
        time.sleep(0.3)
        there.append(side)

    with pytest.raises(OSError, match="front"):
        verified(store_picture=put, abandon=lambda _: known.extend(there))

    assert known == ["selfie"]


def test_the_engines_get_no_time_that_storing_took():
    budgets = []

    verified(
        time_left_s=5,
        store_picture=lambda _request, side, picture: time.sleep(0.5) or stored(side, picture),
        read_mrz=lambda _stored, _side, budget_s, _also: budgets.append(budget_s) or reading(),
    )

    assert budgets[0] <= 5 - 2 - 0.5


def test_who_does_not_wait_has_the_pictures_stored_and_no_engine_asked():
    asked, there = [], []
    ports = replace(
        PORTS,
        store_picture=lambda _request, side, picture: there.append(side) or stored(side, picture),
        compare_faces=lambda *_: asked.append("faces"),
        read_mrz=lambda *_: asked.append("mrz"),
        enqueue=lambda case: case.id,
    )

    assert accepted(ports=ports) == REQUEST.id
    assert (sorted(there), asked) == (["front", "selfie"], [])


def test_who_would_not_wait_gets_the_decision_where_nobody_goes_on():
    assert accepted().status == "approved"


def test_a_worker_completes_without_the_bytes_of_the_pictures():
    taken = []
    accepted(ports=replace(PORTS, enqueue=lambda request: taken.append(request) or request))

    assert complete(taken[0], PORTS, deadline=Deadline.after(60)).status == "approved"


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
