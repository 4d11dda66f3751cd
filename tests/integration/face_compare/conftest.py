"""One face in the public domain, as a selfie."""

from tests.unit.face_compare.conftest import selfie  # noqa: F401  # a fixture
