"""Gives the fuzzer what no schema can: real pictures, from the folder that CARI_FUZZ_PICTURES names."""

import os
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

PICTURES = [picture.read_bytes() for picture in sorted(Path(os.environ["CARI_FUZZ_PICTURES"]).glob("*.jpg"))]

schemathesis.openapi.media_type("image/jpeg", st.sampled_from(PICTURES))
