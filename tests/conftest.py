"""The served stack, for tests that want the whole of it: one for all of them."""

import pytest


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The template on 127.0.0.1, on free ports."""
    from local.stack import running  # noqa: PLC0415  # unit tests need none of it

    with running(state=tmp_path_factory.mktemp("stack")) as served:
        yield served


@pytest.fixture(scope="session")
def specimens(tmp_path_factory):
    """A specimen passport and a selfie of its fictional holder, as JPEG bytes."""
    from local import sample  # noqa: PLC0415  # likewise

    passport, selfie = sample.render(tmp_path_factory.mktemp("specimens"))
    return {"front": passport.read_bytes(), "selfie": selfie.read_bytes()}


def pytest_collection_modifyitems(items):
    """Keep the tests that share a stack in one process."""
    for item in items:
        if "stack" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("stack"))
