"""Run Tesseract on a picture, each time as a process of its own that has so many seconds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytesseract

if TYPE_CHECKING:
    from numpy.typing import NDArray

THREAD_LIMIT = "1"  # with more, several Tesseracts at once take minutes
NO_DICTIONARY_CONFIG = "-c load_system_dawg=F -c load_freq_dawg=F"  # names and numbers are in no dictionary


def boxes(picture: NDArray[Any], config: str, timeout_s: float) -> str | None:
    """Give every character and its box, a line each; None when the time is over."""
    read: str | None = _within(timeout_s, pytesseract.image_to_boxes, picture, config)
    return read


def words(picture: NDArray[Any], config: str, timeout_s: float) -> dict[str, list[Any]] | None:
    """Give every word, its box, its line and its confidence (0..100), as a list for each of Tesseract's column names.

    None when the time is over.
    """
    dictionary = pytesseract.Output.DICT
    read: dict[str, list[Any]] | None = _within(
        timeout_s, pytesseract.image_to_data, picture, config, output_type=dictionary
    )
    return read


def version() -> str:
    """Say which Tesseract this is."""
    return str(pytesseract.get_tesseract_version())


def _within(timeout_s: float, ask: Any, picture: NDArray[Any], config: str, **named: Any) -> Any:
    os.environ["OMP_THREAD_LIMIT"] = THREAD_LIMIT  # where Tesseract looks for it
    try:
        return ask(picture, config=f"{config} {NO_DICTIONARY_CONFIG}", timeout=timeout_s, **named)
    except pytesseract.TesseractError:
        raise
    except RuntimeError:  # all that pytesseract says of a process it had to end
        return None
