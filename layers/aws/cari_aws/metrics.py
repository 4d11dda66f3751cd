"""Metrics beside what a log line says anyway, in CloudWatch's Embedded Metric Format.

Powertools' own Metrics would cost no import, since its package brings it with the logger. It writes lines of its own,
without the request's id, and one set of dimensions a line. What a dimension says is bounded, and never a tenant: each
combination of values is a metric that is paid for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cari_core.settings import MetricsSettings, settings

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Metrics:
    """Values by name, told apart by dimensions."""

    values: Mapping[str, float]
    by: Mapping[str, str] = field(default_factory=dict)
    unit: Literal["Count", "Milliseconds", "None"] = "Count"


def fields(*told: Metrics) -> dict[str, Any]:
    """Write metrics as what is `extra` to a log line. No two of them have a name in common."""
    namespace = settings(MetricsSettings).metrics_namespace
    directives = [
        {
            "Namespace": namespace,
            "Dimensions": [list(each.by)],
            "Metrics": [{"Name": name, "Unit": each.unit} for name in each.values],
        }
        for each in told
    ]
    named = {name: value for each in told for name, value in [*each.by.items(), *each.values.items()]}
    return {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": directives}, **named}
