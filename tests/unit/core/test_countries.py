"""Countries by ISO's codes and by ICAO's."""

import pytest

from cari_core.countries import ISO_3166, canonical, is_known, names
from cari_mrz.states import STATE_CODES


@pytest.mark.parametrize("listed", ["D", "DE", "DEU"])
@pytest.mark.parametrize("issuer", ["D", "DEU"])
def test_germany_is_germany_in_whichever_letters(listed, issuer):
    assert names(listed, issuer)


@pytest.mark.parametrize(
    ("listed", "issuer"), [("FR", "FRA"), ("XKX", "RKS"), ("RKS", "XXK"), ("COD", "ZAR"), ("RO", "ROM"), ("UTO", "UTO")]
)
def test_a_country_is_the_same_by_another_code_of_its_own(listed, issuer):
    assert names(listed, issuer)


@pytest.mark.parametrize(
    ("listed", "issuer"), [("DE", "FRA"), ("DNK", "D"), ("AT", "AUS"), ("GBN", "GBR"), ("GBN", "GBD")]
)
def test_another_country_is_another(listed, issuer):
    assert not names(listed, issuer)


@pytest.mark.parametrize("kind", ["GBD", "GBN", "GBO", "GBP", "GBS"])
def test_the_united_kingdom_issues_what_every_kind_of_british_national_holds(kind):
    assert [names(listed, kind) for listed in ("GBR", "GB", kind)] == [True] * 3


@pytest.mark.parametrize("code", ["GER", "XX", "ZZZ", "", "UK", "AAA"])
def test_what_nobody_has_as_a_code_is_not_known(code):
    assert not is_known(code)


def test_every_code_that_the_reader_knows_is_known():
    assert {code for code in STATE_CODES if not is_known(code)} == set()


def test_no_two_codes_of_two_letters_are_one_of_three():
    pairs = [pair.split(":") for pair in ISO_3166.split()]

    assert len({two for two, _ in pairs}) == len({three for _, three in pairs}) == len(pairs) == 249


def test_a_code_that_nobody_knows_stays_as_it_is():
    assert canonical("ZZZ") == "ZZZ"
