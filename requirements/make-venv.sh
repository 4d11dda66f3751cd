#!/usr/bin/env bash
# Make .venv with everything in requirements/dev.txt and the layers installed editable.
# Takes Python 3.13, which the functions run on, where there is one; any from 3.11 will do.
set -euo pipefail
cd "$(dirname "$0")/.."

works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13.*/bin/python python3.12 python3.11 python3 /usr/bin/python3; do
    if works "$candidate"; then echo "$candidate"; return; fi
  done
  # Debian ships Python without venv
  requirements/system-packages.sh python3-venv >&2
  if works /usr/bin/python3; then echo /usr/bin/python3; return; fi
  echo "Cari needs Python 3.11, 3.12 or 3.13 with venv; none was found." >&2
  return 1
}

python=$(find_python)
echo "Installing into .venv with $("$python" --version): about two minutes, once." >&2
"$python" -m venv --clear .venv
# The lock is complete, so nothing is left to resolve; older pips trip over extras when they try.
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
layers=()
for layer in core aws verification api evidence intake imaging face mrz barcode; do layers+=(-e "layers/$layer"); done
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation "${layers[@]}"
# Compiled once here, whatever the environment says later: a third of the time to import them is compiling.
.venv/bin/python -m compileall -q layers/*/cari_*
