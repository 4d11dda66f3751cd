"""The command line: `python -m cari_face compare`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_face import comparison, models
from cari_face.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pictures(selfie: np.ndarray, passport: np.ndarray, tmp_path: Path) -> Path:
    for name, image in (("selfie", selfie), ("passport", passport), ("blank", np.full_like(selfie, 200))):
        cv2.imwrite(str(tmp_path / f"{name}.png"), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return tmp_path


def test_two_pictures_of_one_person_are_alike(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["compare", str(pictures / "passport.png"), str(pictures / "selfie.png")])

    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (answer["similarity"] > 0.95, answer["fmr"] < 1e-4, answer["reason"]) == (True, True, None)


def test_pairs_of_a_file_are_answered_in_its_order(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = pictures / "pairs.csv"
    pairs.write_text("a,b\nselfie.png,blank.png\npassport.png,selfie.png\nmissing.png,selfie.png\n")

    status = main(["compare", "--pairs", str(pairs), "--root", str(pictures)])

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert [answer["reason"] for answer in answers] == ["no_face", None, "no_picture"]
    assert [answer["similarity"] is None for answer in answers] == [True, False, True]
    assert answers[0]["reasons"] == {"a": [], "b": ["no_face"]}


def test_drawings_of_both_pictures_are_written(pictures: Path, tmp_path: Path) -> None:
    drawings = tmp_path / "drawings"

    main(["compare", str(pictures / "passport.png"), str(pictures / "selfie.png"), "--annotate", str(drawings)])

    assert sorted(path.name for path in drawings.iterdir()) == ["0001-a-passport.png", "0001-b-selfie.png"]


def test_pairs_without_a_calibration_are_refused(
    pictures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    uncalibrated = replace(models.built_in(), quick_calibrations={})
    monkeypatch.setattr(comparison, "built_in", lambda: uncalibrated)

    with pytest.raises(SystemExit):
        main(["compare", str(pictures / "passport.png"), str(pictures / "selfie.png")])

    assert "tools.face_calibration" in capsys.readouterr().err


def test_one_picture_alone_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "one.jpg"])

    assert "name two pictures" in capsys.readouterr().err
