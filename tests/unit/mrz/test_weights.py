from __future__ import annotations

import hashlib
from pathlib import Path

import cari_mrz
from cari_mrz import engine

WEIGHTS = Path(cari_mrz.__file__).with_name("weights")
MOST_BYTES = 3_000_000


def test_the_weights_are_those_that_were_measured() -> None:
    promised = dict(line.split("  ")[::-1] for line in (WEIGHTS / "SHA256SUMS").read_text().splitlines())

    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in WEIGHTS.glob("*.onnx")} == promised


def test_the_engine_tells_the_digests_of_its_weights() -> None:
    promised = (WEIGHTS / "SHA256SUMS").read_text()

    named = engine.identity()["weights"]

    assert len(named) == 2
    assert all(f"{digest}  {name}" in promised for name, digest in named.items())


def test_the_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.glob("*.onnx")) < MOST_BYTES
