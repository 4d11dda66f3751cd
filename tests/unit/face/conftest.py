"""One face in the public domain, as a selfie and on a specimen passport."""

from datetime import date

import numpy as np
import pytest

from specimens import specimen


@pytest.fixture(scope="session")
def selfie():
    """The portrait's source, H×W×3 RGB."""
    return np.asarray(specimen.sample_selfie().convert("RGB"))


@pytest.fixture(scope="session")
def passport():
    """A specimen passport's page around the same person, H×W×3 RGB."""
    page = specimen.render_passport(specimen.IDENTITY, specimen.sample_portrait(), date(2026, 1, 1))
    return np.asarray(page.convert("RGB"))
