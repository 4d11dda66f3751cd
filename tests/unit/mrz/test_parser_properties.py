"""What holds for every MRZ, not only for the printed examples."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from cari_mrz import compose, named_as_passporteye, parse
from cari_mrz.check_digits import ALPHABET, VALUES, WEIGHTS
from cari_mrz.layouts import LAYOUTS

if TYPE_CHECKING:
    from cari_mrz.layouts import Layout

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIELDS = st.fixed_dictionaries(
    {
        "country": st.text(LETTERS, min_size=1, max_size=3),
        "nationality": st.text(LETTERS, min_size=1, max_size=3),
        "surname": st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=2),
        "names": st.lists(st.text(LETTERS, min_size=1, max_size=5), max_size=2),
        "number": st.text(LETTERS + "0123456789", min_size=1, max_size=9),
        "date_of_birth": st.dates(date(1930, 1, 1), date(2026, 1, 1)).map(lambda day: f"{day:%y%m%d}"),
        "expiration_date": st.dates(date(2000, 1, 1), date(2040, 1, 1)).map(lambda day: f"{day:%y%m%d}"),
        "sex": st.sampled_from("MFX<"),
        "optional": st.text(LETTERS + "0123456789", max_size=7),
    }
)
LAYOUT = st.sampled_from([layout for layout in LAYOUTS if layout.format != "IDFRA"])


@given(LAYOUT, FIELDS)
def test_a_generated_mrz_is_valid_and_gives_back_what_went_in(layout: Layout, fields: dict) -> None:
    lines = print_lines(layout, fields)

    mrz = parse(lines)

    assert mrz.valid
    assert named_as_passporteye(mrz)["valid_score"] == 100
    assert mrz.format == layout.format
    assert (mrz.country, mrz.nationality, mrz.number) == (
        fields["country"],
        fields["nationality"],
        fields["number"],
    )
    assert (mrz.surname, mrz.names) == (" ".join(fields["surname"]), " ".join(fields["names"]))
    assert (mrz.date_of_birth, mrz.expiration_date) == (fields["date_of_birth"], fields["expiration_date"])
    assert (mrz.personal_number if layout.format == "TD3" else mrz.optional1) == fields["optional"]


@given(LAYOUT, FIELDS, st.data())
def test_any_one_substitution_that_the_weights_can_see_is_caught(
    layout: Layout, fields: dict, data: st.DataObject
) -> None:
    lines = print_lines(layout, fields)
    rule = data.draw(st.sampled_from(layout.checks))
    positions = [(span.line, column) for span in rule.covers for column in range(span.start, span.end)]
    index = data.draw(st.integers(0, len(positions) - 1))
    line, column = positions[index]
    wrong = data.draw(st.sampled_from(ALPHABET))
    step = (VALUES[wrong] - VALUES[lines[line][column]]) * WEIGHTS[index % 3]
    assume(step % 10 != 0)

    lines[line] = lines[line][:column] + wrong + lines[line][column + 1 :]

    assert not parse(lines).valid


@given(st.lists(st.text(max_size=50), max_size=4))
def test_value_error_is_all_that_parse_raises(lines: list[str]) -> None:
    try:
        parse(lines)
    except ValueError:
        return


@given(
    st.sampled_from(LAYOUTS).flatmap(
        lambda layout: st.lists(
            st.text(ALPHABET, min_size=layout.width, max_size=layout.width),
            min_size=layout.height,
            max_size=layout.height,
        )
    )
)
def test_any_lines_of_an_mrz_shape_parse_to_a_score(lines: list[str]) -> None:
    mrz = parse(lines)

    assert 0 <= named_as_passporteye(mrz)["valid_score"] <= 100


def print_lines(layout: Layout, fields: dict) -> list[str]:
    optional = "personal_number" if layout.format == "TD3" else "optional1"
    name = "<".join(fields["surname"]) + "<<" + "<".join(fields["names"])
    return list(compose(layout.format, fields | {"type": layout.codes[0], "name": name, optional: fields["optional"]}))
