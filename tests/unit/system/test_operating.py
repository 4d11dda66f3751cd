"""Every alarm has its section of docs/operating.md, and counts lines that the code really logs."""

import re
from pathlib import Path

import pytest

from local import template

ROOT = Path(__file__).parents[3]
RESOURCES = template.read()["Resources"]
ALARMS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::CloudWatch::Alarm"}
FILTERS = {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == "AWS::Logs::MetricFilter"}
OPERATING = (ROOT / "docs/operating.md").read_text()
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
