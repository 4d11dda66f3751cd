"""What a verification came to, logged and measured: its decision by mode, each stage's time, its estimated cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cari_aws import metrics
from cari_aws.metrics import Metrics
from cari_aws.observability import logger

if TYPE_CHECKING:
    from cari_core.stopwatch import Timings
    from cari_verification.contract import Verification

STAGES = {  # of the stopwatch → the metric
    "store_pictures": "StorePicturesMs",
    "faces": "FacesMs",
    "mrz": "MrzMs",
    "decide": "DecideMs",
    "save": "SaveMs",
}
ENGINES = frozenset({"faces", "mrz"})


def log_verified(verification: Verification, mode: str, timings: Timings) -> None:
    """Log that a verification was made or ended. One that is under way says only so, and whether it was too slow."""
    told = [Metrics({"Verifications": 1}, by={"mode": mode, "decision": verification.status})]
    if verification.status != "processing":
        times = {metric: timings.wall_ms(stage) for stage, metric in STAGES.items() if stage in timings.stages}
        told.append(Metrics({**times, "TotalMs": timings.total_ms}, unit="Milliseconds"))
    elif ENGINES & timings.stages.keys():  # who would not wait has asked none
        told.append(Metrics({"HandedOver": 1}))
    if verification.receipt and verification.receipt.usd:
        told.append(Metrics({"EstimatedDollars": verification.receipt.usd.total}, unit="None"))
    logger.info("verified", extra={"verification": verification.id, **metrics.fields(*told)})
