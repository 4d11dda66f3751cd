"""What others ask for the same: list prices, each with where and when it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A service and the list price of a thousand; None where its page does not say it to whoever may only read."""

    name: str
    thousand_usd: float | None
    covers: str
    source: str


OFFERS = (
    Offer(
        "Amazon Rekognition, CompareFaces",
        1.00,
        "the faces alone, one call, first million a month",
        "aws.amazon.com/rekognition/pricing, as known in 2026-11; its worked examples read 2026-10-07 agree",
    ),
    Offer(
        "Amazon Textract, AnalyzeID",
        None,
        "the document's text alone; each picture is a page",
        "aws.amazon.com/textract/pricing draws its prices by script: none could be read, 2026-11-28",
    ),
    Offer(
        "Stripe Identity",
        None,
        "document and selfie, with a hosted page; first 50 free",
        "support.stripe.com/questions/billing-details-for-stripe-identity names no amount, 2026-11-28",
    ),
    Offer(
        "Didit, full KYC",
        330.00,
        "document, liveness, faces, device; 500 a month free",
        "didit.me/products/face-match-1to1, read 2026-11-28",
    ),
    Offer("Didit, Face Match 1:1", 50.00, "the faces alone", "didit.me/products/face-match-1to1, read 2026-11-28"),
)
