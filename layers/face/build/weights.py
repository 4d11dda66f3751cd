"""Build the face weights from files pinned by hash: `python layers/face/build/weights.py [MODEL] [--from FOLDER]`.

MODEL is a model of cari_face/models.toml; without one, the model that is built in stays, and the default is taken
where there is none. Two builds give the same bytes: SHA256SUMS, which is committed, says which for the detector, the
mesh and every embedder that was measured. Where the weights already lie and match, nothing is fetched.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
from pathlib import Path
from typing import Any

from build_embedder import build_embedder
from pinned_packages import MEDIAPIPE_WHEEL, fetch_member

PACKAGE = Path(__file__).resolve().parents[1] / "cari_face"
WEIGHTS = PACKAGE / "weights"
SHA256_BY_NAME = {name: sha256 for sha256, name in map(str.split, (WEIGHTS / "SHA256SUMS").read_text().splitlines())}
DEFAULT_MODEL = "mobilefacenet-dlib"


def main() -> int:
    """Bring the weights folder to what was asked for; 1 where the build gives anything but what SHA256SUMS says."""
    models = tomllib.loads((PACKAGE / "models.toml").read_text())
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("model", nargs="?", choices=models, default=_built_in(models) or DEFAULT_MODEL)
    options.add_argument("--from", dest="folder", help="where the embedder's files lie, if not at its publisher")
    chosen = options.parse_args()
    embedders = {name: models[name] for name in models[chosen.model].get("parts", [chosen.model])}
    try:
        for member in MEDIAPIPE_WHEEL.members:
            name = Path(member.path).name
            if not _is_built(name):
                _keep(name, fetch_member(MEDIAPIPE_WHEEL, member))
        for entry in embedders.values():
            if not _is_built(entry["file"]):
                _keep(entry["file"], build_embedder(entry, chosen.folder))
    except (OSError, ValueError) as error:
        print(f"The face weights were not built: {error}", file=sys.stderr)
        return 1
    for other in _files(models) - _files(embedders):
        (WEIGHTS / other).unlink(missing_ok=True)
    print(f"face weights are in place, {chosen.model}: {WEIGHTS}")
    return 0


def _built_in(models: dict[str, dict[str, Any]]) -> str | None:
    there = {file for file in _files(models) if (WEIGHTS / file).is_file()}
    parts = {name: {part: models[part] for part in entry.get("parts", [name])} for name, entry in models.items()}
    return next((name for name in models if _files(parts[name]) == there), None)


def _files(entries: dict[str, dict[str, Any]]) -> set[str]:
    return {entry["file"] for entry in entries.values() if "file" in entry}


def _is_built(name: str) -> bool:
    path = WEIGHTS / name
    return path.is_file() and SHA256_BY_NAME.get(name, _sha256(path.read_bytes())) == _sha256(path.read_bytes())


def _keep(name: str, content: bytes) -> None:
    """Write a file at once or not at all. Raises ValueError for one that is not what SHA256SUMS says."""
    sha256 = _sha256(content)
    if SHA256_BY_NAME.get(name, sha256) != sha256:
        raise ValueError(f"{name} was built as {sha256}, not as SHA256SUMS says")
    unfinished = WEIGHTS / f"{name}.unfinished"
    unfinished.write_bytes(content)
    unfinished.replace(WEIGHTS / name)
    print(f"{sha256}  {name}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
