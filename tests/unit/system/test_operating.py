"""Every alarm has its section of docs/operating.md, and alarms and dashboard watch what the code really tells."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from local import template

ROOT = Path(__file__).parents[3]
RESOURCES = template.read()["Resources"]
ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
FILTERS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::Logs::MetricFilter"}
OPERATING = (ROOT / "docs/operating.md").read_text()
API = RESOURCES["Api"]["Properties"]
BODY = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
NAMED = re.compile(r"\$\{([\w:]+)(?:\.\w+)?\}")
WIDGETS = [widget["properties"] for widget in json.loads(NAMED.sub(r"<\1>", BODY))["widgets"]]
PANELS = {widget["title"]: widget for widget in WIDGETS}
SHOWN = [metric for widget in WIDGETS for metric in widget.get("metrics", [])]
SOURCES = "".join(file.read_text() for folder in ("layers", "functions") for file in (ROOT / folder).rglob("*.py"))


def sections():
    return {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", OPERATING, re.MULTILINE)}


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_names_its_section_of_the_runbook(alarm):
    page, _, section = ALARMS[alarm]["AlarmDescription"].rpartition(" ")[2].partition("#")

    assert (page, section in sections(), f"`{alarm}`" in OPERATING) == ("docs/operating.md", True, True)


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_tells_somebody_and_says_when_it_is_over(alarm):
    told = [{"Ref": "AlarmTopic"}]

    assert (ALARMS[alarm]["AlarmActions"], ALARMS[alarm]["OKActions"]) == (told, told)


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_counted_in_the_logs_is_a_message_of_the_code(name):
    (message,) = re.findall(r'\$\.message = "(.+)"', FILTERS[name]["FilterPattern"])

    assert f'"{message}"' in SOURCES


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_counted_in_the_logs_has_an_alarm(name):
    (counted,) = FILTERS[name]["MetricTransformations"]

    assert [alarm for alarm in ALARMS.values() if alarm.get("MetricName") == counted["MetricName"]]


def test_every_alarm_is_on_the_dashboard():
    assert set(PANELS["Alarms"]["alarms"]) == {f"<{name}>" for name in ALARMS}


def test_the_dashboard_names_what_the_template_has():
    parameters = template.read()["Parameters"]

    assert {name for name in NAMED.findall(BODY) if not name.startswith("AWS::")} <= {*RESOURCES, *parameters}


def own_metrics():
    """The metrics of ours on the dashboard: by name, or searched for by their dimensions."""
    for metric in SHOWN:
        if isinstance(metric[0], dict):
            yield tuple(re.findall(r"<AWS::StackName>\",([\w,]+)\} MetricName=\"(\w+)\"", metric[0]["expression"])[0])
        elif metric[0] == "<AWS::StackName>":
            yield "", metric[1]


@pytest.mark.parametrize(("dimensions", "name"), [*own_metrics()])
def test_a_metric_of_ours_on_the_dashboard_is_one_that_is_written(dimensions, name):
    counted = {each["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()}
    written = re.findall(rf'"{name}": .*?by=(\{{[^}}]+\}})', SOURCES)

    assert name in counted or f'"{name}"' in SOURCES
    assert [",".join(re.findall(r'"(\w+)":', each)) for each in written] in ([], [dimensions])


@pytest.mark.parametrize(
    "route",
    [
        *({told["Name"]: told["Value"] for told in alarm.get("Dimensions", [])} for alarm in ALARMS.values()),
        *(dict(zip(metric[2:-1:2], metric[3:-1:2], strict=True)) for metric in SHOWN if "Method" in metric),
    ],
    ids=lambda route: f"{route.get('Method', '')} {route.get('Resource', '')}",
)
def test_what_is_watched_by_route_is_measured_by_route(route):
    measured = {
        (setting["HttpMethod"], setting["ResourcePath"][1:].replace("~1", "/"))
        for setting in API["MethodSettings"]
        if setting.get("MetricsEnabled")
    }

    assert "Method" not in route or (route["Method"], route["Resource"]) in measured


def test_verifying_and_reading_are_watched_apart():
    latencies = [alarm for alarm in ALARMS.values() if alarm.get("MetricName") == "Latency"]

    routes = {tuple(told["Value"] for told in alarm["Dimensions"][2:]) for alarm in latencies}
    assert routes == {("/identity/verify", "POST"), ("/identity/verify/{id}", "GET")}
    assert {alarm["ExtendedStatistic"] for alarm in latencies} == {"p95"}


def access_log():
    _, setting, nothing = API["AccessLogSetting"]["Fn::If"]
    assert nothing == {"Ref": "AWS::NoValue"}
    return setting


def test_an_access_log_is_json_and_says_neither_who_called_nor_what_for():
    line = json.loads(access_log()["Format"])

    told = set(re.findall(r"\$context\.([\w.]+)", " ".join(line.values())))
    assert (line["request_id"], line["route"]) == ("$context.requestId", "$context.httpMethod $context.resourcePath")
    assert told == {
        *("requestId", "httpMethod", "resourcePath", "status", "responseLatency", "responseLength"),
        *("integrationLatency", "integration.requestId", "authorizer.integrationLatency", "error.responseType"),
        "xrayTraceId",
    }


def test_access_logs_have_a_group_of_their_own_that_forgets():
    (group, attribute) = access_log()["DestinationArn"]["Fn::GetAtt"]

    assert (attribute, RESOURCES[group]["Properties"]["RetentionInDays"]) == ("Arn", {"Ref": "LogRetentionDays"})


@pytest.mark.parametrize("name", ["GatewayAccount", "GatewayLogRole"])
def test_what_others_in_the_account_may_log_by_outlives_the_stack(name):
    resource = RESOURCES[name]

    assert (resource["Condition"], resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (
        "MakesLogRole",
        "Retain",
        "Retain",
    )


def test_a_stack_that_says_nothing_of_access_logs_changes_nothing_of_the_account():
    assert template.read()["Parameters"]["AccessLogs"]["Default"] == "off"


def test_the_budget_is_a_days_and_counts_the_tag_that_deployments_set():
    budget = RESOURCES["CostBudget"]["Properties"]["Budget"]
    stages = tomllib.loads((ROOT / "samconfig.toml").read_text())

    (counted,) = budget["CostFilters"]["TagKeyValue"]
    assert (budget["TimeUnit"], counted) == ("DAILY", {"Fn::Join": ["$", ["user:stack", {"Ref": "AWS::StackName"}]]})
    for stage in ("default", "prod"):
        stack = stages[stage]["global"]["parameters"]["stack_name"]
        assert f"stack={stack}" in stages[stage]["deploy"]["parameters"]["tags"].split()


@pytest.mark.parametrize("queue", [name for name, each in RESOURCES.items() if each["Type"] == "AWS::SQS::Queue"])
def test_every_queue_is_watched(queue):
    watched = {str(alarm.get("Dimensions")) for alarm in ALARMS.values()}

    assert any(f"'{queue}.QueueName'" in each or f"'{queue}', 'QueueName'" in each for each in watched)


def test_tables_that_hold_data_can_be_taken_back_and_protected():
    for name, resource in RESOURCES.items():
        if resource["Type"] == "AWS::DynamoDB::Table" and "DeletionPolicy" in resource:
            recovery = resource["Properties"]["PointInTimeRecoverySpecification"]
            assert recovery["RecoveryPeriodInDays"] == {"Ref": "RecoveryDays"}, name
            assert resource["Properties"]["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}, name
