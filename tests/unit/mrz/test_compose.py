from __future__ import annotations

import pytest

from cari_mrz import compose, name_field, parse


def test_a_composed_passport_is_the_icao_specimen() -> None:
    lines = compose(
        "TD3",
        {
            "type": "P",
            "country": "UTO",
            "name": name_field("Eriksson", "Anna Maria"),
            "number": "L898902C3",
            "nationality": "UTO",
            "date_of_birth": "740812",
            "sex": "F",
            "expiration_date": "120415",
            "personal_number": "ZE184226B",
        },
    )

    assert lines == (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )


def test_names_are_printed_without_apostrophes_and_with_fillers_for_hyphens() -> None:
    assert name_field("O'Connor", "Anne-Marie Jo") == "OCONNOR<<ANNE<MARIE<JO"


def test_a_name_too_long_is_cut_and_parsed_as_truncated() -> None:
    lines = compose("TD2", {"type": "I", "name": name_field("Papandropoulous", "Jonathoon Alec Theodoros")})

    assert parse(lines).names_truncated


def test_a_format_that_does_not_exist_raises_value_error() -> None:
    with pytest.raises(ValueError, match="format"):
        compose("TD4", {})
