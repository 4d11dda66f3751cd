import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from cari_core.release import VERSION, digests

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("project", [".", *(f"layers/{name}" for name in ("common", "face", "mrz"))])
def test_the_version_is_the_released_one(project):
    assert tomllib.loads((ROOT / project / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_a_digest_is_of_the_bytes_that_lie_there(tmp_path):
    (tmp_path / "net.onnx").write_bytes(b"weights")

    assert digests([tmp_path / "net.onnx"]) == {"net.onnx": sha256(b"weights").hexdigest()}
