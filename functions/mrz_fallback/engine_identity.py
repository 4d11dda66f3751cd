"""Which engines read: the package's own, and each fallback engine that had a part in the answer."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from cari_mrz import engine
from functions.mrz_fallback import passporteye_engine, tesseract, tesseract_engine

if TYPE_CHECKING:
    from collections.abc import Callable

VERSIONS: dict[str, Callable[[], str]] = {
    tesseract_engine.METHOD: tesseract.version,
    passporteye_engine.METHOD: lambda: version("passporteye"),
}


@cache
def identity_of(method: str | None) -> dict[str, Any]:
    """Name the engines of an answer by its method, such as `cari+tesseract`: {"name", "version", …, "rungs"}.

    `rungs`, where there are any, gives each fallback engine's version by its name. Asking Tesseract takes 20 ms, once.
    """
    versions = {name: version_of() for name, version_of in VERSIONS.items() if name in (method or "").split("+")}
    return engine.identity() | ({"rungs": versions} if versions else {})
