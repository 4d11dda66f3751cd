from dataclasses import replace

import pytest

from cari_core.stopwatch import Timings
from cari_decision.evidence import EngineFailure, Faces
from cari_verification import prices
from cari_verification.receipt import MEMORY_MB, Deployment, Usage, receipt, rekognition_images
from local import template
from tests.recorded.answers import recorded

TEMPLATE = template.read()
FUNCTIONS = {"verify": "VerifyFunction", "face_compare": "FaceCompareFunction", "mrz": "MrzFunction"}
NOTHING = Timings({}, 0.0)
USAGE = Usage(NOTHING, picture_bytes=[0, 0], mrz_calls=1, verification_bytes=3000)


def dollars(deployment=None, **changes):
    return receipt(replace(USAGE, **changes), deployment or Deployment()).usd


def test_each_stage_is_told_as_long_as_it_took():
    timings = Timings({"intake": [3.14], "faces": [80.0], "mrz": [30.0, 50.0]}, 99.96)

    ms = receipt(replace(USAGE, timings=timings), Deployment()).ms

    assert (ms.intake, ms.faces, ms.mrz, ms.store_pictures, ms.total) == (3.1, 80, 50, 0, 100)


def test_a_second_of_the_face_engine_costs_its_memory():
    more = dollars(timings=Timings({"faces": [1000.0]}, 0.0)).functions - dollars().functions

    assert more == pytest.approx(1769 / 1024 * 0.0000166667, abs=1e-9)


def test_on_arm64_a_second_costs_a_fifth_less():
    timings = Timings({"faces": [1000.0]}, 0.0)
    spent = {
        name: dollars(Deployment(processor=name), timings=timings).functions
        - dollars(Deployment(processor=name)).functions
        for name in ("x86_64", "arm64")
    }

    assert spent["arm64"] == pytest.approx(0.8 * spent["x86_64"], rel=1e-4)


def test_two_sides_at_the_same_time_are_both_paid_for():
    both = dollars(timings=Timings({"mrz": [1000.0, 1000.0]}, 0.0)).functions
    one = dollars(timings=Timings({"mrz": [1000.0]}, 0.0)).functions

    assert both - one == pytest.approx(1769 / 1024 * 0.0000166667, abs=1e-9)


def test_every_engine_that_is_asked_is_a_request():
    assert dollars(mrz_calls=2).functions - dollars().functions == pytest.approx(0.2e-6)


def test_a_batch_does_not_pass_api_gateway():
    assert (dollars().api_gateway, dollars(channel="batch").api_gateway) == (pytest.approx(3.5e-6), 0)


def test_keeping_a_gigabyte_of_pictures_twice_as_long_costs_a_months_price_more():
    kept = {days: dollars(Deployment(days), picture_bytes=[10**9]).s3 for days in (30, 60)}

    assert kept[60] - kept[30] == pytest.approx(prices.S3_GB_MONTH)


def test_an_item_is_paid_for_by_the_started_kilobyte():
    stored = [dollars(verification_bytes=size, channel="batch").dynamodb for size in (3000, 4000)]

    announced_and_counted, in_a_transaction = 2, 2
    assert stored == pytest.approx(
        [(in_a_transaction * units + announced_and_counted) * prices.DYNAMODB_WRITE_UNIT for units in (4, 5)], abs=1e-9
    )


def test_evidence_is_paid_for_by_the_started_kilobyte_of_its_own_item():
    more = dollars(evidence_bytes=1500).dynamodb - dollars(evidence_bytes=0).dynamodb

    assert more == pytest.approx(2 * 2 * prices.DYNAMODB_WRITE_UNIT, abs=1e-9)


def test_where_another_function_began_it_nobody_tells_dollars():
    told = receipt(USAGE, None)

    assert (told.usd, told.ms.total) == (None, 0)


def test_a_request_pays_for_being_counted_in_its_minute_besides_its_month():
    counted = dollars(channel="http").dynamodb - dollars(channel="batch").dynamodb

    assert counted == pytest.approx(prices.DYNAMODB_WRITE_UNIT, abs=1e-9)


def test_rekognition_is_paid_for_by_the_call():
    assert [dollars(rekognition_images=calls).rekognition for calls in (0, 1, 2)] == [0, 0.001, 0.002]


REKOGNITION = Deployment(30, "rekognition")


def answered(name):
    return Faces(recorded(name), (400, 500), (1000, 700))


def test_the_face_engine_says_how_many_calls_it_made():
    assert rekognition_images(answered("faces-rekognition-75"), REKOGNITION) == 2


def test_the_bundled_model_makes_no_call():
    assert rekognition_images(answered("faces-same-person"), Deployment()) == 0


@pytest.mark.parametrize(
    ("failure", "images"),
    [(EngineFailure("no_portrait", "front"), 1), (EngineFailure("faces_not_compared"), 0)],
)
def test_a_picture_that_rekognition_refused_took_one_call_and_a_failure_is_not_counted(failure, images):
    assert rekognition_images(failure, REKOGNITION) == images
    assert rekognition_images(failure, Deployment()) == 0


def test_the_total_is_what_the_services_add_up_to():
    usd = dollars(rekognition_images=2, picture_bytes=[400_000, 900_000])

    assert usd.total == pytest.approx(sum(value for name, value in usd if name != "total"), abs=1e-8)


def test_it_says_that_it_is_an_estimate_and_on_what_prices():
    written = receipt(USAGE, Deployment())

    assert (written.is_estimate, written.basis) == (True, prices.BASIS["x86_64"])


@pytest.mark.parametrize("function", MEMORY_MB)
def test_a_functions_memory_is_the_templates(function):
    own = TEMPLATE["Resources"][FUNCTIONS[function]]["Properties"].get("MemorySize")

    assert (own or TEMPLATE["Globals"]["Function"]["MemorySize"]) == MEMORY_MB[function]
