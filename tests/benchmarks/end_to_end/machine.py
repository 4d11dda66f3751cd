"""When, of which commit and with what the figures were made."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[3]


def described() -> dict[str, str]:
    """Name the moment, the commit and the system."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.strip()
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": commit,
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }
