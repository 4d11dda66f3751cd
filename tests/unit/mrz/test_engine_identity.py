import pytesseract
import pytest

from cari_mrz import engine
from functions.mrz_fallback.engine_identity import identity_of


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Some Tesseract, asked anew by each test."""
    monkeypatch.setattr(pytesseract, "get_tesseract_version", lambda: "5.3.0")
    identity_of.cache_clear()
    yield
    identity_of.cache_clear()


@pytest.mark.parametrize("method", ["cari", "cari:looked_again", None])
def test_what_the_package_read_alone_names_the_package_alone(method):
    assert identity_of(method) == engine.identity()


def test_a_fallback_engine_that_had_a_part_is_named_with_its_version():
    assert identity_of("cari+tesseract")["rungs"] == {"tesseract": "5.3.0"}
    assert identity_of("passporteye")["rungs"] == {"passporteye": "2.2.2"}
