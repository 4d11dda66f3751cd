import pytest

from local import template
from local.gateway.responses import render

DECLARED = template.read()["Resources"]["Api"]["Properties"]["GatewayResponses"]


def declared(body: str, **more):
    return {
        "DEFAULT_4XX": {
            "ResponseTemplates": {"application/json": body},
            "ResponseParameters": {"Headers": {"Content-Type": "'application/json'"}},
            **more,
        }
    }


@pytest.mark.parametrize("kind", DECLARED)
def test_every_gateway_response_of_the_template_is_a_problem_that_names_its_request(kind):
    answer = render(DECLARED, kind, "the-request", "why", 400)

    assert answer.content_type == "application/problem+json"
    assert answer.json["request_id"] == "the-request"
    assert answer.json.get("status", answer.status_code) == answer.status_code


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("$context.requestId", "the-request"),
        ("$context.error.message", 'why "so"'),
        ("$context.error.messageString", '"why \\"so\\""'),
        ("$context.error.responseType", "THROTTLED"),
        ("$context.nothing.known", ""),
    ],
)
def test_a_variable_is_replaced_by_its_value(variable, value):
    answer = render(declared(variable), "THROTTLED", "the-request", 'why "so"', 429)

    assert answer.get_data(as_text=True) == value


def test_a_response_without_a_status_of_its_own_keeps_the_one_it_replaces():
    assert render(declared("x"), "THROTTLED", "the-request", status=429).status_code == 429


def test_a_header_may_be_the_requests_id():
    assert render(DECLARED, "THROTTLED", "the-request").headers["X-Request-Id"] == "the-request"


def test_a_type_leads_to_the_page_that_the_laptop_serves_at_the_root():
    assert render(DECLARED, "THROTTLED", "the-request").json["type"] == "/docs/errors#rate_limited"


def test_headers_lose_the_quotes_that_api_gateway_wants():
    answer = render(DECLARED, "THROTTLED", "the-request")

    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("1", "no-store")
