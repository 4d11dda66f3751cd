"""The command line: `python -m cari_mrz IMAGE… [--annotate DIR]`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_mrz.__main__ import main
from specimens import specimen

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def passport(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("pictures") / "passport.jpg"
    specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 11, 22)).save(path)
    return path


def test_each_picture_is_one_line_of_json(passport: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(passport), str(passport)])

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [answer["filename"] for answer in answers] == [str(passport)] * 2
    assert (answers[0]["valid"], answers[0]["surname"], answers[0]["method"]) == (True, "VOYAGER", "cari")
    assert len(answers[0]["raw_text"].split("\n")) == 2


def test_a_file_that_is_no_picture_has_its_line_too_and_the_status_tells(
    passport: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = tmp_path / "note.jpg"
    note.write_text("not a picture")

    status = main([str(note), str(passport)])

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert [(answer["found"], answer["reason"]) for answer in answers] == [(False, "no_picture"), (True, None)]


def test_annotated_pictures_mark_the_lines(passport: Path, tmp_path: Path) -> None:
    main([str(passport), "--annotate", str(tmp_path / "drawn")])

    before = np.asarray(cv2.imread(str(passport)))
    drawn = np.asarray(cv2.imread(str(tmp_path / "drawn" / "passport.png")))
    changed = np.abs(drawn[: before.shape[0]].astype(int) - before).max(axis=2) > 100
    assert drawn.shape[0] > before.shape[0]
    assert 0.6 * before.shape[0] < np.flatnonzero(changed.any(axis=1)).min()
