"""The engines' recorded answers, by name."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
FACES = sorted(file.stem for file in FOLDER.glob("faces-*.json"))
MRZS = sorted(file.stem for file in FOLDER.glob("mrz-*.json"))


def recorded(name):
    return json.loads((FOLDER / f"{name}.json").read_text())
