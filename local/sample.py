"""The first thing a newcomer sees: a specimen passport and a selfie, verified over HTTP like anyone's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests

from specimens import specimen

if TYPE_CHECKING:
    from pathlib import Path

SIDES = ("front", "selfie")
TIMEOUT_S = 60  # the first call starts every function


def verify(url: str, key: str, folder: Path) -> tuple[dict[str, Any], list[Path]]:
    """Render the sample into `folder` and post it; return the answer, and where it lies drawn on the pictures."""
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
    place = f"{url}/identity/verify/{verification['id']}/annotated"
    return verification, [_drawing(f"{place}/{side}", key, folder / f"{side}-annotated.jpg") for side in SIDES]


def render(folder: Path) -> tuple[Path, Path]:
    """Write the specimen passport and the selfie of its fictional holder as JPEG files."""
    folder.mkdir(parents=True, exist_ok=True)
    passport, selfie = folder / "passport.jpg", folder / "selfie.jpg"
    today = datetime.now(UTC).date()
    specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), today).save(passport, quality=90)
    specimen.sample_selfie().save(selfie, quality=90)
    return passport, selfie


def _drawing(url: str, key: str, path: Path) -> Path:
    answer = requests.get(url, headers={"Authorization": key, "Accept": "image/jpeg"}, timeout=TIMEOUT_S)
    answer.raise_for_status()
    path.write_bytes(answer.content)
    return path
