"""What others ask for the same: list prices, each with where and when it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A service and the list price of a thousand in US dollars."""

    name: str
    thousand_usd: float
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
        25.00,
        "the document's text alone; each picture is a page, first 100,000 a month",
        "aws.amazon.com/textract/pricing, as known in 2026-11; the page could not be read",
    ),
    Offer(
        "Stripe Identity",
        1500.00,
        "document and selfie, with a hosted page; first 50 free",
        "stripe.com/identity, as known in 2026-11; the page could not be read",
    ),
    Offer(
        "Didit, full KYC",
        330.00,
        "document, liveness, faces, device; 500 a month free",
        "didit.me/products/face-match-1to1, read 2026-11-28",
    ),
    Offer("Didit, Face Match 1:1", 50.00, "the faces alone", "didit.me/products/face-match-1to1, read 2026-11-28"),
)
