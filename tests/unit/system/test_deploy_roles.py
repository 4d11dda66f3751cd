"""Who deploys from GitHub: one environment of one repository, by pinned actions, with what the template needs."""

import json
import re

import pytest
from samcli.yamlhelper import yaml_parse

from local import template
from tools import deploy

GITHUB = template.ROOT / ".github"
ROLES = yaml_parse((GITHUB / "deploy-roles.yaml").read_text())["Resources"]
WORKFLOW = yaml_parse((GITHUB / "workflows/deploy.yml").read_text())
DEPLOYING = (template.ROOT / "docs/deploying.md").read_text()
SERVICES = {"ApiGateway": "apigateway", "CloudWatch": "cloudwatch", "DynamoDB": "dynamodb", "Events": "events"}


def trust(role):
    (statement,) = ROLES[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    return statement


def statements(role):
    (policy,) = ROLES[role]["Properties"]["Policies"]
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


def test_the_role_trusts_one_environment_of_one_repository_and_nothing_like_it():
    condition = trust("DeployRole")["Condition"]

    assert condition == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {"Fn::Sub": "repo:${Repository}:environment:${Environment}"},
        }
    }


def test_only_cloudformation_works_by_the_other_role():
    assert trust("ExecutionRole")["Principal"] == {"Service": "cloudformation.amazonaws.com"}


def test_cloudformation_may_use_every_service_of_the_template_and_no_other():
    kinds = {each["Type"].split("::")[1] for each in template.transformed()["Resources"].values()} - {"IAM"}
    needed = {SERVICES.get(kind, kind.lower()) for kind in kinds}
    given = {action.partition(":")[0] for action in statements("ExecutionRole")["ServicesOfTheTemplate"]["Action"]}

    assert given == needed


@pytest.mark.parametrize("role", ["DeployRole", "ExecutionRole"])
def test_roles_are_passed_on_to_one_service_each_and_no_role_of_another_stack_is_touched(role):
    of_iam = [each for each in statements(role).values() if "iam:" in json.dumps(each["Action"])]

    for statement in of_iam:
        assert statement["Resource"] != "*"
        if statement["Action"] == "iam:PassRole":
            assert list(statement["Condition"]["StringEquals"]) == ["iam:PassedToService"]


def test_the_doctor_has_in_github_what_the_documentation_says_it_needs():
    documented = json.loads(re.search(r"```json\n(.+?)```", DEPLOYING, re.DOTALL)[1])["Statement"]
    given = statements("DeployRole")
    by_stack = {action for action in given["ChangeTheStack"]["Action"] if action.startswith("cloudformation:")}

    assert set(documented[0]["Action"]) - by_stack == set(given["Doctor"]["Action"])
    assert documented[1]["Action"] == given["SeeWhetherThereIsAKey"]["Action"]


def test_the_workflow_may_ask_for_a_token_and_read_the_code_and_no_more():
    assert WORKFLOW["permissions"] == {"contents": "read", "id-token": "write"}
    assert WORKFLOW["jobs"]["deploy"]["environment"] == "${{ inputs.stage }}"


def test_it_offers_the_stages_that_there_are():
    # YAML 1.1 reads the key `on` as true
    inputs = (WORKFLOW.get("on") or WORKFLOW[True])["workflow_dispatch"]["inputs"]

    assert inputs["stage"]["options"] == list(deploy.STAGES)


@pytest.mark.parametrize("file", sorted((GITHUB / "workflows").glob("*.yml")), ids=lambda file: file.name)
def test_actions_of_others_than_githubs_are_pinned_by_their_commit(file):
    used = re.findall(r"uses: (\S+)@(\S+)", file.read_text())

    assert used
    assert [
        action for action, at in used if not action.startswith("actions/") and not re.fullmatch("[0-9a-f]{40}", at)
    ] == []


@pytest.mark.parametrize("file", sorted((GITHUB / "workflows").glob("*.yml")), ids=lambda file: file.name)
def test_no_input_is_pasted_into_a_shell(file):
    assert re.findall(r"run: .*\$\{\{", file.read_text()) == []
