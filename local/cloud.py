"""An in-process AWS: moto, with the template deployed, its functions run for real, and its events delivered."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import threading
import time
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import boto3
from moto.awslambda.models import LambdaFunction
from moto.server import ThreadedMotoServer

from local import template
from local.runtime import Outcome, Pool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REGION = "eu-west-1"
STACK = "cari-local"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
FRONT = "AWS::ApiGateway::"  # served by SAM's own front; moto's CloudFormation fails on some of these
# Permissions, which moto does not enforce, and the queue polling, which `_poll` does.
NOT_FOR_MOTO = frozenset(
    {
        "AWS::Lambda::Permission",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::Lambda::EventSourceMapping",
    }
)
NAMED = {"AWS::Lambda::Function": "FunctionName", "AWS::DynamoDB::Table": "TableName", "AWS::SQS::Queue": "QueueName"}
POLL_S = 0.3


@dataclass
class Cloud:
    """The deployed stack: where its services answer, its outputs, and its functions."""

    endpoint_url: str
    outputs: dict[str, str]
    pools: dict[str, Pool]  # by the deployed function's name
    stopping: threading.Event = field(default_factory=threading.Event)

    def client(self, service: str) -> Any:
        """Make a boto3 client of this cloud."""
        return self._session().client(service, endpoint_url=self.endpoint_url)

    def table(self, name: str) -> Any:
        """Make a boto3 handle of one of its tables."""
        return self._session().resource("dynamodb", endpoint_url=self.endpoint_url).Table(name)

    def _session(self) -> Any:
        return boto3.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )

    def invoke(self, logical_id: str, event: bytes) -> Outcome:
        """Invoke a function by its name in the template."""
        return self.pools[_physical(logical_id)].invoke(event)


@contextlib.contextmanager
def running(state: Path, log: IO[bytes], *, port: int = 0) -> Any:
    """Start moto on 127.0.0.1, deploy the template into it, and end everything on leaving."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines name objects' keys
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, bound = server.get_host_and_port()
    cloud = Cloud(f"http://{host}:{bound}", {}, {})
    try:
        _deploy(cloud, state, log)
        yield cloud
    finally:
        cloud.stopping.set()
        for pool in cloud.pools.values():
            pool.close()
        server.stop()


def _deploy(cloud: Cloud, state: Path, log: IO[bytes]) -> None:
    source = template.transformed()
    LambdaFunction.invoke = _invoke_through(cloud)  # type: ignore[method-assign]  # moto's own asks Docker
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=template.CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=template.CODE_BUCKET, Key=template.CODE_KEY, Body=_empty_zip())
    stacks = cloud.client("cloudformation")
    stacks.create_stack(StackName=STACK, TemplateBody=json.dumps(_for_moto(source)), Capabilities=["CAPABILITY_IAM"])
    stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise SystemExit(f"the template does not deploy: {stack.get('StackStatusReason', stack['StackStatus'])}")
    cloud.outputs.update({output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})
    for name, function in template.functions().items():
        cloud.pools[_physical(name)] = Pool(function, _environment(cloud, name), state, log)
    _deliver_events(cloud, source)


def _for_moto(source: template.Template) -> template.Template:
    """Leave out what moto cannot deploy or we do ourselves, and name what people want to find again."""
    resources = {
        name: resource
        for name, resource in source["Resources"].items()
        if not resource["Type"].startswith(FRONT) and resource["Type"] not in NOT_FOR_MOTO
    }
    for name, resource in resources.items():
        if resource["Type"] in NAMED:
            resource["Properties"][NAMED[resource["Type"]]] = _physical(name)
        if resource["Type"] == "AWS::IAM::Role":
            resource["Properties"].pop("Policies", None)  # moto enforces none, and stumbles over conditional ones
    outputs = {name: value for name, value in source["Outputs"].items() if name != "ApiUrl"}
    return {**source, "Resources": resources, "Outputs": outputs}


def _physical(logical_id: str) -> str:
    return f"{STACK}-{logical_id}"


def _environment(cloud: Cloud, name: str) -> dict[str, str]:
    """Give a function the variables that it was deployed with, and this cloud in place of AWS."""
    deployed = cloud.client("lambda").get_function_configuration(FunctionName=_physical(name))
    variables = deployed.get("Environment", {}).get("Variables", {})
    return {
        **{name: str(value) for name, value in variables.items()},  # moto keeps numbers, Lambda has only text
        **CREDENTIALS,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
    }


def _invoke_through(cloud: Cloud) -> Any:
    def invoke(
        self: LambdaFunction,
        body: str | bytes,
        request_headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes:
        event = (body.encode() if isinstance(body, str) else body) or b"{}"
        kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse")
        pool = cloud.pools[self.function_name]
        if kind == "Event":  # once; AWS would try a failed one twice more
            threading.Thread(target=pool.invoke, args=(event,), daemon=True).start()
        if kind != "RequestResponse":
            return b""
        outcome = pool.invoke(event)
        if outcome.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return outcome.payload

    return invoke


def _deliver_events(cloud: Cloud, source: template.Template) -> None:
    """Do after deployment what moto's CloudFormation leaves out: bucket notifications and queue polling."""
    resources = source["Resources"]
    for bucket in [resource for resource in resources.values() if resource["Type"] == "AWS::S3::Bucket"]:
        _notify(cloud, bucket["Properties"])
    for mapping in [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Lambda::EventSourceMapping"]:
        queue = mapping["EventSourceArn"]["Fn::GetAtt"][0]
        function = mapping["FunctionName"]["Ref"]
        threading.Thread(
            target=_poll, args=(cloud, _physical(queue), function, mapping["BatchSize"]), daemon=True
        ).start()


def _notify(cloud: Cloud, bucket: dict[str, Any]) -> None:
    sqs = cloud.client("sqs")
    configurations = []
    for notification in bucket["NotificationConfiguration"]["QueueConfigurations"]:
        url = sqs.get_queue_url(QueueName=_physical(notification["Queue"]["Fn::GetAtt"][0]))["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules = notification["Filter"]["S3Key"]["Rules"]
        configurations.append(
            {"QueueArn": arn, "Events": [notification["Event"]], "Filter": {"Key": {"FilterRules": rules}}}
        )
    cloud.client("s3").put_bucket_notification_configuration(
        Bucket=cloud.outputs["Bucket"], NotificationConfiguration={"QueueConfigurations": configurations}
    )


def _poll(cloud: Cloud, queue: str, function: str, batch_size: int) -> None:
    """Be the event source mapping: feed messages to the function, delete those it does not report as failed.

    moto's own mapping runs inside SendMessage and knows no partial failures.
    """
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    while not cloud.stopping.is_set():
        with contextlib.suppress(Exception):  # the stack may be ending under us
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=batch_size).get("Messages", [])
            if messages:
                _feed(cloud, function, messages, url, arn)
                continue
        time.sleep(POLL_S)


def _feed(cloud: Cloud, function: str, messages: list[dict[str, Any]], url: str, arn: str) -> None:
    records = [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {},
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": arn,
            "awsRegion": REGION,
        }
        for message in messages
    ]
    outcome = cloud.invoke(function, json.dumps({"Records": records}).encode())
    if outcome.failed:
        return
    failed = {failure["itemIdentifier"] for failure in json.loads(outcome.payload)["batchItemFailures"]}
    for message in messages:
        if message["MessageId"] not in failed:
            cloud.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _empty_zip() -> bytes:
    """Satisfy moto, which wants code; the real code runs from the working tree."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("app.py", "")
    return written.getvalue()
