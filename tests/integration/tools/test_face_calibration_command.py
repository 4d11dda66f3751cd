"""The command line: `python -m tools.face_calibration`."""

from __future__ import annotations

import tomllib
from itertools import combinations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from cari_face import Box
from tools.face_calibration import calibrate_pictures
from tools.face_calibration.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE, PICTURES = 12, 2  # 264 impostor pairs
FACE = SimpleNamespace(box=Box(0, 0, 40, 40), mesh=None)


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures whose brightness says who is on them, and a model that sees just that; one has no face."""
    persons = np.eye(128, dtype=np.float32)
    names = []
    for person in range(PEOPLE):
        (tmp_path / f"person{person}").mkdir()
        for picture in range(PICTURES):
            names.append(f"person{person}/{picture}.png")
            cv2.imwrite(str(tmp_path / names[-1]), np.full((40, 40, 3), 10 * person, np.uint8))
    cv2.imwrite(str(tmp_path / "person0/nobody.png"), np.full((40, 40, 3), 255, np.uint8))
    rows = [f"{a},{b},{int(a.split('/')[0] == b.split('/')[0])}" for a, b in combinations(names, 2)]
    (tmp_path / "pairs.csv").write_text("\n".join(["a,b,same", *rows, "person0/nobody.png,person0/0.png,1", ""]))
    monkeypatch.setattr(calibrate_pictures, "find_faces", lambda image: [FACE] if image[0, 0, 0] < 255 else [])
    monkeypatch.setattr(
        calibrate_pictures,
        "EmbeddedFace",
        lambda image, _: SimpleNamespace(careful=lambda _: persons[image[0, 0, 0] // 10]),
    )
    return tmp_path


def test_listed_pairs_are_calibrated_into_a_table_and_curves(labelled, capsys):
    status = main([str(labelled / "pairs.csv"), "--root", str(labelled), "--out", str(labelled / "out")])

    table = tomllib.loads((labelled / "out/calibration.toml").read_text())
    assert status == 0
    assert "264 impostor pairs" in capsys.readouterr().out
    assert (table["genuine_pairs"], table["impostor_pairs"], table["people"]) == (12, 264, 12)
    assert {"calibration.svg", "det.svg"} <= {path.name for path in (labelled / "out").iterdir()}


def test_pictures_without_a_face_are_counted_and_left_out(labelled):
    main([str(labelled / "pairs.csv"), "--root", str(labelled), "--out", str(labelled / "out")])

    table = tomllib.loads((labelled / "out/calibration.toml").read_text())
    assert (table["pictures"], table["pictures_without_face"]) == (24, 1)


def test_by_folder_every_pair_of_the_pictures_counts(labelled):
    few = ["a,b,same", *(f"person{i}/0.png,person{i}/1.png,1" for i in range(PEOPLE)), ""]
    (labelled / "few.csv").write_text("\n".join(few))

    main([str(labelled / "few.csv"), "--root", str(labelled), "--by-folder", "--out", str(labelled)])

    table = tomllib.loads((labelled / "calibration.toml").read_text())
    assert (table["genuine_pairs"], table["impostor_pairs"]) == (12, 264)


def test_documents_are_scored_only_with_photos(labelled):
    few = ["a,b,same", *(f"person{i}/0.png,person{i}/1.png,1" for i in range(PEOPLE)), ""]
    (labelled / "few.csv").write_text("\n".join(few))
    options = ["--root", str(labelled), "--by-folder", "--kind", "document", "--out", str(labelled)]

    main([str(labelled / "few.csv"), *options])

    table = tomllib.loads((labelled / "calibration.toml").read_text())
    assert (table["kind"], table["genuine_pairs"], table["impostor_pairs"]) == ("document", 12, 132)


def test_folders_of_one_name_are_one_person(labelled):
    (labelled / "documents/person0").mkdir(parents=True)
    (labelled / "person0/0.png").rename(labelled / "documents/person0/0.png")
    few = ["a,b,same", "documents/person0/0.png,person0/1.png,1"]
    few += [f"person{i}/0.png,person{i}/1.png,1" for i in range(1, PEOPLE)]
    (labelled / "few.csv").write_text("\n".join([*few, ""]))

    main([str(labelled / "few.csv"), "--root", str(labelled), "--by-folder", "--out", str(labelled)])

    assert tomllib.loads((labelled / "calibration.toml").read_text())["people"] == PEOPLE


def test_the_same_pictures_give_the_same_file(labelled):
    written = []
    for name in ("one", "two"):
        main([str(labelled / "pairs.csv"), "--root", str(labelled), "--out", str(labelled / name)])
        written.append((labelled / name / "calibration.toml").read_bytes())

    assert written[0] == written[1]


def test_a_missing_picture_is_named(labelled, capsys):
    (labelled / "lost.csv").write_text("a,b,same\nlost.png,person0/0.png,0\n")

    status = main([str(labelled / "lost.csv"), "--root", str(labelled)])

    assert status == 1
    assert "lost.png" in capsys.readouterr().err


def test_too_few_pairs_are_refused(labelled, capsys):
    (labelled / "few.csv").write_text("a,b,same\nperson0/0.png,person0/1.png,1\nperson0/0.png,person1/0.png,0\n")

    status = main([str(labelled / "few.csv"), "--root", str(labelled)])

    assert status == 1
    assert "too few" in capsys.readouterr().err
