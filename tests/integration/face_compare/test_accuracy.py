"""A few labelled pairs, which are not part of the project: CARI_EVAL_DATA names their folder."""

import csv
import os
from itertools import islice
from pathlib import Path

import pytest

import cari_face
from cari_imaging import decode

FOLDER = os.environ.get("CARI_EVAL_DATA")
PAIRS_OF_EACH_KIND = 60

pytestmark = pytest.mark.skipif(not FOLDER, reason="CARI_EVAL_DATA names no folder of labelled pairs")


def similarities(kind):
    """Compare the first pairs of one kind: "1" shows one person twice, "0" two people. 0 where no face was found."""
    root = Path(FOLDER) / "face"
    with (root / "pairs.csv").open() as listed:
        pairs = list(islice((pair for pair in csv.DictReader(listed) if pair["same"] == kind), PAIRS_OF_EACH_KIND))
    for pair in pairs:
        source, target = (decode((root / pair[side]).read_bytes()) for side in "ab")
        matches = cari_face.compare(source, target).matches
        yield matches[0].similarity if matches else 0.0


def test_pictures_of_one_person_mostly_match():
    alike = [similarity >= 0.5 for similarity in similarities("1")]

    assert sum(alike) >= 0.93 * PAIRS_OF_EACH_KIND


def test_strangers_do_not_match():
    alike = [similarity >= 0.8 for similarity in similarities("0")]

    assert sum(alike) == 0
