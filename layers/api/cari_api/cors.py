"""What lets a page of any origin call the API: keys are sent by hand, never by cookie, so no origin is more trusted."""

from __future__ import annotations

SENT = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Prefer")
READ = (
    "X-Request-Id",
    "Location",
    "ETag",
    "Allow",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Server-Timing",
    "Idempotent-Replayed",
)
PREFLIGHT_S = 7200  # the longest that any browser keeps a preflight's answer (Chromium)

ON_EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(READ),
    "Timing-Allow-Origin": "*",  # without it a page sees no Server-Timing of another origin
}


def preflight(methods: list[str]) -> dict[str, str]:
    """Answer a browser that asks what it may send to a path that has these methods."""
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": ", ".join(SENT),
        "Access-Control-Max-Age": str(PREFLIGHT_S),
        "Allow": ", ".join(methods),
    }
