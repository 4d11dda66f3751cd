#!/usr/bin/env bash
# Install what Python packages cannot bring: Tesseract, the OCR-B typeface, and whatever is named as an argument.
# Debian and its kin only; elsewhere says what to install. Needs root or sudo, and only if something is missing.
set -euo pipefail

missing=("$@")
command -v tesseract >/dev/null || missing+=(tesseract-ocr)
[ -e /usr/share/fonts/opentype/ocr-b/OCRB.otf ] || missing+=(fonts-ocr-b)
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Please install these yourself: ${missing[*]}" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
echo "Installing ${missing[*]} with apt-get." >&2
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
