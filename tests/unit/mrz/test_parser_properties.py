"""What holds for every MRZ, not only for the printed examples."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from cari_mrz import FILLER, NumberCheck, compose, layout_of, name_field, parse, valid_score
from cari_mrz.check_digits import ALPHABET, VALUES
from cari_mrz.checks import recompute_checks
from cari_mrz.layouts import FRENCH_ID, FRENCH_LICENCE, LAYOUTS, SWISS_LICENCE
from cari_mrz.states import STATE_CODES

if TYPE_CHECKING:
    from cari_mrz.layouts import Layout

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]

DATES = st.dates(date(1930, 1, 1), date(2040, 1, 1)).map(lambda day: f"{day:%y%m%d}")
PARTIAL_DATES = st.builds(lambda day, known: day[:known].ljust(6, FILLER), DATES, st.sampled_from([0, 2, 4, 6]))
STATES = st.sampled_from(sorted(STATE_CODES)) | st.text(LETTERS, min_size=1, max_size=3)
ISSUERS = {FRENCH_ID: "FRA", FRENCH_LICENCE: "FRA", SWISS_LICENCE: "CHE"}
SWISS_NUMBERS = st.from_regex(r"[A-Z0-9]{3}[0-9]{3}[DFIR]", fullmatch=True, alphabet=LETTERS + DIGITS)


def words(longest: int) -> st.SearchStrategy[str]:
    return st.lists(st.text(LETTERS, min_size=1, max_size=longest), max_size=2).map(" ".join)


def letters_and_digits(shortest: int, longest: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS + DIGITS, min_size=shortest, max_size=longest)


@st.composite
def holders(draw: st.DrawFn, layout: Layout) -> dict[str, str]:
    """Draw, for every field of a layout, what fits there without being cut."""
    widths = {name: span.end - span.start for name, span in layout.fields.items()}
    room = widths["optional1"] - 1 if layout.number_overflow else 0  # the check digit goes there too
    drawn = {
        "type": draw(st.sampled_from(sorted(code.rstrip(FILLER) for code in layout.codes))),
        "country": ISSUERS.get(layout) or draw(STATES),
        "number": draw(letters_and_digits(1, widths["number"] + room)),
        "nationality": draw(STATES),
        "surname": draw(words(6).filter(bool)),
        "names": draw(words(5)),
        "date_of_birth": draw(PARTIAL_DATES),
        "expiration_date": draw(DATES),
        "sex": draw(st.sampled_from("MFX<")),
    }
    taken = max(len(drawn["number"]) - widths["number"], 0)
    left = {name: width - (taken + 2 if taken and name == "optional1" else 0) for name, width in widths.items()}
    drawn |= {
        name: draw(letters_and_digits(0, max(left[name], 0)))
        for name in ("personal_number", "optional1", "optional2")
        if name in widths
    }
    if layout is FRENCH_LICENCE:
        drawn["surname"] = drawn["surname"][:8].strip()
    if layout is SWISS_LICENCE:
        drawn |= {"number": draw(SWISS_NUMBERS), "personal_number": draw(st.text(DIGITS, min_size=9, max_size=9))}
        drawn |= {"version": draw(st.text(DIGITS, min_size=3, max_size=3)), "language": drawn["number"][6]}
    single = {"name", "surname", "names"}
    return {name: value for name, value in drawn.items() if name in widths or name in single}


def print_lines(layout: Layout, holder: dict[str, str]) -> list[str]:
    printed = holder | {name: holder[name].replace(" ", FILLER) for name in ("surname", "names")}
    return list(compose(layout.format, printed | {"name": name_field(holder["surname"], holder["names"])}))


LAYOUT_AND_HOLDER = st.sampled_from(LAYOUTS).flatmap(lambda layout: st.tuples(st.just(layout), holders(layout)))


@given(LAYOUT_AND_HOLDER)
def test_a_generated_mrz_is_valid_and_gives_back_what_went_in(drawn: tuple[Layout, dict[str, str]]) -> None:
    layout, holder = drawn
    if layout is FRENCH_LICENCE:
        holder |= {"names": ""}

    mrz = parse(print_lines(layout, holder))

    assert (mrz.format, mrz.valid) == (layout.format, True)
    assert valid_score(mrz) == 100
    assert {name: getattr(mrz, name) or "" for name in holder} == holder


@given(LAYOUT_AND_HOLDER.filter(lambda drawn: drawn[0].has_checks), st.data())
def test_a_substitution_is_seen_unless_the_values_differ_by_ten_twenty_or_thirty(
    drawn: tuple[Layout, dict[str, str]], data: st.DataObject
) -> None:
    """The weights 7, 3 and 1 have no factor in common with 10, so every weight sees the same differences."""
    layout, holder = drawn
    lines = print_lines(layout, holder)
    i, j = data.draw(st.sampled_from(sorted(layout.checked_cells)))
    for wrong in ALPHABET.replace(lines[i][j], ""):
        misread = substituted(lines, i, j, wrong)

        is_seen = layout_of(misread) is not layout or not parse(misread).valid

        assert is_seen or (VALUES[wrong] - VALUES[lines[i][j]]) % 10 == 0


@given(LAYOUT_AND_HOLDER.filter(lambda drawn: drawn[0].has_checks), st.data())
def test_no_check_digit_sees_a_substitution_by_ten_twenty_or_thirty(
    drawn: tuple[Layout, dict[str, str]], data: st.DataObject
) -> None:
    layout, holder = drawn
    lines = print_lines(layout, holder)
    assume(parse(lines).number_check is NumberCheck.SHORT)  # a filler would end a long number earlier
    digits = {(rule.at.line, rule.at.start) for rule in layout.checks}
    i, j = data.draw(st.sampled_from(sorted(layout.checked_cells - digits)))
    alike = [character for character in ALPHABET if (VALUES[character] - VALUES[lines[i][j]]) % 10 == 0]
    wrong = data.draw(st.sampled_from(alike))

    misread = substituted(lines, i, j, wrong)

    assert recompute_checks(misread, layout) == recompute_checks(lines, layout)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.sampled_from(TD3)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.lists(inner, max_size=3).map(iter)
    ),
    max_leaves=8,
)


@given(ANYTHING | st.lists(st.text(max_size=50), max_size=4))
def test_value_error_is_all_that_parse_raises(anything: Any) -> None:
    try:
        mrz = parse(anything)
    except ValueError:
        return
    assert mrz.lines == tuple(anything)


@given(
    st.sampled_from(LAYOUTS)
    .flatmap(lambda layout: st.tuples(*(st.text(ALPHABET, min_size=n, max_size=n) for n in layout.widths)))
    .filter(layout_of)
)
def test_any_lines_of_an_mrz_shape_parse_to_a_score(lines: tuple[str, ...]) -> None:
    mrz = parse(lines)

    assert 0 <= valid_score(mrz) <= 100


def substituted(lines: list[str], i: int, j: int, character: str) -> list[str]:
    return [line[:j] + character + line[j + 1 :] if k == i else line for k, line in enumerate(lines)]
