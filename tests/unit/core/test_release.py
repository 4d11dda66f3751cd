import importlib.metadata
from hashlib import sha256

import pytest

from cari_core.release import VERSION, digests

LAYERS = ("core", "aws", "verification", "api", "evidence", "intake", "imaging", "face", "mrz", "barcode")


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_is_of_the_one_version(layer):
    assert importlib.metadata.version(f"cari-{layer}") == VERSION


def test_a_digest_is_of_the_bytes_that_lie_there(tmp_path):
    (tmp_path / "net.onnx").write_bytes(b"weights")

    assert digests([tmp_path / "net.onnx"]) == {"net.onnx": sha256(b"weights").hexdigest()}
