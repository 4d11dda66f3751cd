"""Which engine read: the package's own, and beside it whichever other rung of the ladder had a part in the answer."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from cari_mrz import engine
from functions.mrz import tesseract
from functions.mrz.rungs import passporteye_rung, tesseract_rung

if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS: dict[str, Callable[[], str]] = {
    tesseract_rung.METHOD: tesseract.version,
    passporteye_rung.METHOD: lambda: version("passporteye"),
}


@cache
def identity_of(method: str | None) -> dict[str, Any]:
    """Name the engine of an answer by its method, such as `cari+tesseract`: asking Tesseract takes 20 ms, once."""
    rungs = {name: told() for name, told in VERSIONS.items() if name in (method or "").split("+")}
    return engine.identity() | ({"rungs": rungs} if rungs else {})
