from __future__ import annotations

import pytest

from cari_mrz import layout_of, parse
from cari_mrz.checks import recompute_checks

TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
TD1_LONG = ["I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"]
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
SWISS = ["AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"]


@pytest.mark.parametrize("lines", [TD1, TD1_LONG, TD3, SWISS])
def test_checks_alone_are_those_of_the_whole_mrz(lines: list[str]) -> None:
    layout = layout_of(lines)

    assert layout is not None
    assert recompute_checks(lines, layout) == parse(lines).checks


def test_a_wrong_character_fails_its_own_digit_and_the_composite() -> None:
    layout = layout_of(TD3)
    wrong = [TD3[0], "L898902C37" + TD3[1][10:]]

    assert layout is not None
    assert [check.name for check in recompute_checks(wrong, layout) if not check.passed] == ["number", "composite"]


def test_a_character_of_no_mrz_raises_value_error() -> None:
    layout = layout_of(TD3)

    assert layout is not None
    with pytest.raises(ValueError, match="capital"):
        recompute_checks([TD3[0], TD3[1].replace("U", "?")], layout)
