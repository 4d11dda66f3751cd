"""What lets a page of any origin call the API: keys are sent by hand, never by cookie, so no origin is more trusted.

A browser's question before a call (OPTIONS) is answered by API Gateway itself: see `Cors` in template.yaml.
"""

from __future__ import annotations

EXPOSED_HEADERS = (
    "X-Request-Id",
    "Location",
    "ETag",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Server-Timing",
    "Idempotent-Replayed",
)
ON_EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED_HEADERS),
    "Timing-Allow-Origin": "*",  # without it a page sees no Server-Timing of another origin
}
