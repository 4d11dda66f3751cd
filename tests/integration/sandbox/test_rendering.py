"""The committed set is what the code renders."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from specimens import __main__ as command
from specimens import pictures
from specimens.captures import damaged
from specimens.cases import CASES

FOLDER = Path(__file__).parents[3] / "functions/sandbox/specimens"
MOST_BYTES = 3_600_000
APART = 3.0  # grey levels, on average: what other releases of JPEG and drawing libraries make of the same picture


def test_the_committed_catalogue_is_what_the_code_says():
    assert (FOLDER / "catalogue.json").read_text() == command.catalogue(), (
        "run `python -m specimens functions/sandbox/specimens`"
    )


def test_the_committed_files_are_those_that_the_code_names():
    assert sorted(file.name for file in FOLDER.glob("*.jpg")) == pictures.names()


def test_every_picture_is_of_a_case():
    used = {name for case in CASES for name in case.files.values()}

    assert used == set(pictures.names())


def test_no_two_cases_have_the_same_code():
    assert len({case.code for case in CASES}) == len(CASES)


def test_a_case_that_comes_after_another_names_it():
    assert {case.after for case in CASES if case.after} <= {case.code for case in CASES}


def test_the_whole_set_is_small():
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("name", sorted(pictures.PICTURES)[::3])
def test_a_picture_rendered_again_is_the_committed_one(name):
    committed = Image.open(FOLDER / name)

    again = Image.open(io.BytesIO(pictures.render(name)))

    assert again.size == committed.size
    assert np.abs(np.asarray(again, float) - np.asarray(committed, float)).mean() < APART


@pytest.mark.parametrize("name", pictures.DAMAGED)
def test_a_damaged_picture_is_another_one_with_its_tables_broken(name):
    whole = (FOLDER / pictures.DAMAGED[name]).read_bytes()

    assert (FOLDER / name).read_bytes() == damaged(whole)
