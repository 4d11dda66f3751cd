"""The port that a function's process asks: an outcome made up by a web page would be a verification made up."""

import pytest
import requests

from local.lambda_runtime.runtime_api import RuntimeApi

PATIENCE_S = 30
RESPONSE = "2018-06-01/runtime/invocation/any/response"


@pytest.fixture
def api():
    running = RuntimeApi("SampleFunction", 10)
    yield running
    running.close()


def posted(api, headers):
    return requests.post(f"http://{api.address}/{RESPONSE}", data=b'"approved"', headers=headers, timeout=PATIENCE_S)


def test_the_functions_own_process_is_heard(api):
    assert posted(api, {}).status_code == 202
    assert api.outcome(within_s=1).payload == b'"approved"'


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://page.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example"},
        {"Host": "127.0.0.1:1"},
    ],
)
def test_a_web_page_is_not(api, headers):
    assert posted(api, headers).status_code == 403
    assert api.outcome(within_s=0.1) is None


def test_a_web_page_takes_no_event(api):
    api.offer(b'{"secret": 1}')

    answer = requests.get(
        f"http://{api.address}/2018-06-01/runtime/invocation/next",
        headers={"Origin": "https://page.example"},
        timeout=PATIENCE_S,
    )

    assert (answer.status_code, b"secret" in answer.content) == (403, False)
