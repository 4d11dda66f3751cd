"""An in-process AWS: moto, with the template deployed, its functions run for real, and its events delivered.

Rekognition alone is not moto's: the template's face function answers for it.

One at a time in a process: moto keeps its state in module globals.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import secrets
import threading
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any
from unittest import mock

import boto3
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import backends
from moto.awslambda.models import LambdaFunction
from moto.moto_server import werkzeug_app
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.wrappers import Response

from cari_face import models
from local import template
from local.aws import codedeploy, dynamodb, event_source, faults, kms, memory, rekognition
from local.http import callers
from local.http.serving import RequestHandler, port_of, serving, url_of
from local.iam import enforced, roles
from local.lambda_runtime import lending
from local.lambda_runtime.runtime import Pool

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from local.http.request_body import Refused
    from local.iam.policies import Statement
    from local.lambda_runtime.runtime_api import Outcome

REGION = "eu-west-1"
STACK = "cari-local"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
# What a container calls this machine, with or without a bucket before it: engines follow only addresses of our own.
FROM_DOCKER = re.compile(rb"http://(?:([a-z0-9-]+)\.)?host\.docker\.internal:(\d+)/")
NO_RETRIES = Config(retries={"total_max_attempts": 1})  # in one process a second try fails like the first
ENDING_S = 5
MODULES = frozenset(backends.list_of_moto_modules())
FRONT = "AWS::ApiGateway::"  # served by SAM's own front; moto's CloudFormation fails on some of these
# Resource policies, which moto does not enforce, what only watches, and the queue polling, which event_source does.
NOT_FOR_MOTO = frozenset(
    {
        "AWS::Lambda::Permission",
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Logs::MetricFilter",
        "AWS::SNS::Topic",
        "AWS::Lambda::EventSourceMapping",
    }
)
NAMED = {
    "AWS::Lambda::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::S3::Bucket": "BucketName",
}


@dataclass(eq=False)  # each is itself
class Cloud:
    """The deployed stack: where its services answer, its outputs, and its functions."""

    endpoint_url: str
    outputs: dict[str, str] = field(default_factory=dict)
    secret: str = field(default_factory=lambda: secrets.token_hex(20))  # by which its functions sign, and no page can
    pools: dict[str, Pool] = field(default_factory=dict)  # by the deployed function's name
    iam: enforced.Iam = field(default_factory=lambda: enforced.Iam({}))
    faults: faults.Faults = field(default_factory=faults.Faults)
    deliver: event_source.Deliver = event_source.once  # how a queue's messages reach their function

    def client(self, service: str) -> Any:
        """Make a boto3 client of this cloud."""
        return self._session().client(service, endpoint_url=self.endpoint_url, config=NO_RETRIES)

    def table(self, name: str) -> Any:
        """Make a boto3 handle of one of its tables."""
        return self._session().resource("dynamodb", endpoint_url=self.endpoint_url, config=NO_RETRIES).Table(name)

    def invoke(self, logical_id: str, event: bytes) -> Outcome:
        """Invoke a function by its name in the template."""
        return self.pools[_physical(logical_id)].invoke(event)

    def environment(self, logical_id: str) -> dict[str, str]:
        """Give the variables that a function was deployed with, and this cloud in place of AWS."""
        deployed = self.client("lambda").get_function_configuration(FunctionName=_physical(logical_id))
        variables = deployed.get("Environment", {}).get("Variables", {})
        return {
            **{name: str(value) for name, value in variables.items()},  # moto keeps numbers, Lambda has only text
            "AWS_ACCESS_KEY_ID": f"{enforced.PREFIX}{logical_id}",
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint_url,
        }

    def kill(self, logical_id: str) -> None:
        """End what runs of a function, in the middle of whatever it does."""
        self.pools[_physical(logical_id)].kill()

    def _session(self) -> Any:
        return boto3.Session(
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )


@contextlib.contextmanager
def running(
    listener: socket.socket, state: Path, log: IO[bytes], functions: Mapping[str, template.Function]
) -> Iterator[Cloud]:
    """Serve moto with the template deployed, and end everything on leaving. Raises TemplateRejected."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines name objects' keys
    cloud, stopping, pollers = Cloud(url_of(listener)), threading.Event(), list[threading.Thread]()
    moto = DomainDispatcherApplication(create_backend_app)
    with (
        mock.patch.object(werkzeug_app, "DISABLE_GLOBAL_CORS", True),  # it lets every page read everything
        memory.bounded(),
        serving(_guarded(moto, cloud, port_of(listener)), listener, _refuse, _CloudHandler) as url,
    ):
        requests.post(f"{url}/moto-api/reset", timeout=ENDING_S)
        with (
            mock.patch.object(LambdaFunction, "invoke", _invoke_through(cloud)),  # moto's own asks Docker
            mock.patch.object(backends, "list_of_moto_modules", return_value=MODULES),  # it asks the disk each time
            kms.signing_as_kms(),
            dynamodb.serving_as_dynamodb(),
        ):
            try:
                source = template.deployed(FaceModel=models.built_in().name)
                _deploy(cloud, source)
                cloud.iam.roles = _roles(cloud, source)
                cloud.iam.used = state / "iam.jsonl"
                for name, function in functions.items():
                    cloud.pools[_physical(name)] = Pool(function, cloud.environment(name), state, log)
                pollers += _start_pollers(cloud, source, stopping)
                yield cloud
            finally:
                stopping.set()
                for pool in cloud.pools.values():
                    pool.close()
                for poller in pollers:
                    poller.join(ENDING_S)


class _CloudHandler(RequestHandler, MotoRequestHandler):
    """Reads what AWS's services take: S3 more than memory here should hold at once."""

    max_body_bytes = 100 * 1024 * 1024


def _guarded(moto: WSGIApplication, cloud: Cloud, port: int) -> WSGIApplication:
    served = codedeploy.before(_with_rekognition(moto, cloud))
    programs = enforced.enforced(faults.injected(served, cloud.faults), cloud.iam)
    for_pages = callers.no_pages_but_uploads(programs, lambda: cloud.outputs.get("Bucket", ""), cloud.secret, _refuse)
    return callers.by_our_names(for_pages, port, _refuse)


def _refuse(refused: Refused) -> Response:
    return Response(f"{refused.sentence}\n", refused.status, content_type="text/plain; charset=utf-8")


def _with_rekognition(moto: WSGIApplication, cloud: Cloud) -> WSGIApplication:
    s3 = cloud.client("s3")
    return rekognition.before(
        moto,
        fitting=lambda request: lending.fitting(request, s3, cloud.outputs["Bucket"]),
        invoke=lambda event: cloud.invoke("FaceCompareFunction", event),
    )


def _deploy(cloud: Cloud, source: template.Template) -> None:
    s3, stacks = cloud.client("s3"), cloud.client("cloudformation")
    s3.create_bucket(Bucket=template.CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=template.CODE_BUCKET, Key=template.CODE_KEY, Body=_empty_zip())
    body = json.dumps(_for_moto(source))
    try:
        stacks.create_stack(StackName=STACK, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    except ClientError as error:
        raise template.TemplateRejected(f"moto does not deploy the template: {error}") from error
    stack = stacks.describe_stacks(StackName=STACK)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        reason = stack.get("StackStatusReason", stack["StackStatus"])
        raise template.TemplateRejected(f"moto does not deploy the template: {reason}")
    cloud.outputs.update({output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})
    for name, resource in source["Resources"].items():
        if resource["Type"] == "AWS::S3::Bucket":
            _notify(cloud, _deployed_name(stacks, name), resource["Properties"])
        elif resource["Type"] == "AWS::DynamoDB::Table":
            _expire(cloud, name, resource["Properties"])
            _keep_recoverable(cloud, name, resource["Properties"])


def _roles(cloud: Cloud, source: template.Template) -> dict[str, list[Statement]]:
    described = cloud.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    names = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in described}
    return roles.roles(roles.Deployed(source, names, REGION, STACK))


def _for_moto(source: template.Template) -> template.Template:
    """Leave out what moto cannot deploy or we do ourselves, and name what people want to find again."""
    resources = {
        name: resource
        for name, resource in source["Resources"].items()
        if not resource["Type"].startswith(FRONT) and resource["Type"] not in NOT_FOR_MOTO
    }
    for name, resource in resources.items():
        if resource["Type"] in NAMED:
            is_bucket = resource["Type"] == "AWS::S3::Bucket"  # whose names have no capitals
            resource["Properties"][NAMED[resource["Type"]]] = _physical(name).lower() if is_bucket else _physical(name)
        if resource["Type"] == "AWS::IAM::Role":  # local.iam enforces its policies
            plain = {key: value for key, value in resource["Properties"].items() if key != "Policies"}
            resources[name] = {**resource, "Properties": plain}
    missing = "|".join(source["Resources"].keys() - resources.keys())
    named = re.compile(rf'"({missing})"|\$\{{({missing})\}}')
    outputs = {name: told for name, told in source["Outputs"].items() if not named.search(json.dumps(told["Value"]))}
    return {**source, "Resources": resources, "Outputs": outputs}


def _physical(logical_id: str) -> str:
    return f"{STACK}-{logical_id}"


def _deployed_name(stacks: Any, logical_id: str) -> str:
    resource = stacks.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
    name: str = resource["StackResourceDetail"]["PhysicalResourceId"]
    return name


def _notify(cloud: Cloud, bucket: str, properties: dict[str, Any]) -> None:
    """Set a bucket's notifications, which moto's CloudFormation leaves out."""
    sqs = cloud.client("sqs")
    configurations = []
    for notification in properties.get("NotificationConfiguration", {}).get("QueueConfigurations", []):
        url = sqs.get_queue_url(QueueName=_physical(notification["Queue"]["Fn::GetAtt"][0]))["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules = notification["Filter"]["S3Key"]["Rules"]
        configurations.append(
            {"QueueArn": arn, "Events": [notification["Event"]], "Filter": {"Key": {"FilterRules": rules}}}
        )
    cloud.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": configurations}
    )


def _expire(cloud: Cloud, name: str, properties: dict[str, Any]) -> None:
    """Set a table's expiry, which moto's CloudFormation leaves out. moto says it and never erases anything."""
    if specification := properties.get("TimeToLiveSpecification"):
        cloud.client("dynamodb").update_time_to_live(TableName=_physical(name), TimeToLiveSpecification=specification)


def _keep_recoverable(cloud: Cloud, name: str, properties: dict[str, Any]) -> None:
    """Switch a table's point-in-time recovery on, which moto's CloudFormation leaves out."""
    if "PointInTimeRecoverySpecification" in properties:
        enabled = {"PointInTimeRecoveryEnabled": True}
        cloud.client("dynamodb").update_continuous_backups(
            TableName=_physical(name), PointInTimeRecoverySpecification=enabled
        )


def _invoke_through(cloud: Cloud) -> Any:
    def invoke(
        self: LambdaFunction,
        body: str | bytes,
        request_headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes:
        event = (body.encode() if isinstance(body, str) else body) or b"{}"
        kind = request_headers.get("X-Amz-Invocation-Type", "RequestResponse")
        event = FROM_DOCKER.sub(_from_here, event)
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


def _from_here(address: re.Match[bytes]) -> bytes:
    bucket, port = address.groups()
    return b"http://127.0.0.1:" + port + b"/" + (bucket + b"/" if bucket else b"")


def _start_pollers(cloud: Cloud, source: template.Template, stopping: threading.Event) -> Iterator[threading.Thread]:
    resources = source["Resources"].values()
    for mapping in [r["Properties"] for r in resources if r["Type"] == "AWS::Lambda::EventSourceMapping"]:
        queue = _physical(mapping["EventSourceArn"]["Fn::GetAtt"][0])
        invoke = _delivering(cloud, mapping["FunctionName"]["Fn::GetAtt"][0])
        poller = threading.Thread(
            target=event_source.poll, args=(cloud.client("sqs"), queue, invoke, mapping, stopping), daemon=True
        )
        poller.start()
        yield poller


def _delivering(cloud: Cloud, function: str) -> Callable[[bytes], Outcome]:
    invoke = cloud.pools[_physical(function)].invoke
    return lambda event: cloud.deliver(function, event, invoke)


def _empty_zip() -> bytes:
    """Satisfy moto, which wants code; the real code runs from the working tree."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("app.py", "")
    return written.getvalue()
