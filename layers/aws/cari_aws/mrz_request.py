"""The request to an MRZ function: a picture, by value or by an address, the seconds it has, what else to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cari_aws.engine_requests import Refusal, flag, picture_of
from cari_core.engine_api import MRZ_TIME_BUDGET_S


@dataclass(frozen=True)
class MrzRequest:
    """One request: the picture's bytes, its file name, how many seconds reading may take, what else to read."""

    picture: bytes
    filename: str | None
    time_budget_s: float
    barcode: bool = False
    printed_text: bool = False

    @classmethod
    def of(cls, event: dict[str, Any]) -> MrzRequest:
        """Check an event and fetch its picture. Raises Refusal for one that cannot be served.

        An event is {"Image": {"Bytes": base64} or {"Url": signed address}, "Filename"?: text,
        "TimeBudget"?: seconds, "Barcode"?: true or false, "PrintedText"?: true or false}.
        """
        budget = event.get("TimeBudget", MRZ_TIME_BUDGET_S)
        if not isinstance(budget, int | float) or not 0 < budget <= MRZ_TIME_BUDGET_S:
            raise Refusal(f"TimeBudget is a number of seconds, more than 0 and at most {MRZ_TIME_BUDGET_S:g}.")
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
