"""Write the specimen set: every picture, catalogue.json, and what the pictures are known by.

Usage: python -m specimens OUT.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path

from cari_intake import intake
from specimens import pictures
from specimens.cases import CASES, Case

DIGESTS = Path(__file__).parents[1] / "layers/core/cari_decision/specimen_pictures.txt"


def main(folder: Path) -> int:
    """Write every file, and say how large they are together."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.json").write_text(catalogue())
    for name in pictures.names():
        (folder / name).write_bytes(pictures.render(name))
    DIGESTS.write_text(digests(folder))
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(CASES)} cases, {len(pictures.names())} pictures, {size:,} bytes in {folder}")
    return 0


def digests(folder: Path) -> str:
    """Write the SHA-256 of each picture as the service stores it: by these a live key's verification knows them."""
    files = sorted(folder.glob("*.jpg"))
    stored = {file.name: intake(file.read_bytes(), field="front").payload for file in files}
    return "".join(f"{sha256(payload).hexdigest()}  {name}\n" for name, payload in stored.items())


def catalogue() -> str:
    """Write the cases as the sandbox reads them (functions.sandbox.contract.Specimen)."""
    return json.dumps([_entry(case) for case in CASES], indent=2, ensure_ascii=False) + "\n"


def _entry(case: Case) -> dict[str, object]:
    return {
        "code": case.code,
        "says": case.says,
        "type": case.type,
        "files": case.files,
        "form": dict(case.form),
        "after": case.after,
        "expected": {"status": case.status, "reasons": list(case.reasons)},
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
