"""One question asked of the evidence, its answer, and the number it hangs on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from cari_decision.evidence import Side

Result = Literal["passed", "failed", "warning", "not_performed"]
Group = Literal[
    "faces", "presentation", "pictures", "document", "mrz", "barcode", "consistency", "duplicates", "policy"
]


@dataclass(frozen=True)
class Check:
    """A leaf of the verdict.

    `error_rate` is how often the check errs where it is decided at just its threshold, where that is known: what rate
    it is, `evidence` says beside what else the answer rests on. `reason` is what speaks against approval.
    """

    name: str
    group: Group
    result: Result
    side: Side | None = None
    score: float | None = None
    threshold: float | None = None
    error_rate: float | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
