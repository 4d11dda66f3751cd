"""The template in moto as a deployed stack: by CloudFormation what moto's makes, the rest by AWS's own calls."""

import io
import json
import zipfile
from types import SimpleNamespace

import boto3
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT_ID

from cari_api.auth import keys
from local import template
from local.aws import cloud

REGION, STACK = cloud.REGION, cloud.STACK
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
PARAMETERS = {"AlarmEmail": "on-call@example.com"}
ACCOUNT_LIMIT = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}  # moto knows no such call
FACE = template.ROOT / "layers/face/cari_face"


def deploy():
    """Deploy, and give a session that sees all of it as AWS would show it."""
    source = template.deployed(**PARAMETERS)
    session = boto3.Session()
    s3 = session.client("s3")
    s3.create_bucket(Bucket=template.CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=template.CODE_BUCKET, Key=template.CODE_KEY, Body=cloud._empty_zip())  # noqa: SLF001
    session.client("cloudformation").create_stack(
        StackName=STACK,
        TemplateBody=json.dumps(_for_moto(source)),
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
    )
    listed = _listed(session)
    made = {**_gateway(session), **_alarms(session, source, listed["AlarmTopic"]), **_face_layer(session)}
    made |= {name: name for name in source["Resources"].keys() - listed.keys() - made.keys()}
    session.events.register("after-call.cloudformation.ListStackResources", _with(made, source))
    session.events.register("before-call.lambda.GetAccountSettings", _answering({"AccountLimit": ACCOUNT_LIMIT}))
    _settings(session, source, listed)
    keys.register(session.resource("dynamodb").Table(listed["ApiKeysTable"]), keys.new_key("dev"), _key())
    return session


def face_layer(path=FACE):
    """Zip so much of the face layer as the doctor looks at."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for file in [path / "models.toml", *(path / "weights").iterdir()]:
            archive.write(file, f"python/cari_face/{file.relative_to(path)}")
    return written.getvalue()


def _for_moto(source):
    """Add to what the local stack deploys what it leaves out and moto's CloudFormation makes."""
    known = cloud._for_moto(json.loads(json.dumps(source)))  # noqa: SLF001
    more = {"AWS::SNS::Topic", "AWS::Lambda::EventSourceMapping"}
    known["Resources"] |= {name: each for name, each in source["Resources"].items() if each["Type"] in more}
    known["Outputs"]["ApiUrl"] = {"Value": "https://api.example.com/dev"}
    return known


def _listed(session):
    answer = session.client("cloudformation").list_stack_resources(StackName=STACK)
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId") for each in answer["StackResourceSummaries"]}


def _gateway(session):
    client = session.client("apigateway")
    api = client.create_rest_api(name=STACK)["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    client.create_deployment(restApiId=api, stageName="dev")
    made = {"Api": api}
    for mode in ("Live", "Dev"):
        stages, throttle = [{"apiId": api, "stage": "dev"}], {"rateLimit": 20, "burstLimit": 20}
        plan = client.create_usage_plan(name=mode, apiStages=stages, throttle=throttle)["id"]
        key = client.create_api_key(name=mode, enabled=True, value=_usage_key(session, mode))["id"]
        client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
        made[f"{mode}UsagePlan"] = plan
    return made


def _usage_key(session, mode):
    function = session.client("lambda").get_function_configuration(FunctionName=f"{STACK}-AuthorizerFunction")
    return function["Environment"]["Variables"][f"USAGE_KEY_{mode.upper()}"]


def _alarms(session, source, topic):
    client, made = session.client("cloudwatch"), {}
    for name, each in source["Resources"].items():
        if each["Type"] == "AWS::CloudWatch::Alarm":
            client.put_metric_alarm(
                AlarmName=f"{STACK}-{name}",
                AlarmDescription=each["Properties"]["AlarmDescription"],
                ActionsEnabled=True,
                AlarmActions=[topic],
                Namespace="AWS/Lambda",
                MetricName="Errors",
                Statistic="Sum",
                Period=300,
                EvaluationPeriods=1,
                Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
            )
            client.set_alarm_state(AlarmName=f"{STACK}-{name}", StateValue="OK", StateReason="made")
            made[name] = f"{STACK}-{name}"
    return made


def _face_layer(session):
    content = {"ZipFile": face_layer()}
    published = session.client("lambda").publish_layer_version(LayerName="face", Content=content)
    return {"FaceLayer0123456789": published["LayerVersionArn"]}


def _settings(session, source, listed):
    """Set what moto's CloudFormation leaves out."""
    there = cloud.Cloud("")
    there.client, there.table = session.client, session.resource("dynamodb").Table
    dynamodb = session.client("dynamodb")
    policy = source["Resources"]["SigningKey"]["Properties"]["KeyPolicy"]
    key = get_backend("kms")[ACCOUNT_ID][REGION].keys[listed["SigningKey"]]
    key.policy = json.dumps(policy)  # moto's CloudFormation leaves it unwritten, and its KMS stumbles over that
    cloud._notify(there, listed["Bucket"], source["Resources"]["Bucket"]["Properties"])  # noqa: SLF001
    _bucket_settings(session.client("s3"), listed["Bucket"], source["Resources"]["Bucket"]["Properties"])
    for name, each in source["Resources"].items():
        if each["Type"] == "AWS::DynamoDB::Table":
            dynamodb.update_table(TableName=listed[name], DeletionProtectionEnabled=False)  # it takes "false" for true
            cloud._expire(there, name, each["Properties"])  # noqa: SLF001
            if "PointInTimeRecoverySpecification" in each["Properties"]:
                wanted = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
                dynamodb.update_continuous_backups(TableName=listed[name], PointInTimeRecoverySpecification=wanted)


def _bucket_settings(s3, name, written):
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=written["PublicAccessBlockConfiguration"])
    rules = [
        {
            "ID": rule["Id"],
            "Status": rule["Status"],
            "Filter": {"Prefix": rule.get("Prefix", "")},
            "Expiration": {"Days": 30 if isinstance(days, dict) else days},  # RetentionDays' default
        }
        for rule in written["LifecycleConfiguration"]["Rules"]
        for days in [rule.get("ExpirationInDays", 1)]
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})


def _key():
    return keys.KeyRecord(keys.new_tenant(), "dev", "active", name="first")


def _with(made, source):
    """Let the stack's list name what was made beside it."""

    def listing(parsed, **_):
        summaries = [each for each in parsed["StackResourceSummaries"] if each.get("PhysicalResourceId")]
        kinds = {name: each["Type"] for name, each in source["Resources"].items()}
        kinds["FaceLayer0123456789"] = "AWS::Lambda::LayerVersion"
        parsed["StackResourceSummaries"] = summaries + [
            {"LogicalResourceId": name, "PhysicalResourceId": physical, "ResourceType": kinds[name]}
            for name, physical in made.items()
        ]

    return listing


def _answering(answer):
    return lambda **_: (SimpleNamespace(status_code=200), answer)
