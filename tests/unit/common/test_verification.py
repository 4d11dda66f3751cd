import threading
from dataclasses import replace

import pytest

from cari_common import ids
from cari_common.errors import EngineTimeout
from cari_common.evidence import EngineFailure, Mrz
from cari_common.picture import Picture
from cari_common.verification import Request, Steps, verify
from tests.unit.common.specimens import NOTHING_FOUND, faces, reading

PICTURE = Picture(b"", "image/jpeg", 400, 500, "me.jpg")
REQUEST = Request(ids.new_id(1_780_000_000_000), "a" * 24, "dev", "passport", selfie=PICTURE, front=PICTURE)
STEPS = Steps(
    store_picture=lambda _request, side, _picture: side,
    compare_faces=lambda _document, _selfie: faces(),
    read_mrz=lambda _stored, _side, _budget_s: reading(),
    save=lambda _request, verification: verification,
)


def verified(request=REQUEST, *, time_left_s=28.0, **steps):
    return verify(request, replace(STEPS, **steps), time_left_s=time_left_s)


def test_a_verification_carries_the_requests_id_type_and_tenant():
    verification = verified()

    assert (verification.id, verification.type, verification.user) == (REQUEST.id, "passport", "a" * 24)


def test_the_front_is_the_source_and_the_selfie_the_target():
    compared = []

    verified(compare_faces=lambda document, selfie: compared.append((document, selfie)) or faces())

    assert compared == [("front", "selfie")]


def test_both_sides_of_a_card_are_read():
    card = replace(REQUEST, type="card", back=PICTURE)
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(type="ID")}

    verification = verified(card, read_mrz=lambda _stored, side, _budget_s: sides[side])

    assert (verification.front.found, verification.back.found) == (False, True)


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
        save=lambda _request, verification: kept.append(verification) or verification,
    )

    assert [reason.code for reason in kept[0].reasons] == ["mrz_not_read"]


def test_a_late_engine_is_a_timeout_that_names_what_is_stored():
    answered = threading.Event()
    kept = []

    with pytest.raises(EngineTimeout) as late:
        verified(
            time_left_s=2.1,
            read_mrz=lambda *_: answered.wait(5) and reading(),
            save=lambda _request, verification: kept.append(verification) or verification,
        )
    answered.set()

    assert late.value.extensions["id"] == kept[0].id
    assert [reason.code for reason in kept[0].reasons] == ["mrz_not_read"]


def test_the_mrz_engine_gets_no_more_time_than_is_left():
    budgets = []

    verified(time_left_s=10, read_mrz=lambda _stored, _side, budget_s: budgets.append(budget_s) or reading())

    assert 0 < budgets[0] < 10


def test_the_mrz_engine_never_gets_more_time_than_it_takes():
    budgets = []

    verified(time_left_s=60, read_mrz=lambda _stored, _side, budget_s: budgets.append(budget_s) or reading())

    assert budgets == [20]


def test_the_uploaded_name_comes_back_with_the_reading():
    assert verified().front.filename == "me.jpg"
