"""Tesseract, a process of its own each time: what it makes of a picture within so many seconds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytesseract

if TYPE_CHECKING:
    from numpy.typing import NDArray

THREADS = "1"  # on more, Tesseract collapses when several run at once
WITHOUT_WORDS = "-c load_system_dawg=F -c load_freq_dawg=F"  # names and numbers are in no dictionary


def boxes(picture: NDArray[Any], config: str, timeout_s: float) -> str | None:
    """Give every character and its box, a line each; None when the time is over."""
    read: str | None = _within(timeout_s, pytesseract.image_to_boxes, picture, config)
    return read


def words(picture: NDArray[Any], config: str, timeout_s: float) -> dict[str, list[Any]] | None:
    """Give every word with its box, its line and how sure Tesseract is (0..100), by column; None as above."""
    dictionary = pytesseract.Output.DICT
    read: dict[str, list[Any]] | None = _within(
        timeout_s, pytesseract.image_to_data, picture, config, output_type=dictionary
    )
    return read


def version() -> str:
    """Say which Tesseract this is."""
    return str(pytesseract.get_tesseract_version())


def _within(timeout_s: float, ask: Any, picture: NDArray[Any], config: str, **named: Any) -> Any:
    os.environ["OMP_THREAD_LIMIT"] = THREADS  # where Tesseract looks for it
    try:
        return ask(picture, config=f"{config} {WITHOUT_WORDS}", timeout=timeout_s, **named)
    except pytesseract.TesseractError:
        raise
    except RuntimeError:  # all that pytesseract says of a process it had to end
        return None
