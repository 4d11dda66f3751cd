"""What was measured of the search for faces seen before, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.face.duplicates_speed import NOTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator

    from tests.benchmarks.face.duplicates import Measured, Share
    from tests.benchmarks.face.duplicates_speed import Speed


def markdown(measured: Sequence[Measured], speed: Speed, random: Generator, *, pictures: int, people: int) -> str:
    """Write the report."""
    return "\n".join((*_head(pictures, people), *_table(measured, random), *_after(measured), *_speed(speed), ""))


def _head(pictures: int, people: int) -> Iterator[str]:
    yield f"""# Faces seen before

`CARI_EVAL_DATA=… python -m tests.benchmarks.face.duplicates` writes this.

{pictures:,} pictures of {people:,} people (Labeled Faces in the Wild, view 2, folds 0-2; not part of the project). So
many people are enrolled with one picture each, as a tenant's notes keep it: turned by a secret, in half precision. Then
everybody is looked for: whoever was enrolled and has another picture, by that one; everybody else for the first time.
A match is where FMR × compared is at most the stated error rate, as in `duplicates.face_error_rate`. In the terms of
ISO/IEC 19795-1:

- **FPIR**, false positive identification rate: how many who were never enrolled are taken for somebody who was. It is
  to be held against the stated rate.
- **TPIR**, true positive identification rate: how many who were enrolled are told by their own note.

200 galleries are drawn for each line. The intervals (95 %) are of people drawn anew from those who were looked for. The
galleries overlap, those of 1,000 above all, so the intervals say nothing of another thousand people.

| calibration | enrolled | compared | stated | FPIR | of people | TPIR | of people |
|---|---|---|---|---|---|---|---|"""


def _table(measured: Sequence[Measured], random: Generator) -> Iterator[str]:
    for each in measured:
        cells = (
            each.calibration,
            f"{each.enrolled:,}",
            f"{each.compared:,}",
            _percent(each.error_rate),
            *_cells(each.fpir, random),
            *_cells(each.tpir, random),
        )
        yield f"| {' | '.join(cells)} |"


def _cells(share: Share, random: Generator) -> tuple[str, str]:
    low, high = share.interval(random)
    return f"{_percent(share.rate)} ({_percent(low)} to {_percent(high)})", f"{(share.trials > 0).sum():,}"


def _after(measured: Sequence[Measured]) -> Iterator[str]:
    above = [each for each in measured if each.fpir.rate > each.error_rate]
    yield f"""
`shipped` is the calibration that the bundled model comes with. It was made with these very people, so that FPIR keeps
to it is no surprise. `of the other half`: people are parted at random, each half is judged by the calibration of the
other's pictures, and both are counted together. That one goes down less far, so fewer may be compared.

{len(above)} of {len(measured)} lines are above their stated rate. These are grey press photographs of adults, mostly of
men: other people, siblings and twins above all, and other cameras err otherwise. The more are compared, the likelier a
match has to be, and the more pass unseen: whoever was not found may have been here all the same."""


def _speed(speed: Speed) -> Iterator[str]:
    yield f"""
## Time

Medians in milliseconds, one thread of {speed.processor}, Python {speed.python}:

| what | ms |
|---|---|
| compare it with {NOTES:,} notes | {speed.compare_ms:.1f} |
| decode {NOTES:,} notes from what DynamoDB answers (boto3) | {speed.decode_ms:.1f} |

The way to DynamoDB and back comes on top and was not measured. A note is about {speed.item_bytes} bytes, so {NOTES:,}
are {speed.page_bytes / 1e6:.2f} MB: one page, {speed.read_units} consistent read units. By the default error rate the
newest 1,000 are read: half of all that."""


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.1f} %"  # two digits say enough
