"""Embed many pictures with dlib: paths in on stdin, one a line; embeddings, and some chips, out into a file."""

from __future__ import annotations

import sys

import dlib  # it is in .build/dlib
import numpy as np

from tests.benchmarks.face.workers.dlib_pipeline import central, chip_of, embed, embed_chip, faces


def main(out: str, chips_wanted: int) -> None:
    """Write N×128 `embeddings`, NaN where no face was found, and `chips` with their `chip_embeddings`."""
    paths = [line.strip() for line in sys.stdin]
    embeddings = np.full((len(paths), 128), np.nan, np.float32)
    chips = []
    for i, path in enumerate(paths):
        image = dlib.load_rgb_image(path)
        found = faces(image, 1)
        if found:
            face = central(image, found)
            embeddings[i] = embed(image, face)
            if len(chips) < chips_wanted:
                chips.append(chip_of(image, face))
    stacked = np.stack(chips) if chips else np.empty((0, 150, 150, 3), np.uint8)
    vectors = np.array([embed_chip(chip) for chip in chips], np.float32)
    np.savez(out, embeddings=embeddings, chips=stacked, chip_embeddings=vectors)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
