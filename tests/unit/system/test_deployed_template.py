"""What CloudFormation gets, for both processors, both face backends and every way to start."""

import itertools
import json
import re

import pytest

from local import template

TRANSFORMED = template.transformed()
CHOICES = [
    {"Architecture": processor, "FaceBackend": backend, "StartMode": start}
    for processor, backend, start in itertools.product(
        ("x86_64", "arm64"), ("bundled", "rekognition"), ("on-demand", "snapstart", "provisioned")
    )
]
DEPLOYED = {" ".join(chosen.values()): (chosen, template.with_parameters(TRANSFORMED, **chosen)) for chosen in CHOICES}
WAITED_FOR = {"AuthorizerFunction", "VerifyFunction", "RecordsFunction", "FaceCompareFunction", "MrzFunction"}
LARGEST_LAYER_COUNT, LONGEST_TIMEOUT_S = 5, 900

pytestmark = pytest.mark.parametrize(("chosen", "deployed"), DEPLOYED.values(), ids=DEPLOYED)


def of_type(deployed, kind):
    return {name: each["Properties"] for name, each in deployed["Resources"].items() if each["Type"] == kind}


def test_every_function_and_layer_is_of_the_processor_that_was_chosen(chosen, deployed):
    functions, layers = of_type(deployed, "AWS::Lambda::Function"), of_type(deployed, "AWS::Lambda::LayerVersion")

    assert {str(each["Architectures"]) for each in functions.values()} == {f"['{chosen['Architecture']}']"}
    assert {str(each["CompatibleArchitectures"]) for each in layers.values()} == {f"['{chosen['Architecture']}']"}


def test_rekognition_may_be_asked_exactly_where_it_compares(chosen, deployed):
    roles = of_type(deployed, "AWS::IAM::Role")
    asking = {name for name, role in roles.items() if "rekognition:" in json.dumps(role.get("Policies", []))}
    face = of_type(deployed, "AWS::Lambda::Function")["FaceCompareFunction"]

    assert asking == ({"FaceCompareFunctionRole"} if chosen["FaceBackend"] == "rekognition" else set())
    assert face["Environment"]["Variables"]["FACE_BACKEND"] == chosen["FaceBackend"]


def test_what_a_caller_waits_for_starts_as_was_chosen_and_nothing_else_does(chosen, deployed):
    functions, aliases = of_type(deployed, "AWS::Lambda::Function"), of_type(deployed, "AWS::Lambda::Alias")
    from_snapshot = {
        name for name, each in functions.items() if each.get("SnapStart") == {"ApplyOn": "PublishedVersions"}
    }
    kept_ready = {each["FunctionName"]["Ref"] for each in aliases.values() if "ProvisionedConcurrencyConfig" in each}

    assert from_snapshot == (WAITED_FOR if chosen["StartMode"] == "snapstart" else set())
    assert kept_ready == (WAITED_FOR if chosen["StartMode"] == "provisioned" else set())


def test_a_function_is_within_lambdas_bounds(chosen, deployed):  # noqa: ARG001  # all the same
    for name, function in of_type(deployed, "AWS::Lambda::Function").items():
        assert len(function.get("Layers", [])) <= LARGEST_LAYER_COUNT, name
        assert int(function["Timeout"]) <= LONGEST_TIMEOUT_S, name
        assert function.get("PackageType") == "Image" or function["Runtime"] == "python3.13", name


def test_no_role_may_do_everything_or_reach_everything(chosen, deployed):  # noqa: ARG001
    for name, role in of_type(deployed, "AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not [action for action in actions if "*" in action], name
                assert statement["Resource"] != "*" or all(each.startswith("rekognition:") for each in actions), name


def test_engines_are_asked_by_the_version_that_the_askers_role_names(chosen, deployed):  # noqa: ARG001
    functions, roles = of_type(deployed, "AWS::Lambda::Function"), of_type(deployed, "AWS::IAM::Role")
    asked = [name for name, each in functions.items() if "MRZ_FUNCTION" in each["Environment"]["Variables"]]

    assert {"VerifyFunction", "WorkerFunction", "BatchFunction"} <= set(asked)
    for name in asked:
        told = functions[name]["Environment"]["Variables"]
        (statement,) = [
            each
            for policy in roles[f"{name}Role"]["Policies"]
            for each in policy["PolicyDocument"]["Statement"]
            if each["Action"] == ["lambda:InvokeFunction"]
        ]
        engines = [told[each] for each in ("FACE_COMPARE_FUNCTION", "MRZ_FUNCTION", "MRZ_FALLBACK_FUNCTION")]
        assert statement["Resource"] == engines
        assert all(each["Ref"].endswith("Aliaslive") for each in engines)


def test_callers_and_queues_ask_the_version_that_is_live(chosen, deployed):  # noqa: ARG001
    body = json.dumps(of_type(deployed, "AWS::ApiGateway::RestApi")["Api"]["Body"])
    asked = set(re.findall(r"functions/\$\{(\w+)\}/invocations", body))
    polled = {each["FunctionName"]["Ref"] for each in of_type(deployed, "AWS::Lambda::EventSourceMapping").values()}

    assert asked - {"__FunctionArn__"} | polled <= of_type(deployed, "AWS::Lambda::Alias").keys()
    assert '"__FunctionArn__": {"Ref": "AuthorizerFunctionAliaslive"}' in body


def test_every_method_asks_for_a_key_but_those_that_are_throttled_by_themselves(chosen, deployed):  # noqa: ARG001
    paths = of_type(deployed, "AWS::ApiGateway::RestApi")["Api"]["Body"]["paths"]
    settings = of_type(deployed, "AWS::ApiGateway::Stage")["ApiStage"]["MethodSettings"]
    without_key = {
        (path, method.upper())
        for path, methods in paths.items()
        for method, told in methods.items()
        if method != "options"
        and {"ApiKeyAuthorizer", "api_key"} - {name for each in told["security"] for name in each}
    }
    throttled = {
        (each["ResourcePath"].replace("/~1", "/").replace("~1", "/"), each["HttpMethod"])
        for each in settings
        if int(each["ThrottlingRateLimit"]) <= 20
    }

    assert without_key
    assert without_key == throttled


def test_whatever_holds_data_is_encrypted_and_closed_to_the_public(chosen, deployed):  # noqa: ARG001
    for name, bucket in of_type(deployed, "AWS::S3::Bucket").items():
        assert bucket["BucketEncryption"], name
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
    assert all(each["SSESpecification"]["SSEEnabled"] for each in of_type(deployed, "AWS::DynamoDB::Table").values())
    queues = of_type(deployed, "AWS::SQS::Queue").values()
    assert all(each.get("SqsManagedSseEnabled") or each.get("KmsMasterKeyId") for each in queues)


def test_the_bucket_and_the_queues_that_others_write_to_take_tls_alone(chosen, deployed):  # noqa: ARG001
    policies = [
        *of_type(deployed, "AWS::S3::BucketPolicy").values(),
        *of_type(deployed, "AWS::SQS::QueuePolicy").values(),
    ]

    assert len(policies) == 3
    for policy in policies:
        denied = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in [each["Condition"] for each in denied]


def test_no_permission_lets_another_account_call_a_function(chosen, deployed):  # noqa: ARG001
    for name, permission in of_type(deployed, "AWS::Lambda::Permission").items():
        assert permission["Principal"] == "apigateway.amazonaws.com", name
        assert permission["SourceArn"], name
