"""What the template promises about safety, read from the template itself."""

import json
import re
import tomllib
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace

import pytest

from cari_aws import clients
from cari_core import ids
from cari_face import models
from cari_verification.aws import lifecycle, listing, tenant_secrets
from cari_verification.uploads import USABLE_S
from functions.batch import jobs
from functions.verify import app as verify
from local import template

ROOT = Path(__file__).parents[3]
TEMPLATE = template.read()
RESOURCES = TEMPLATE["Resources"]
FUNCTIONS = {n: r["Properties"] for n, r in RESOURCES.items() if r["Type"] == "AWS::Serverless::Function"}
API_GATEWAY_TIMEOUT_S = 29
COLD_START_S = 5  # the verify function's, with a margin: it carries no OpenCV
SQS_MAX_DELAY_S = 900


def statements():
    for name, function in FUNCTIONS.items():
        for policy in function.get("Policies", []):
            branches = policy.get("Fn::If", [policy])
            for branch in branches:
                if isinstance(branch, dict):
                    for statement in branch.get("Statement", []):
                        yield name, statement


@pytest.mark.parametrize("statement", [pytest.param(s, id=f"{n}-{s['Sid']}") for n, s in statements()])
def test_no_function_may_do_everything_or_reach_everything(statement):
    actions = statement["Action"]

    assert not [action for action in actions if "*" in action]
    assert statement["Resource"] != "*" or all(action.startswith("rekognition:") for action in actions)


def test_verify_answers_before_the_gateway_gives_up():
    assert FUNCTIONS["VerifyFunction"]["Timeout"] < API_GATEWAY_TIMEOUT_S


def test_a_slow_call_is_a_202_before_the_gateway_gives_up_even_after_a_cold_start():
    assert verify.SYNCHRONOUS_S + COLD_START_S <= API_GATEWAY_TIMEOUT_S


@pytest.mark.parametrize("way", ["REQUEST_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"])
def test_the_gateway_names_the_way_for_what_it_does_not_take(way):
    body = json.loads(RESOURCES["Api"]["Properties"]["GatewayResponses"][way]["ResponseTemplates"]["application/json"])

    assert body["uploads"] == "/identity/uploads"


@pytest.mark.parametrize("engine", ["FaceCompareFunction", "MrzFunction", "MrzFallbackFunction"])
def test_an_engine_gives_up_before_verify_does(engine):
    timeout = FUNCTIONS[engine].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])

    assert timeout < FUNCTIONS["VerifyFunction"]["Timeout"]


def test_the_bucket_is_private_encrypted_and_forgets():
    bucket = RESOURCES["Bucket"]["Properties"]

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["BucketEncryption"]
    assert "ExpirationInDays" in json.dumps(bucket["LifecycleConfiguration"])


def test_unclaimed_uploads_expire_after_a_day():
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    uploads = next(rule for rule in rules if rule.get("Prefix") == "uploads/")
    assert (uploads["Status"], uploads["ExpirationInDays"] * 86_400) == ("Enabled", USABLE_S)


def test_only_verify_touches_uploads_and_only_under_their_prefix():
    touching = [(name, statement) for name, statement in statements() if "uploads" in str(statement["Resource"])]

    assert [(name, statement["Resource"]) for name, statement in touching] == [
        ("VerifyFunction", {"Fn::Sub": "${Bucket.Arn}/uploads/*"})
    ]
    assert set(touching[0][1]["Action"]) == {"s3:PutObject", "s3:GetObject", "s3:DeleteObject"}


@pytest.mark.parametrize("function", ["VerifyFunction", "WorkerFunction", "BatchFunction"])
def test_who_asks_engines_signs_pictures_and_reads_none(function):
    reading = [
        statement
        for name, statement in statements()
        if name == function and "s3:GetObject" in statement["Action"] and "images" in str(statement["Resource"])
    ]

    assert [statement["Condition"] for statement in reading] == [{"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}]


@pytest.mark.parametrize("function", ["FaceCompareFunction", "MrzFunction", "MrzFallbackFunction"])
def test_an_engine_may_call_nothing_but_rekognition(function):
    assert {action for name, statement in statements() if name == function for action in statement["Action"]} <= {
        "rekognition:CompareFaces",
        "rekognition:DetectFaces",
    }


def test_whoever_draws_on_pictures_reads_and_changes_nothing_but_counts():
    may = {
        (action, str(statement["Resource"]))
        for name, statement in statements()
        if name == "AnnotatedFunction"
        for action in statement["Action"]
    }

    assert may == {
        ("dynamodb:GetItem", "{'Fn::GetAtt': ['VerificationsTable', 'Arn']}"),
        ("s3:GetObject", "{'Fn::Sub': '${Bucket.Arn}/images/*'}"),
        ("dynamodb:UpdateItem", "{'Fn::GetAtt': ['QuotaTable', 'Arn']}"),
        ("kms:Decrypt", "{'Ref': 'DataKeyArn'}"),  # what was stored by it
    }


@pytest.mark.parametrize("function", ["SandboxFunction", "DocsFunction"])
def test_what_needs_no_key_may_call_nothing(function):
    assert "Policies" not in FUNCTIONS[function]


def test_whoever_decodes_pictures_neither_signs_nor_lists_nor_writes_policies_or_keys():
    may = {
        (action, str(statement["Resource"]))
        for name, statement in statements()
        if name == "VerifyFunction"
        for action in statement["Action"]
    }

    assert not {action for action, _ in may if action.startswith(("kms:Sign", "kms:GetPublicKey", "s3:List"))}
    assert not {one for one in may if "ApiKeysTable" in one[1] or "SigningKey" in one[1]}
    assert {action for action, resource in may if "TenantsTable" in resource} == {"dynamodb:GetItem"}
    assert {action for action, resource in may if "VerificationsTable" in resource} == {
        "dynamodb:GetItem",
        "dynamodb:PutItem",
    }
    assert not {one for one in may if one[0].startswith("s3:Delete") and "batch" in one[1]}


def test_whoever_signs_carries_no_picture_library():
    layers = {layer["Ref"] for layer in FUNCTIONS["RecordsFunction"]["Layers"]}

    assert not layers & {"IntakeLayer", "ImagingLayer"}


def test_every_attempt_of_the_worker_comes_before_the_deadline_and_the_deadline_before_sqs_forgets():
    queue = RESOURCES["WorkQueue"]["Properties"]
    attempts, apart_s = queue["RedrivePolicy"]["maxReceiveCount"], queue["VisibilityTimeout"]
    timeout_s = FUNCTIONS["WorkerFunction"]["Timeout"]
    handed_over_s = verify.SYNCHRONOUS_S  # at the latest

    assert (timeout_s, apart_s) == (lifecycle.ATTEMPT_S, lifecycle.APART_S)
    assert timeout_s < apart_s
    assert handed_over_s + (attempts - 1) * apart_s + timeout_s < lifecycle.DEADLINE_S < SQS_MAX_DELAY_S
    assert queue["MessageRetentionPeriod"] > lifecycle.DEADLINE_S + attempts * apart_s


def test_the_last_of_the_workers_deliveries_is_the_one_that_ends_what_engines_hold_up():
    queue = RESOURCES["WorkQueue"]["Properties"]
    last_s = (queue["RedrivePolicy"]["maxReceiveCount"] - 1) * queue["VisibilityTimeout"]
    case = SimpleNamespace(id=ids.new_id())
    made = ids.created_at(case.id)

    assert lifecycle.is_last_attempt(case, made + timedelta(seconds=last_s))
    assert not lifecycle.is_last_attempt(case, made + timedelta(seconds=last_s - queue["VisibilityTimeout"]))


def test_a_job_is_delivered_again_before_its_deadline_and_as_often_as_the_batch_function_thinks():
    queue = RESOURCES["BatchQueue"]["Properties"]

    assert queue["RedrivePolicy"]["maxReceiveCount"] == jobs.DELIVERIES
    assert queue["VisibilityTimeout"] + FUNCTIONS["BatchFunction"]["Timeout"] < lifecycle.BATCH_DEADLINE_S
    assert lifecycle.BATCH_DEADLINE_S + 1 <= SQS_MAX_DELAY_S


def test_the_jobs_of_one_call_have_time_enough_together():
    batch = FUNCTIONS["BatchFunction"]

    assert batch["Events"]["Jobs"]["Properties"]["BatchSize"] * jobs.JOB_TIME_S < batch["Timeout"]


def test_no_call_of_aws_outlasts_whoever_waits_for_it():
    assert clients.LONGEST_S < verify.SYNCHRONOUS_S < FUNCTIONS["VerifyFunction"]["Timeout"]
    assert clients.RETRYING.connect_timeout == clients.CONNECT_S
    assert clients.RETRYING.read_timeout == clients.READ_S
    assert clients.RETRYING.retries["total_max_attempts"] == clients.ATTEMPTS


def test_whoever_verifies_has_clients_of_bounded_patience():
    folders = [
        *(ROOT / "layers" / layer for layer in ("core", "aws", "verification", "api", "evidence")),
        *(ROOT / "functions" / name for name in ("verify", "records", "worker", "batch")),
    ]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    made = [call for file in files for call in re.findall(r"boto3\.(?:client|resource)\([^)]*", file.read_text())]

    assert len(made) > 5
    assert [call for call in made if "config=" not in call] == []


def test_whoever_signs_does_so_with_the_one_key_and_has_what_it_takes():
    signing = [(name, statement) for name, statement in statements() if "kms:Sign" in statement["Action"]]

    assert signing
    for name, statement in signing:
        alias = RESOURCES["SigningKeyAlias"]["Properties"]["AliasName"]
        assert statement["Condition"] == {"StringEquals": {"kms:RequestAlias": alias}}
        assert set(statement["Action"]) == {"kms:Sign", "kms:GetPublicKey"}
        assert FUNCTIONS[name]["Environment"]["Variables"]["SIGNING_KEY_ID"] == alias
        assert {"Ref": "EvidenceLayer"} in FUNCTIONS[name]["Layers"]


def test_the_signing_key_s_own_policy_lets_nobody_sign_but_the_records_function():
    (signs,) = using("SigningKey", "kms:Sign")

    assert signs["Condition"] == {"ArnEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["RecordsFunctionRole", "Arn"]}}}


def test_the_secrets_key_s_own_policy_lets_nobody_decrypt_but_who_may_by_its_role_and_for_secrets_alone():
    (opens,) = using("SecretsKey", "kms:Decrypt")
    alias = RESOURCES["SecretsKeyAlias"]["Properties"]["AliasName"]
    by_role = {
        name: statement["Condition"]["StringEquals"]
        for name, statement in statements()
        if statement["Sid"] == "OpenTenantSecrets"
    }

    assert opens["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": [{"Fn::GetAtt": [f"{name}Role", "Arn"]} for name in by_role]},
        "StringEquals": {"kms:EncryptionContext:purpose": tenant_secrets.PURPOSE},
    }
    assert list(by_role.values()) == [
        {"kms:RequestAlias": alias, "kms:EncryptionContext:purpose": tenant_secrets.PURPOSE}
    ] * len(by_role)
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["SECRETS_KEY_ID"] == alias


@pytest.mark.parametrize("key", ["SigningKey", "SecretsKey"])
def test_the_account_can_always_change_a_key_s_policy_and_never_use_or_lend_the_key(key):
    (administers,) = using(key, "kms:PutKeyPolicy")

    assert administers["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert "Condition" not in administers
    for use in (
        "kms:Sign",
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:CreateGrant",
    ):
        assert administers not in using(key, use)


def using(key, action):
    """The statements of a key's own policy that allow an action."""
    allowing = RESOURCES[key]["Properties"]["KeyPolicy"]["Statement"]
    listed = [each["Action"] if isinstance(each["Action"], list) else [each["Action"]] for each in allowing]
    return [
        each
        for each, actions in zip(allowing, listed, strict=True)
        if any(fnmatch(action, pattern) for pattern in actions)
    ]


def test_no_key_s_policy_names_a_role_that_names_the_key():
    roles = {name: json.dumps(each) for name, each in template.transformed()["Resources"].items() if "Role" in name}

    assert [
        name
        for name, said in roles.items()
        for key in ("SigningKey", "SecretsKey")
        if f'"{key}"' in said or f"{{{key}" in said
    ] == []


def test_the_keys_of_old_signatures_can_be_taken_away_by_nobody():
    (statement,) = [each for _, each in statements() if "SigningKeysTable" in str(each["Resource"])]

    assert set(statement["Action"]) == {"dynamodb:PutItem", "dynamodb:Query"}


def test_a_key_of_your_own_encrypts_all_that_is_stored():
    stored = {
        "AWS::S3::Bucket": "KMSMasterKeyID",
        "AWS::DynamoDB::Table": "KMSMasterKeyId",
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::SNS::Topic": "KmsMasterKeyId",
    }

    for name, resource in RESOURCES.items():
        if word := stored.get(resource["Type"]):
            said = json.dumps(resource["Properties"])
            assert (name, f'"{word}"' in said, '["HasDataKey", ' in said) == (name, True, True)
            assert '{"Ref": "DataKeyArn"}' in said, name


def test_a_key_of_your_own_is_used_through_the_services_that_hold_the_data_alone():
    for name, statement in statements():
        if statement["Resource"] == {"Ref": "DataKeyArn"}:
            others = {a.partition(":")[0] for n, s in statements() if n == name for a in s["Action"]}
            via = {
                each["Fn::Sub"].partition(".")[0] for each in statement["Condition"]["StringEquals"]["kms:ViaService"]
            }
            needed = {"s3", "dynamodb", "sqs"} & others
            assert (name, via) == (name, needed if name != "RecordsFunction" else needed - {"s3"})


@pytest.mark.parametrize("name", sorted({name for name, each in statements() if "Table" in str(each["Resource"])}))
def test_who_uses_a_table_may_use_the_key_of_your_own(name):
    assert [each for who, each in statements() if who == name and each["Resource"] == {"Ref": "DataKeyArn"}]


def test_the_signing_key_outlives_the_stack_as_its_bundles_do():
    key = RESOURCES["SigningKey"]

    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert (key["Properties"]["KeySpec"], key["Properties"]["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")


@pytest.mark.parametrize("table", ["VerificationsTable", "IdempotencyTable", "QuotaTable"])
def test_items_expire_by_themselves(table):
    table = RESOURCES[table]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_a_key_is_erased_long_after_it_expired_so_that_it_is_still_listed():
    table = RESOURCES["ApiKeysTable"]["Properties"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "erase_at", "Enabled": True}


def test_only_the_keys_function_makes_or_changes_keys_and_the_authorizer_notes_their_use_alone():
    writing = {
        name: statement
        for name, statement in statements()
        if "ApiKeysTable" in str(statement["Resource"])
        and {"dynamodb:PutItem", "dynamodb:UpdateItem"} & set(statement["Action"])
    }

    assert set(writing) == {"KeysFunction", "AuthorizerFunction"}
    attributes = writing["AuthorizerFunction"]["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert attributes == ["key_hash", "last_used_at"]


def test_keys_are_never_scanned_for():
    actions = {action for _, statement in statements() for action in statement["Action"]}

    assert "dynamodb:Scan" not in actions


@pytest.mark.parametrize("table", ["VerificationsTable", "ApiKeysTable"])
def test_tables_are_encrypted_and_can_be_restored(table):
    properties = RESOURCES[table]["Properties"]

    assert all(each["SSEEnabled"] for each in properties["SSESpecification"]["Fn::If"][1:])
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]


def verifications_index(name):
    indexes = RESOURCES["VerificationsTable"]["Properties"]["GlobalSecondaryIndexes"]
    return next(index for index in indexes if index["IndexName"] == name)


def test_the_index_by_status_has_what_filters_compare_and_neither_body_nor_evidence():
    assert verifications_index(listing.BY_STATUS)["Projection"] == {
        "ProjectionType": "INCLUDE",
        "NonKeyAttributes": ["type", "expires_at"],
    }


@pytest.mark.parametrize(
    ("spelled", "is_taken"),
    [
        ("1", True),
        ("1,4@1796083200", True),
        ("1,4@1796083200,16@1800000000", True),
        ("4", False),
        ("1,3@1796083200", False),
        ("1,4", False),
        ("", False),
    ],
)
def test_verifications_are_spread_by_what_can_be_read(spelled, is_taken):
    pattern = TEMPLATE["Parameters"]["OwnerShards"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, spelled)) == is_taken


def test_batch_results_start_no_jobs():
    notification = RESOURCES["Bucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"][0]

    prefixes = [rule["Value"] for rule in notification["Filter"]["S3Key"]["Rules"] if rule["Name"] == "prefix"]
    assert prefixes == ["batch/"]


@pytest.mark.parametrize(
    "status", ["UNAUTHORIZED", "ACCESS_DENIED", "REQUEST_TOO_LARGE", "THROTTLED", "INTEGRATION_TIMEOUT"]
)
def test_the_gateways_own_answers_are_problem_documents(status):
    response = RESOURCES["Api"]["Properties"]["GatewayResponses"][status]

    body = json.loads(response["ResponseTemplates"]["application/json"])
    assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
    assert {"type", "title", "status", "code", "detail", "request_id"} <= set(body)
    assert body["status"] == response["StatusCode"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_keeps_its_logs_for_a_bounded_time(function):
    group = {**TEMPLATE["Globals"]["Function"], **FUNCTIONS[function]}["LoggingConfig"]["LogGroup"]["Ref"]

    assert RESOURCES[group]["Properties"]["RetentionInDays"]


NAMES = ("BucketName", "TableName", "FunctionName", "QueueName", "LayerName", "LogGroupName", "RoleName", "Name")


def test_nothing_has_a_name_of_its_own_by_which_two_stacks_or_a_second_try_would_collide():
    named = {
        (name, told): resource["Properties"][told]
        for name, resource in RESOURCES.items()
        for told in NAMES
        if told in resource.get("Properties", {})
    }
    assert {at: value for at, value in named.items() if value not in ({"Ref": "AWS::StackName"}, {"Ref": "Logs"})} == {}
    assert RESOURCES["SigningKeyAlias"]["Properties"]["AliasName"] == {"Fn::Sub": "alias/${AWS::StackName}-signing"}


@pytest.mark.parametrize("key", ["LiveUsageKey", "DevUsageKey"])
def test_a_usage_key_is_of_one_stack_and_the_authorizer_knows_it(key):
    value = RESOURCES[key]["Properties"]["Value"]

    assert {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]} in value["Fn::Sub"][1].values()
    assert value in FUNCTIONS["AuthorizerFunction"]["Environment"]["Variables"].values()


THE_ACCOUNTS_OWN = {"GatewayAccount", "GatewayLogRole"}  # once set, other APIs depend on them


def test_what_failed_to_be_made_at_first_is_not_retained():
    retained = {
        name: resource["DeletionPolicy"] for name, resource in RESOURCES.items() if "DeletionPolicy" in resource
    }

    assert {name for name, policy in retained.items() if policy != "RetainExceptOnCreate"} == THE_ACCOUNTS_OWN


@pytest.mark.parametrize("queue", [name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"])
def test_a_queue_keeps_a_message_as_long_as_sqs_can(queue):
    assert RESOURCES[queue]["Properties"]["MessageRetentionPeriod"] == 14 * 86_400


@pytest.mark.parametrize("queue", ["WorkQueue", "BatchQueue"])
def test_a_message_is_tried_five_times_before_it_is_laid_aside(queue):
    assert RESOURCES[queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"] >= 5


def test_every_layer_makes_the_functions_that_carry_it_publish_a_version():
    layers = [each["Properties"] for each in RESOURCES.values() if each["Type"] == "AWS::Serverless::LayerVersion"]

    assert all(each["PublishLambdaVersion"] is True for each in layers)
    assert all(each["AutoPublishAliasAllProperties"] is True for each in FUNCTIONS.values())
    assert all(each["AutoPublishCodeSha256"] == {"Ref": "Release"} for each in FUNCTIONS.values())


BOUNDS = {
    "AuthorizerConcurrency": {"AuthorizerFunction"},
    "VerifyConcurrency": {"VerifyFunction"},
    "EngineConcurrency": {"FaceCompareFunction", "MrzFunction"},
}


@pytest.mark.parametrize("parameter", BOUNDS)
def test_a_concurrency_is_kept_for_what_its_parameter_names_and_for_nothing_unless_it_is_set(parameter):
    translated = template.transformed()
    kept = {
        value: {
            name
            for name, each in template.with_parameters(translated, **{parameter: value})["Resources"].items()
            if "ReservedConcurrentExecutions" in each.get("Properties", {})
        }
        for value in ("0", "7")
    }

    assert kept == {"0": set(), "7": BOUNDS[parameter]}


@pytest.mark.parametrize(("value", "is_bounded"), [("0", False), ("100", True)])
def test_an_address_is_bounded_by_waf_only_where_it_is_asked_for(value, is_bounded):
    deployed = template.with_parameters(template.transformed(), RequestsPerAddress=value)

    assert ("AddressRules" in deployed["Resources"], "AddressRulesOfApi" in deployed["Resources"]) == (is_bounded,) * 2


RELEASED = ("VerifyFunction", "RecordsFunction")  # by CodeDeploy, through an alias


@pytest.mark.parametrize("function", RELEASED)
def test_a_release_verifies_specimens_before_it_gets_traffic_and_goes_back_by_an_alarm_of_its_own(function):
    rollout = FUNCTIONS[function]["DeploymentPreference"]
    own = {"Ref": function.replace("Function", "ReleaseAlarm")}
    _, gradual, at_once = rollout["Alarms"]["Fn::If"]

    assert rollout["Hooks"] == {"PreTraffic": {"Ref": "PreTrafficFunction"}}
    assert (at_once, own in gradual, len(gradual) > 1) == ([own], True, True)
    assert {"Name": "ExecutedVersion", "Value": {"Fn::GetAtt": [function, "Version.Version"]}} in RESOURCES[own["Ref"]][
        "Properties"
    ]["Dimensions"]


def test_the_hook_may_call_the_new_versions_and_nothing_else_of_ours():
    may = [(statement["Action"], statement["Resource"]) for name, statement in statements() if name.startswith("PreT")]

    assert may[0] == (
        ["lambda:InvokeFunction"],
        [
            {"Ref": "VerifyFunction.Version"},
            {"Ref": "RecordsFunction.Version"},
            {"Fn::GetAtt": ["SandboxFunction", "Arn"]},
        ],
    )
    assert [action for action, _ in may[1:]] == [["codedeploy:PutLifecycleEventHookExecutionStatus"]]


def test_the_face_models_are_those_of_the_registry_and_the_one_that_production_gets_is_named():
    entries = models.registry()
    production = tomllib.loads((ROOT / "samconfig.toml").read_text())["prod"]["deploy"]["parameters"]

    parameter = TEMPLATE["Parameters"]["FaceModel"]

    assert set(parameter["AllowedValues"]) == entries.keys()
    assert entries[parameter["Default"]]["calibration"].keys() == set(models.PairKind)
    assert re.search(r"\bFaceModel=(\S+)", production["parameter_overrides"]).group(1) in entries
