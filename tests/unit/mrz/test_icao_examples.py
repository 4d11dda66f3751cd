"""Every worked example of ICAO Doc 9303, 8th edition: parts 3 (appendix A), 4 to 7 and 11."""

from __future__ import annotations

import pytest

from cari_mrz import NumberCheck, check_digit, parse

TD1_LINE3 = "STEVENSON<<PETER<JOHN<<<<<<<<<"
TD2_LINE2 = "D231458907UTO7408122F1204159<<<<<<<6"
TD3_LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("covered", "digit"),
    [
        ("520727", "3"),
        ("AB2134<<<", "5"),
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<<", "2"),
        ("HA672242<658022549601086<<<<<<<", "8"),
        ("D23145890734", "9"),
    ],
)
def test_check_digits_are_those_icao_works_out(covered: str, digit: str) -> None:
    assert check_digit(covered) == digit


@pytest.mark.parametrize(
    ("format_name", "lines"),
    [
        ("TD3", ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", TD3_LINE2]),
        ("TD3", ["P<YTOSTEVENSON<<PETER<JOHN<<<<<<<<<<<<<<<<<<", "HA672242<6YTO5802254M9601086<<<<<<<<<<<<<<08"]),
        ("TD2", ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", TD2_LINE2]),
        ("TD2", ["I<YTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "HA672242<6YTO5802254M9601086<<<<<<<8"]),
        ("TD1", ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]),
        ("TD1", ["I<YTOD231458907<<<<<<<<<<<<<<<", "3407127M9507122YTO<<<<<<<<<<<2", TD1_LINE3]),
        ("TD1", ["I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", TD1_LINE3]),
        ("MRVA", ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"]),
        ("MRVB", ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"]),
    ],
)
def test_every_specimen_is_valid(format_name: str, lines: list[str]) -> None:
    mrz = parse(lines)

    assert (mrz.format, mrz.valid) == (format_name, True)


def test_the_long_number_is_joined() -> None:
    mrz = parse(["I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", TD1_LINE3])

    assert (mrz.number, mrz.number_check) == ("D23145890734", NumberCheck.LONG_FILLER_SKIPPED)
    assert (mrz.surname, mrz.names, mrz.date_of_birth) == ("STEVENSON", "PETER JOHN", "340712")


@pytest.mark.parametrize(
    ("line1", "surname", "names", "truncated"),
    [
        ("PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "ERIKSSON", "ANNA MARIA", False),
        ("PPUTOSMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<", "SMITH JONES", "SUSIE MARGARET", False),
        ("PPUTOOCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<", "OCONNOR", "ENYA SIOBHAN", False),
        ("PPUTOVAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<", "VAN DER MUELLEN", "MARTIN", False),
        ("PPUTOAL<BASRI<<HUDA<MUHAMMAD<JAWAD<<<<<<<<<<", "AL BASRI", "HUDA MUHAMMAD JAWAD", False),
        ("PPUTOVILARCHAO<FERNANDEZ<<JOSE<RAMON<<<<<<<<", "VILARCHAO FERNANDEZ", "JOSE RAMON", False),
        ("PPUTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", False),
        ("PPUTOSATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "", False),
        ("PPUTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", True),
        ("PPUTONILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU", "NILAVADHANANANDA", "ARNPOL PETCH CHARONGU", True),
        ("PPUTOBENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "BENNELONG WOOLOOMOOLOO WARRANDYTE W", "DI", True),
        ("PPUTOBENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO", "BENNELONG WOOLOOM WARRAND WARNAM", "DINGO", True),
        ("PPUTOBENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO", "BENNEL WOOLOO WARRAN WARNAM", "DINGO POTO", True),
        ("PPUTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR", "PAPANDROPOULOUS", "JONATHON WARREN TREVOR", True),
        ("I<UTONILAVADHANANANDA<<CHAYAPA<DEJ<K", "NILAVADHANANANDA", "CHAYAPA DEJ K", True),
        ("I<UTONILAVADHANANANDA<<ARN<PET<CHARO", "NILAVADHANANANDA", "ARN PET CHARO", True),
        ("I<UTOBENNELONG<WOOLOOMOOLOO<W<W<<D<P", "BENNELONG WOOLOOMOOLOO W W", "D P", True),
        ("I<UTOBENNELONG<WOOLOOM<WAR<WARN<<D<P", "BENNELONG WOOLOOM WAR WARN", "D P", True),
        ("I<UTOBENNEL<WOOLO<WARRA<WARNA<<DIN<P", "BENNEL WOOLO WARRA WARNA", "DIN P", True),
        ("I<UTOPAPANDROPOULOUS<<JONATHOON<ALEC", "PAPANDROPOULOUS", "JONATHOON ALEC", True),
        ("I<UTOVAN<DER<MUELLEN<<MARTIN<<<<<<<<", "VAN DER MUELLEN", "MARTIN", False),
        ("I<UTOAL<BASRI<<HUDA<MUHAMMAD<JAWAD<<", "AL BASRI", "HUDA MUHAMMAD JAWAD", False),
        # Printed in full, but a letter in the last place always means: perhaps cut.
        ("I<UTOVILARCHAO<FERNANDEZ<<JOSE<RAMON", "VILARCHAO FERNANDEZ", "JOSE RAMON", True),
        ("I<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<", "ARKFREITH", "", False),
        ("I<UTOSATRIYA<SUDARPA<<<<<<<<<<<<<<<<", "SATRIYA SUDARPA", "", False),
    ],
)
def test_names_split_and_tell_of_truncation(line1: str, surname: str, names: str, truncated: bool) -> None:
    mrz = parse([line1, TD3_LINE2 if len(line1) == 44 else TD2_LINE2])

    assert mrz.valid
    assert (mrz.surname, mrz.names, mrz.names_truncated) == (surname, names, truncated)
