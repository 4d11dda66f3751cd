"""What a caller asks for: a picture, by value or by its place in S3, in how many seconds, what beside its MRZ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cari_aws.engine_requests import Refusal, flag, picture_of
from cari_mrz import TIME_BUDGET_S


@dataclass(frozen=True)
class MrzRequest:
    """One request: the picture's bytes, what it was called, how long reading it may take, what to read."""

    picture: bytes
    filename: str | None
    time_budget_s: float
    barcode: bool = False
    printed_text: bool = False

    @classmethod
    def of(cls, event: dict[str, Any]) -> MrzRequest:
        """Check an event and fetch its picture. Raises Refusal for one that cannot be served."""
        budget = event.get("TimeBudget", TIME_BUDGET_S)
        if not isinstance(budget, int | float) or not 0 < budget <= TIME_BUDGET_S:
            raise Refusal(f"TimeBudget is a number of seconds, more than 0 and at most {TIME_BUDGET_S:g}.")
        filename = event.get("Filename")
        if not isinstance(filename, str | None):
            raise Refusal("Filename is a string.")
        return cls(
            picture_of(event, "Image"),
            filename,
            float(budget),
            barcode=flag(event, "Barcode"),
            printed_text=flag(event, "PrintedText"),
        )
