"""Refuse a face layer whose weights are missing or altered: `python check_weights.py CARI_FACE`.

Needs nothing but Python, so that it runs wherever `sam build` does, its container included.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from pathlib import Path


def main(package: Path) -> int:
    """Say what is wrong in a line each; 1 where anything is."""
    faults = list(faults_of(package))
    for fault in faults:
        print(f"The face layer cannot be built: {fault}. Run `make weights`.", file=sys.stderr)
    return int(bool(faults))


def faults_of(package: Path) -> list[str]:
    """List the weights that are missing or not what SHA256SUMS says. There is one model, whichever it is."""
    weights = package / "weights"
    sums = {name: sha256 for sha256, name in map(str.split, (weights / "SHA256SUMS").read_text().splitlines())}
    models = tomllib.loads((package / "models.toml").read_text())
    files = [{models[part]["file"] for part in entry.get("parts", [name])} for name, entry in models.items()]
    embedders = set().union(*files)
    there = {path.name for path in weights.iterdir()}
    faults = [f"{name} is missing" for name in sorted(sums.keys() - embedders - there)]
    if embedders & there not in files:
        faults.append("there is no whole model" if embedders & there else "there is no embedder")
    faults += [
        f"{name} is not the file that SHA256SUMS names"
        for name in sorted(sums.keys() & there)
        if hashlib.sha256((weights / name).read_bytes()).hexdigest() != sums[name]
    ]
    return faults


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
