from dataclasses import replace

import pytest

from cari_core.stopwatch import Timings
from cari_verification import prices
from cari_verification.receipt import Deployment, Usage, receipt
from tests.benchmarks.cost import billing, counts, dynamodb_units, memory, report
from tests.benchmarks.cost.billing import Used
from tests.benchmarks.cost.metering import Call, Run

PICTURE_BYTES, ITEM_BYTES, EVIDENCE_BYTES = 60_000, 1_700, 4_000


def run(function, memory_mb, cpu_s):
    return Run(function, memory_mb, wall_s=cpu_s, cpu_s=cpu_s, pid=1)


def call(*actions, write_units=0.0, read_units=0.0):
    return Call("VerifyFunction", actions, read_units, write_units)


RUNS = (run("FaceCompareFunction", 1769, 0.1), run("MrzFunction", 1769, 0.5), run("VerifyFunction", 1024, 0.05))
ENDED = call("dynamodb:PutItem", "dynamodb:PutItem", write_units=2 * (3 + 4))
EASY = Used(
    RUNS,
    (
        call("dynamodb:UpdateItem", write_units=1),
        call("dynamodb:UpdateItem", write_units=1),
        call("dynamodb:PutItem", write_units=1),
        call("sqs:SendMessage"),
        *[call("s3:PutObject", "s3:PutObjectTagging")] * 2,
        *[call("s3:GetObject")] * 3,
        *[call("lambda:InvokeFunction")] * 2,
        ENDED,
    ),
    kept_bytes=2 * PICTURE_BYTES,
    answer_bytes=8_000,
)


def test_who_waits_for_the_engines_is_billed_for_the_slower_one_and_its_own_stretched_time():
    billed = {each.function: seconds for each, seconds in billing.billed_s(EASY)}
    s3_s, rounds_s = billing.STORE_S["s3"], 4 * billing.STORE_S["dynamodb"] + billing.STORE_S["sqs"]

    assert billed["MrzFunction"] == pytest.approx(0.5 + s3_s)
    assert billed["VerifyFunction"] == pytest.approx(0.05 * 1769 / 1024 + rounds_s + s3_s + 0.5 + s3_s, abs=1e-3)


def test_a_fallback_is_waited_for_after_its_mrz():
    hard = replace(EASY, runs=(*RUNS, run("MrzFallbackFunction", 1769, 2.0)))

    assert billing.answer_s(hard) - billing.answer_s(EASY) == pytest.approx(2.0 + billing.STORE_S["s3"], abs=2e-3)


def test_memory_beyond_one_processor_shortens_nothing():
    assert [billing.share(size) for size in (885, 1769, 3538)] == [pytest.approx(0.5, abs=1e-3), 1, 1]


def test_a_smaller_function_waits_cheaper_and_longer():
    small, *_, large = memory.curve(EASY, ("VerifyFunction",))

    assert (small.memory_mb, small.thousand_usd < large.thousand_usd, small.answer_s > large.answer_s) == (
        512,
        True,
        True,
    )


def test_arm64_saves_a_fifth_of_the_compute_and_nothing_else():
    x86, arm = (billing.dollars(EASY, processor) for processor in ("x86_64", "arm64"))
    requests = len(RUNS) * prices.LAMBDA_REQUEST

    assert arm.pop("lambda") - requests == pytest.approx(0.8 * (x86.pop("lambda") - requests), rel=1e-4)
    assert arm == x86


def test_a_put_costs_what_twelve_gets_do_and_a_kept_gigabyte_its_month():
    kept = billing.dollars(replace(EASY, calls=(), kept_bytes=10**9), "x86_64")["s3"]
    put, get = (
        billing.dollars(replace(EASY, calls=(call(action),), kept_bytes=0), "x86_64")["s3"]
        for action in ("s3:PutObject", "s3:GetObject")
    )

    assert (kept, put / get) == (pytest.approx(prices.S3_GB_MONTH), pytest.approx(12.5))


def test_a_receipt_says_no_more_than_the_same_use_costs_by_any_service():
    """Its own sizes are estimates: of the announcement, and of the item beside the outcome."""
    billed = {each.function: 1000 * seconds for each, seconds in billing.billed_s(EASY)}
    usage = Usage(
        Timings({"faces": [billed["FaceCompareFunction"]], "mrz": [billed["MrzFunction"]]}, billed["VerifyFunction"]),
        picture_bytes=[PICTURE_BYTES] * 2,
        mrz_calls=1,
        verification_bytes=ITEM_BYTES,
        evidence_bytes=EVIDENCE_BYTES,
    )

    for processor in report.PROCESSORS:
        told, counted = receipt(usage, Deployment(processor=processor)).usd, billing.dollars(EASY, processor)
        lines = {"functions": "lambda", "api_gateway": "api_gateway", "s3": "s3", "dynamodb": "dynamodb"}
        assert {name: getattr(told, name) <= counted[line] + 1e-8 for name, line in lines.items()} == dict.fromkeys(
            lines, True
        )
        assert told.total < sum(counted.values())


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"id": {"S": "abc"}}, 5),
        ({"used": {"N": "1234"}}, 4 + 3),
        ({"body": {"B": "AAAA"}}, 4 + 3),
        ({"is": {"BOOL": True}}, 2 + 1),
        ({"m": {"M": {"a": {"S": "b"}}}}, 1 + 3 + 1 + 1 + 1),
        ({"l": {"L": [{"S": "ab"}]}}, 1 + 3 + 1 + 2),
    ],
)
def test_an_item_weighs_its_names_and_values(item, size):
    assert dynamodb_units.item_bytes(item) == size


def large(kilobytes):
    return {"id": {"S": "x" * (1024 * kilobytes - 10)}}


@pytest.mark.parametrize(
    ("operation", "asked", "answer", "units"),
    [
        ("PutItem", {"Item": large(3)}, {}, (0, 3)),
        ("PutItem", {"Item": {**large(3), "owner_reference": {"S": "t"}}}, {}, (0, 8)),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": large(2)}}, {"Put": {"Item": large(1)}}]},
            {},
            (0, 6),
        ),
        ("GetItem", {"ConsistentRead": True}, {"Item": large(5)}, (2, 0)),
        ("GetItem", {}, {"Item": large(5)}, (1, 0)),
        ("GetItem", {}, {}, (0.5, 0)),
        ("Query", {}, {"Items": [large(3)] * 4}, (1.5, 0)),
        ("UpdateItem", {"Key": large(1), "ExpressionAttributeValues": {}}, {}, (0, 1)),
    ],
)
def test_dynamodb_bills_by_started_kilobytes(operation, asked, answer, units):
    counted = dynamodb_units.units(operation, asked, answer)

    assert (counted.read, counted.write) == units


def test_an_operation_that_nobody_priced_is_no_free_one():
    with pytest.raises(ValueError, match="BatchWriteItem"):
        dynamodb_units.units("BatchWriteItem", {}, {})


def test_one_request_more_than_meant_is_named():
    more = replace(EASY, calls=(*EASY.calls, call("s3:HeadObject")))

    assert counts.faults({"easy passport": EASY}) == []
    assert counts.faults({"easy passport": more}) == ["easy passport: s3:HeadObject 1 times, meant are 0"]


def test_a_receipt_that_says_more_than_what_is_counted_is_named():
    counted = billing.dollars(EASY, "x86_64")
    honest, too_much = ({**counted, "dynamodb": counted["dynamodb"] * times} for times in (1, 2))

    assert counts.faults({"easy passport": replace(EASY, receipt=honest)}) == []
    assert len(counts.faults({"easy passport": replace(EASY, receipt=too_much)})) == 1


def test_what_functions_log_is_weighed_with_what_lambda_adds():
    said = replace(EASY, log_lines=(b"x" * 100,))

    assert billing.log_bytes(said) - billing.log_bytes(EASY) == 100 + billing.EVENT_BYTES
