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


def test_a_number_too_long_for_its_field_goes_on_in_the_optional_data() -> None:
    fields = {"type": "I", "country": "UTO", "number": "D23145890734", "optional1": "AB"}

    lines = compose("TD1", fields)

    assert lines[0] == "I<UTOD23145890<7349<AB<<<<<<<<"


@pytest.mark.parametrize(("format_name", "number"), [("TD3", "A" * 10), ("MRVA", "A" * 10), ("TD2", "A" * 16)])
def test_a_number_that_there_is_no_room_for_raises_value_error(format_name: str, number: str) -> None:
    with pytest.raises(ValueError, match="room"):
        compose(format_name, {"number": number})


def test_a_character_that_no_mrz_has_raises_value_error() -> None:
    with pytest.raises(ValueError, match="capital"):
        compose("TD3", {"name": "Eriksson"})


def test_a_swiss_licence_has_lines_of_two_widths() -> None:
    lines = compose(
        "SWISS_DRIVING_LICENCE",
        {
            "number": "AAA001D",
            "type": "FA",
            "country": "CHE",
            "personal_number": "305142128",
            "version": "097",
            "date_of_birth": "800126",
            "name": name_field("Marchand", "Fabienne"),
        },
    )

    assert lines == ("AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<")


def test_a_format_that_does_not_exist_raises_value_error() -> None:
    with pytest.raises(ValueError, match="format"):
        compose("TD4", {})
