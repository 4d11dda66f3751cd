import pytest

from cari_api.auth import scopes
from cari_core.errors import InsufficientScope


def test_a_scope_that_was_not_granted_is_refused_by_name():
    with pytest.raises(InsufficientScope, match="'delete'") as refused:
        scopes.require("delete", ("verify", "read"))

    assert refused.value.extensions == {"scope": "delete"}


def test_admin_does_not_stand_for_the_other_scopes():
    with pytest.raises(InsufficientScope):
        scopes.require("read", ("admin",))


def test_scopes_are_read_as_they_were_written_and_in_one_order():
    assert scopes.read(scopes.written(("admin", "read", "read"))) == ("read", "admin")


@pytest.mark.parametrize("text", ["", "everything", "verified", "verify,admin"])
def test_what_is_no_scope_grants_nothing(text):
    assert scopes.read(text) == ()
