"""From what was counted to dollars: how long Lambda would bill each run, and what each service asks. Pure.

A run is billed for its CPU time, stretched by the part of a processor that its memory buys, and for its waits, which
no memory shortens: for the stores, by `STORE_S`, and for the engines, by what those themselves are billed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_verification import prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cari_verification.prices import Processor
    from tests.benchmarks.cost.metering import Call, Run

WHOLE_VCPU_MB = 1769  # Lambda's developer guide: at this memory a function has one vCPU
# No promise of AWS's, so assumed and said so: DynamoDB answers in single-digit milliseconds, S3's median for small
# requests is in the tens (its whitepaper on performance).
STORE_S = {"dynamodb": 0.005, "sqs": 0.01, "kms": 0.01, "s3": 0.03}
FACES, MRZ, FALLBACK = "FaceCompareFunction", "MrzFunction", "MrzFallbackFunction"
PICTURES_OF = {FACES: 2, MRZ: 1, FALLBACK: 1}  # that an engine fetches
SERVICES = ("lambda", "api_gateway", "s3", "dynamodb", "sqs", "kms", "logs", "xray", "transfer")
XRAY_SHARE = 0.05  # of requests beyond the first of each second: X-Ray's default rule, which the template leaves
# What Lambda itself logs of a run (START, END, REPORT with its trace), as its developer guide shows the lines.
PLATFORM_LINES = (
    "START RequestId: 79104EXAMPLEB723-4b22-8f1a-c2a3d0f3b8a1 Version: $LATEST",
    "END RequestId: 79104EXAMPLEB723-4b22-8f1a-c2a3d0f3b8a1",
    (
        "REPORT RequestId: 79104EXAMPLEB723-4b22-8f1a-c2a3d0f3b8a1\tDuration: 123.45 ms\tBilled Duration: 124 ms"
        "\tMemory Size: 1024 MB\tMax Memory Used: 120 MB\t\nXRAY TraceId: 1-5e34a614-10bdxmplf1fb44f07bc535a1"
        "\tSegmentId: 07f5xmpl2d1f6f85\tSampled: true\t"
    ),
)
EVENT_BYTES = 26  # that CloudWatch adds to each line


@dataclass(frozen=True)
class Used:
    """What one call of the API took."""

    runs: tuple[Run, ...]
    calls: tuple[Call, ...]
    log_lines: tuple[bytes, ...] = ()
    kept_bytes: int = 0  # of pictures in the bucket
    answer_bytes: int | None = None  # over the network; None where API Gateway has no part in it
    receipt: Mapping[str, float] = field(default_factory=dict)  # the dollars that the answer itself told, by service
    memory_mb: Mapping[str, int] = field(default_factory=dict)  # in place of what the template gives

    def memory(self, run: Run) -> int:
        """Tell the memory of a function."""
        return self.memory_mb.get(run.function, run.memory_mb)


def share(memory_mb: int) -> float:
    """Tell the part of a processor that a single-threaded function has."""
    return min(1.0, memory_mb / WHOLE_VCPU_MB)


def actions(used: Used) -> Counter[str]:
    """Count the requests to AWS, by the action that IAM knows them by."""
    return Counter(map(_spelled, used.calls))


def billed_s(used: Used) -> list[tuple[Run, float]]:
    """Tell how long each run is billed, rounded to Lambda's milliseconds."""
    engines_s = _engines_s(used)
    return [(run, round(_run_s(run, used, engines_s), 3)) for run in used.runs]


def gb_seconds(used: Used) -> dict[str, float]:
    """Tell the memory that each function held, by its time."""
    held: dict[str, float] = {}
    for run, seconds in billed_s(used):
        held[run.function] = held.get(run.function, 0.0) + seconds * used.memory(run) / prices.LAMBDA_GB_MB
    return held


def answer_s(used: Used) -> float:
    """Tell how long the caller's own function took."""
    return max((seconds for run, seconds in billed_s(used) if run.function not in PICTURES_OF), default=0.0)


def dollars(used: Used, processor: Processor, *, retention_days: int = 30) -> dict[str, float]:
    """Price one call of the API, by service."""
    services = Counter(_service(call) for call in used.calls)
    puts = sum(call.actions[0] == "s3:PutObject" for call in used.calls)
    kept_gb_months = used.kept_bytes / prices.GB * retention_days / prices.DAYS_A_MONTH
    return {
        "lambda": sum(gb_seconds(used).values()) * prices.LAMBDA_GB_SECOND[processor]
        + len(used.runs) * prices.LAMBDA_REQUEST,
        "api_gateway": prices.API_GATEWAY_REQUEST * (used.answer_bytes is not None),
        "s3": puts * prices.S3_PUT + (services["s3"] - puts) * prices.S3_GET + kept_gb_months * prices.S3_GB_MONTH,
        "dynamodb": sum(
            call.write_units * prices.DYNAMODB_WRITE_UNIT + call.read_units * prices.DYNAMODB_READ_UNIT
            for call in used.calls
        ),
        "sqs": services["sqs"] * prices.SQS_REQUEST,
        "kms": services["kms"] * prices.KMS_ECC_REQUEST,
        "logs": log_bytes(used) / prices.GB * prices.LOGS_GB,
        "xray": prices.XRAY_TRACE * XRAY_SHARE,
        "transfer": (used.answer_bytes or 0) / prices.GB * prices.TRANSFER_GB,
    }


def log_bytes(used: Used) -> int:
    """Weigh what the functions and Lambda itself log."""
    own = sum(len(line) + EVENT_BYTES for line in used.log_lines)
    return own + len(used.runs) * sum(len(line) + EVENT_BYTES for line in PLATFORM_LINES)


def _run_s(run: Run, used: Used, engines_s: float) -> float:
    cpu_s = run.cpu_s / share(used.memory(run))
    if run.function in PICTURES_OF:
        return cpu_s + PICTURES_OF[run.function] * STORE_S["s3"]
    own = [call for call in used.calls if call.function == run.function]
    asks_engines = any(_service(call) == "lambda" for call in own)
    return cpu_s + _stores_s(own) + engines_s * asks_engines


def _engines_s(used: Used) -> float:
    """Tell how long whoever asks the engines waits: faces and MRZs run at the same time, a fallback after its MRZ."""
    alone = [(run.function, _run_s(run, used, 0.0)) for run in used.runs if run.function in PICTURES_OF]
    faces_s, mrz_s, fallback_s = (
        max((seconds for function, seconds in alone if function == name), default=0.0) for name in PICTURES_OF
    )
    return max(faces_s, mrz_s + fallback_s)


def _stores_s(calls: Iterable[Call]) -> float:
    """Tell the waits for the stores, one after another; all pictures are stored at the same time."""
    services = Counter(_service(call) for call in calls)
    puts = any(call.actions[0] == "s3:PutObject" for call in calls)
    return sum(services[name] * STORE_S[name] for name in ("dynamodb", "sqs", "kms")) + STORE_S["s3"] * puts


def _service(call: Call) -> str:
    return call.actions[0].partition(":")[0]


def _spelled(call: Call) -> str:
    action, items = call.actions[0], len(call.actions)
    return f"{action} of {items} items" if set(call.actions) == {action} and items > 1 else action
