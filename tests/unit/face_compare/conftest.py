"""One face in the public domain, as a selfie."""

import pytest

from specimens import specimen
from tests.unit.face_compare.pictures import encoded


@pytest.fixture(scope="session")
def selfie():
    """The selfie as JPEG bytes."""
    return encoded(specimen.sample_selfie())
