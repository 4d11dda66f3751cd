#!/usr/bin/env bash
# Pin every requirements.in with hashes, for all platforms and Pythons at once. The lock files name no registry.
# Usage: requirements/lock.sh [uv pip compile options, such as --upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header "${@:3}" "$1" -o "$2"; }
lock requirements/dev.in requirements/dev.txt "$@"
lock requirements/checkov.in requirements/checkov.txt "$@"  # alone: its pins fight everyone else's
lock requirements/bench-rapidocr.in requirements/bench-rapidocr.txt "$@"  # alone: it has an OpenCV of its own
lock requirements/bench-dlib.in requirements/bench-dlib.txt -c requirements/dev.txt "$@"
lock requirements/training.in requirements/training.txt -c requirements/dev.txt "$@"
for folder in layers/core layers/aws layers/verification layers/api layers/evidence layers/intake layers/imaging layers/barcode functions/mrz_fallback; do
  lock $folder/requirements.in $folder/requirements.txt -c requirements/dev.txt "$@"
done
