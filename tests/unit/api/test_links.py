import pytest

from cari_api import links


@pytest.mark.parametrize(
    ("path", "whole", "prefix"),
    [
        ("/identity/verify", "/dev/identity/verify", "/dev"),
        ("/identity/verify", "/dev/identity/verify/", "/dev"),
        ("/identity/verify/", "/v1/eu/identity/verify/", "/v1/eu"),
        ("/identity/verify", "/identity/verify", ""),
        ("/identity/verify", "", ""),
        ("/identity/verify", "/elsewhere", ""),
        ("/", "/dev/", "/dev"),
    ],
)
def test_the_prefix_is_what_the_deployment_puts_before_our_paths(path, whole, prefix):
    assert links.prefix({"path": path, "requestContext": {"path": whole}}) == prefix


def test_an_event_without_a_request_context_has_no_prefix():
    assert links.prefix({"path": "/docs"}) == ""


def test_an_errors_type_is_a_place_that_the_service_serves():
    assert links.error_type("not_found", "/dev") == "/dev/docs/errors#not_found"


@pytest.mark.parametrize(
    ("context", "base"),
    [
        ({"domainName": "api.example.org", "path": "/dev/docs"}, "https://api.example.org/dev"),
        ({"domainName": "id.example.org", "path": "/docs"}, "https://id.example.org"),
    ],
)
def test_the_deployment_is_named_by_the_gateway_and_not_by_a_header(context, base):
    event = {"path": "/docs", "requestContext": context, "headers": {"Host": "elsewhere.example"}}

    assert links.base(event) == base
