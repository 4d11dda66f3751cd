"""Write the specimen set: every picture, and catalogue.json. Usage: python -m local.specimens OUT."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from local.specimens import pictures
from local.specimens.cases import CASES, Case


def main(folder: Path) -> int:
    """Write every file, and say how large they are together."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.json").write_text(catalogue())
    for name in pictures.names():
        (folder / name).write_bytes(pictures.render(name))
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{len(CASES)} cases, {len(pictures.names())} pictures, {size:,} bytes in {folder}")
    return 0


def catalogue() -> str:
    """Write the cases as the sandbox reads them (cari_common.sandbox_contract.Specimen)."""
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
