from __future__ import annotations

from typing import TYPE_CHECKING

from cari_barcode import parse
from tests.benchmarks.barcode.__main__ import main
from tests.benchmarks.barcode.cards import payload

if TYPE_CHECKING:
    import pytest


def test_a_condition_is_a_row_for_each_of_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--cards", "1", "--only", "shaded"])

    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[:3] for row in rows] == [[f"| shaded to {to}", "1", "1"] for to in ("0.5", "0.25", "0.12")]


def test_made_up_licences_follow_the_standard_in_every_version() -> None:
    licences = [parse(payload(seed)) for seed in range(20)]

    assert {licence.version for licence in licences} == set(range(1, 11))
    assert {(licence.missing, licence.findings) for licence in licences} == {((), ())}
