"""Write the references and what the docs function serves from the code: python -m tools.docs (`make docs`)."""

from __future__ import annotations

from pathlib import Path

from tools import architecture, error_reference, llms, openapi, reason_reference

ROOT = Path(__file__).parents[1]
SITE = ROOT / "functions/docs/site"


def files() -> dict[Path, str]:
    """Write every file's text."""
    return {
        SITE / "openapi.json": openapi.written(),  # docs/openapi.json is a link to it
        SITE / "errors.html": error_reference.html(),
        SITE / "llms.txt": llms.text(),
        architecture.DOCUMENT: architecture.document(),
        ROOT / "docs/errors.md": error_reference.markdown(),
        ROOT / "docs/reasons.md": reason_reference.markdown(),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
