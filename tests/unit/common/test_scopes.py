import pytest

from cari_common import scopes
from cari_common.errors import InsufficientScope

ID = "0" * 24


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        ("POST /identity/verify", "verify"),
        ("POST /identity/verify/", "verify"),
        ("POST /identity/uploads", "verify"),
        ("GET /identity/verify", "read"),
        (f"GET /identity/verify/{ID}", "read"),
        (f"HEAD /identity/verify/{ID}", "read"),
        (f"GET /identity/verify/{ID}/evidence", "read"),
        (f"GET /identity/verify/{ID}/annotated/front", "read"),
        (f"DELETE /identity/verify/{ID}", "delete"),
        (f"POST /identity/verify/{ID}/evaluate", "verify"),
        (f"POST /identity/verify/{ID}/review", "admin"),
        ("POST /identity/keys", "admin"),
        ("GET /identity/keys", "admin"),
        ("HEAD /identity/keys", "admin"),
        (f"DELETE /identity/keys/{ID}", "admin"),
        (f"POST /identity/keys/{ID}/rotate", "admin"),
        ("GET /openapi.json", None),
        ("GET /docs", None),
        ("GET /docs/errors", None),
        ("GET /llms.txt", None),
    ],
)
def test_a_call_needs_the_scope_of_its_kind(call, scope):
    assert scopes.needed(*call.split()) == scope


def test_a_method_that_nobody_thought_of_is_not_free():
    assert scopes.needed("PATCH", f"/identity/verify/{ID}") == "verify"


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
