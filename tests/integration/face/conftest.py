"""One face in the public domain, as a selfie and on a specimen passport."""

from tests.unit.face.conftest import passport, selfie  # noqa: F401  # fixtures
