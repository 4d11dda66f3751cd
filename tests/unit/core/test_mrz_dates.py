from __future__ import annotations

from datetime import date, timedelta

import pytest

from cari_core.mrz_dates import PartialDate, birth_date, expiry_date, is_possible

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("yymmdd", "completed"),
    [
        ("740812", PartialDate(1974, 8, 12)),
        ("261122", PartialDate(2026, 11, 22)),
        ("261123", PartialDate(1926, 11, 23)),
        ("000229", PartialDate(2000, 2, 29)),
        ("65<<<<", PartialDate(1965, None, None)),
        ("6507<<", PartialDate(1965, 7, None)),
        ("650000", PartialDate(1965, None, None)),
        ("<<0229", PartialDate(None, 2, 29)),
        ("<<<<<<", PartialDate(None, None, None)),
    ],
)
def test_a_birth_is_never_in_the_future(yymmdd: str, completed: PartialDate) -> None:
    assert birth_date(yymmdd, today=TODAY) == completed


@pytest.mark.parametrize(
    ("yymmdd", "completed"),
    [
        ("270101", PartialDate(2027, 1, 1)),
        ("120415", PartialDate(2012, 4, 15)),
        ("761231", PartialDate(2076, 12, 31)),
        ("770101", PartialDate(1977, 1, 1)),
        ("960108", PartialDate(1996, 1, 8)),
    ],
)
def test_an_expiry_is_in_the_century_nearest_to_today(yymmdd: str, completed: PartialDate) -> None:
    assert expiry_date(yymmdd, today=TODAY) == completed


def test_a_date_is_possible_when_some_century_has_it() -> None:
    every = {f"{yy:02}{month:02}{day:02}" for yy in range(100) for month in range(14) for day in range(33)}
    century = timedelta(days=36525)
    existing = {f"{date(1950, 1, 1) + timedelta(days=n):%y%m%d}" for n in range(century.days)}

    assert {yymmdd for yymmdd in every if is_possible(yymmdd)} == existing


@pytest.mark.parametrize("yymmdd", ["", "<", "7408", "74081", "7408122", "7<0812", "74<812", "740<12", "7408٣٣"])
def test_what_is_no_date_is_not_possible(yymmdd: str) -> None:
    assert not is_possible(yymmdd)


@pytest.mark.parametrize("yymmdd", ["", "7408", "741301", "740431", "7 0812", "74O812", "990229", "٧٤٠٨١٢"])
def test_what_no_calendar_has_raises_value_error(yymmdd: str) -> None:
    with pytest.raises(ValueError, match="date"):
        birth_date(yymmdd, today=TODAY)


@pytest.mark.parametrize(
    ("partial", "earliest", "latest"),
    [
        (PartialDate(2031, 4, 15), date(2031, 4, 15), date(2031, 4, 15)),
        (PartialDate(2031, 4, None), date(2031, 4, 1), date(2031, 4, 30)),
        (PartialDate(2024, 2, None), date(2024, 2, 1), date(2024, 2, 29)),
        (PartialDate(2023, 2, None), date(2023, 2, 1), date(2023, 2, 28)),
        (PartialDate(2031, None, None), date(2031, 1, 1), date(2031, 12, 31)),
        (PartialDate(2031, None, 30), date(2031, 1, 30), date(2031, 12, 30)),
        (PartialDate(None, 4, 15), None, None),
    ],
)
def test_a_date_of_which_parts_are_unknown_lies_between_two_days(
    partial: PartialDate, earliest: date | None, latest: date | None
) -> None:
    assert (partial.earliest, partial.latest) == (earliest, latest)


def test_only_a_date_of_which_every_part_is_known_is_exact() -> None:
    assert PartialDate(2031, 4, 15).exact == date(2031, 4, 15)
    assert [PartialDate(2031, 4, None).exact, PartialDate(2031, None, 15).exact, PartialDate(None, 4, 15).exact] == [
        None
    ] * 3


def test_the_reader_and_the_rules_read_the_same_dates() -> None:
    import cari_mrz  # noqa: PLC0415  # the MRZ layer is not this layer's, but its dates are

    assert (cari_mrz.birth_date, cari_mrz.expiry_date) == (birth_date, expiry_date)
