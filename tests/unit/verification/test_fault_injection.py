from dataclasses import replace

import pytest

from cari_core.deadline import Deadline
from cari_core.errors import ValidationFailed
from cari_verification.fault_injection import FAULTS, with_fault
from cari_verification.verification import verify
from tests.unit.verification.test_verification import PORTS, REQUEST, WITH_BACK


def verified(fault, mode="dev", request=REQUEST, **ports):
    return verify(
        request, with_fault(replace(PORTS, **ports), {"cari_fault": fault}, mode), deadline=Deadline.after(28.0)
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_the_named_failure_happens(fault):
    verification = verified(fault)

    assert (verification.status, [reason.code for reason in verification.reasons]) == ("review", [fault])


@pytest.mark.parametrize("fault", FAULTS)
def test_what_failed_is_stored_as_it_is_answered(fault):
    kept = []

    verification = verified(fault, save=lambda *told: kept.append(PORTS.save(*told)) or kept[0])

    assert kept == [verification]


def test_neither_side_of_a_card_is_read():
    verification = verified("mrz_not_read", request=replace(REQUEST, type="card", pictures=WITH_BACK))

    assert (verification.front.reason, verification.back.reason) == ("mrz_not_read", "mrz_not_read")


def test_a_failure_leaves_the_other_engines_result():
    assert verified("mrz_not_read").selfie.MatchedFaces
    assert verified("faces_not_compared").front.found


def test_an_engine_that_is_to_fail_is_not_asked():
    asked = []

    verified(
        "processing_timed_out", compare_faces=lambda *_: asked.append("faces"), read_mrz=lambda *_: asked.append(1)
    )

    assert asked == []


@pytest.mark.parametrize("fault", [*FAULTS, "nonsense"])
def test_nothing_is_made_to_fail_with_a_live_key(fault):
    assert verified(fault, mode="live").status == "approved"


def test_other_metadata_change_nothing():
    assert with_fault(PORTS, {"order": "17"}, "dev") is PORTS


def test_a_failure_that_there_is_not_is_refused():
    with pytest.raises(ValidationFailed, match="faces_not_compared") as refused:
        with_fault(PORTS, {"cari_fault": "earthquake"}, "dev")

    assert refused.value.field == "metadata"
