from __future__ import annotations

import pytest

from cari_mrz.states import ICAO_CODES, ISO_3166_CODES, STATE_CODES

ADDED_BY_ICAO = (
    "D GBD GBN GBO GBP GBS RKS XXK EUE UNO UNA UNK XBA XIM XCC XCE XCO XEC XPO XES XOM XDC XXA XXB XXC XXX ANT NTZ UTO"
)


@pytest.mark.parametrize("code", ADDED_BY_ICAO.split())
def test_what_icao_adds_to_iso_3166_is_known(code: str) -> None:
    assert code in STATE_CODES


def test_iso_3166_has_249_codes_and_icao_repeats_none() -> None:
    assert len(set(ISO_3166_CODES.split())) == 249
    assert not set(ISO_3166_CODES.split()) & set(ICAO_CODES.split())
