"""How long a search takes, and how much it reads, apart from the way to DynamoDB and back."""

from __future__ import annotations

import base64
import io
import json
import platform
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from cari_core import ids
from cari_verification.aws import face_index
from cari_verification.face_embedding import dot, packed, unpacked

NOTES, DIMENSIONS, REPEATS = face_index.MAX_COMPARED, 128, 11
READ_UNIT_BYTES = 4_096  # of a consistent read


@dataclass(frozen=True)
class Speed:
    """Medians in milliseconds, and what DynamoDB counts."""

    compare_ms: float
    decode_ms: float
    item_bytes: int
    processor: str
    python: str

    @property
    def page_bytes(self) -> int:
        """All notes together; a page holds up to 1 MiB."""
        return NOTES * self.item_bytes

    @property
    def read_units(self) -> int:
        """As many as DynamoDB bills for them."""
        return -(-self.page_bytes // READ_UNIT_BYTES)


def time_search() -> Speed:
    """Time its parts on made-up vectors: nothing here hangs on whose they are."""
    drawn = random.Random(7)  # noqa: S311  # made up
    vectors = [tuple(drawn.gauss(0, 0.09) for _ in range(DIMENSIONS)) for _ in range(NOTES)]
    notes = [packed(vector) for vector in vectors]
    item = _item(notes[0])
    return Speed(
        compare_ms=_median([_ms(lambda: [dot(vectors[0], unpacked(note)) for note in notes]) for _ in range(REPEATS)]),
        decode_ms=_time_decoding(notes),
        item_bytes=sum(len(name) + _bytes_of(value) for name, value in item.items()),
        processor=_processor(),
        python=platform.python_version(),
    )


def _item(vector: bytes) -> dict[str, Any]:
    """Make a note as the table keeps it, in the wire's types."""
    return {
        "owner": {"S": f"{'a' * 24}#live"},
        "id": {"S": f"{face_index.PREFIX}{ids.new_id()}"},
        "expires_at": {"N": "1780000000"},
        "model": {"S": "dlib-resnet-v1-0123456789abcdef"},
        "vector": {"B": base64.b64encode(vector).decode()},
        "reference": {"B": base64.b64encode(vector[: face_index.REFERENCE_BYTES]).decode()},
    }


def _bytes_of(value: dict[str, str]) -> int:
    (kind, said) = next(iter(value.items()))
    return len(base64.b64decode(said)) if kind == "B" else len(said) // 2 + 2 if kind == "N" else len(said)


def _time_decoding(notes: list[bytes]) -> float:
    """Time what boto3 makes of a page's JSON: a client that is answered from here."""
    body = json.dumps({"Items": [_item(note) for note in notes], "Count": len(notes)}).encode()
    table = boto3.resource(
        "dynamodb",
        region_name="eu-west-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",  # there is nobody to ask
        config=Config(retries={"total_max_attempts": 1}),
    ).Table("notes")
    table.meta.client.meta.events.register("before-send.dynamodb.Query", lambda **_: _answer(body))
    return _median([_ms(lambda: table.query(KeyConditionExpression="any")) for _ in range(REPEATS)])


def _answer(body: bytes) -> AWSResponse:
    return AWSResponse("https://dynamodb", 200, {"Content-Type": "application/x-amz-json-1.0"}, _Raw(body))


class _Raw(io.BytesIO):
    """So much of urllib3's response as botocore reads."""

    def stream(self, *_: object, **__: object) -> Any:
        yield self.read()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _ms(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
