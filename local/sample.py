"""The first thing a newcomer sees: a specimen passport and a selfie, verified over HTTP like anyone's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests

from local import annotate, specimen

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT_S = 60  # the first call starts every function


def verify(url: str, key: str, folder: Path) -> tuple[dict[str, Any], Path]:
    """Render the sample into `folder`, post it, and draw the answer; return the answer and the drawing's path."""
    passport, selfie = render(folder)
    with passport.open("rb") as front, selfie.open("rb") as portrait:
        answer = requests.post(
            f"{url}/identity/verify",
            headers={"Authorization": key},
            data={"type": "passport"},
            files={"front": front, "selfie": portrait},
            timeout=TIMEOUT_S,
        )
    answer.raise_for_status()
    verification: dict[str, Any] = answer.json()
    drawing = folder / "annotated.png"
    annotate.annotate(verification, front=passport, selfie=selfie).save(drawing)
    return verification, drawing


def render(folder: Path) -> tuple[Path, Path]:
    """Write the specimen passport and the selfie of its fictional holder as JPEG files."""
    folder.mkdir(parents=True, exist_ok=True)
    passport, selfie = folder / "passport.jpg", folder / "selfie.jpg"
    today = datetime.now(UTC).date()
    specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), today).save(passport, quality=90)
    specimen.sample_selfie().save(selfie, quality=90)
    return passport, selfie
