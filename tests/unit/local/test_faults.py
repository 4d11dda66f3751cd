"""A function's SDK meets what a fault says, in the exceptions that AWS would make it raise."""

import json
import threading

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from local.aws.faults import (
    Fault,
    Faults,
    cancelling,
    crashing,
    injected,
    losing_the_answer,
    refusing,
    slow,
)
from local.iam.enforced import Iam, enforced
from local.iam.policies import Statement

SIGNED = {"KeyId": "key", "Message": b"message", "SigningAlgorithm": "ECDSA_SHA_256"}
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def cloud():
    """A cloud that takes everything and counts it, with faults before it; `function` makes clients of one's role."""
    faults, done = Faults(), []

    def everything(environ, start_response):
        done.append(environ["REQUEST_METHOD"])
        body = "" if environ["HTTP_AUTHORIZATION"].count("/s3/") else "{}"
        return Response(body, content_type="application/x-amz-json-1.0")(environ, start_response)

    allowed = Iam({"VerifyFunction": [Statement("All", "Allow", ("*",), ("*",), {})]})
    server = make_server("127.0.0.1", 0, enforced(injected(everything, faults), allowed), threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def client(service, function="VerifyFunction"):
        session = boto3.Session(f"role-{function}", "secret", region_name="eu-west-1")
        return session.client(service, endpoint_url=f"http://127.0.0.1:{server.server_port}", config=ONCE)

    yield client, faults, done
    server.shutdown()


def put(client):
    return client.put_item(TableName="table", Item={"id": {"S": "1"}})


def code_of(act):
    with pytest.raises(ClientError) as refused:
        act()
    return refused.value.response["Error"]["Code"]


def test_where_nothing_fails_nothing_is_changed(cloud):
    client, _, done = cloud

    put(client("dynamodb"))

    assert done == ["POST"]


@pytest.mark.parametrize(
    ("service", "action", "act", "code", "status"),
    [
        ("dynamodb", "dynamodb:PutItem", put, "ProvisionedThroughputExceededException", 400),
        ("s3", "s3:PutObject", lambda it: it.put_object(Bucket="b", Key="k", Body=b""), "SlowDown", 503),
        (
            "sqs",
            "sqs:SendMessage",
            lambda it: it.send_message(QueueUrl="http://q/q", MessageBody="b"),
            "Throttling",
            400,
        ),
        (
            "kms",
            "kms:Sign",
            lambda it: it.sign(KeyId="k", Message=b"m", SigningAlgorithm="ECDSA_SHA_256"),
            "KMSInternalException",
            500,
        ),
        ("lambda", "lambda:InvokeFunction", lambda it: it.invoke(FunctionName="f"), "TooManyRequestsException", 429),
    ],
)
def test_a_refusal_is_the_services_own(cloud, service, action, act, code, status):
    client, faults, done = cloud
    faults.now = [Fault(action, refusing(code, status))]

    assert (code_of(lambda: act(client(service))), done) == (code, [])


def test_a_transaction_is_cancelled_for_a_reason(cloud):
    client, faults, _ = cloud
    faults.now = [Fault("dynamodb:PutItem", cancelling("TransactionConflict"))]
    writes = [{"Put": {"TableName": "table", "Item": {"id": {"S": name}}}} for name in "ab"]

    with pytest.raises(ClientError) as cancelled:
        client("dynamodb").transact_write_items(TransactItems=writes)

    assert [reason["Code"] for reason in cancelled.value.response["CancellationReasons"]] == [
        "TransactionConflict",
        "None",
    ]


def test_a_crash_is_an_answer_of_lambdas(cloud):
    client, faults, _ = cloud
    faults.now = [Fault("lambda:InvokeFunction", crashing("Runtime.ExitError"))]

    answer = client("lambda").invoke(FunctionName="engine")

    assert (answer["FunctionError"], json.loads(answer["Payload"].read())["errorType"]) == (
        "Unhandled",
        "Runtime.ExitError",
    )


def test_an_answer_that_is_lost_is_of_what_was_done(cloud):
    client, faults, done = cloud
    faults.now = [Fault("dynamodb:PutItem", losing_the_answer("InternalServerError", 500))]

    assert (code_of(lambda: put(client("dynamodb"))), done) == ("InternalServerError", ["POST"])


def test_what_is_slow_is_done(cloud):
    client, faults, done = cloud
    faults.now = [Fault("dynamodb:PutItem", slow(0.01))]

    put(client("dynamodb"))

    assert (done, faults.now[0].met) == (["POST"], 1)


@pytest.mark.parametrize("other", [{"resource": "another"}, {"function": "WorkerFunction"}, {"times": 0}, {"share": 0}])
def test_whom_it_is_not_about_it_spares(cloud, other):
    client, faults, done = cloud
    faults.now = [Fault("dynamodb:PutItem", refusing("ThrottlingException", 400), **other)]

    put(client("dynamodb"))

    assert (done, faults.now[0].met) == (["POST"], 0)


def test_a_share_of_the_calls_is_the_same_each_time():
    def met():
        faults = Faults([Fault("dynamodb:PutItem", slow(0), share=0.2)])
        return [faults.chance.random() < faults.now[0].share for _ in range(20)]

    assert met() == met()
