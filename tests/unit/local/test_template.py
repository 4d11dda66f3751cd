import copy
import json

import pytest

from local import template

FUNCTIONS = template.functions()
RESOURCES = template.read()["Resources"]


def names(function: str) -> set[str]:
    return {package.name for package in FUNCTIONS[function].packages}


def test_a_zip_functions_packages_are_the_layers_that_it_names():
    assert names("FaceCompareFunction") == {"core", "aws", "imaging", "face"}


def test_the_mrz_function_has_its_readers_and_no_use_case():
    assert names("MrzFunction") == {"core", "aws", "imaging", "mrz", "barcode"}


def test_an_image_functions_packages_are_those_that_its_dockerfile_copies():
    assert names("MrzFallbackFunction") == {"core", "aws", "imaging", "mrz"}


def test_an_image_functions_handler_and_variables_are_its_dockerfiles():
    function = FUNCTIONS["MrzFallbackFunction"]

    assert function.handler == "functions.mrz_fallback.app.handler"
    assert function.environment["OMP_THREAD_LIMIT"] == "1"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_function_lies_where_the_template_says(function):
    assert function.folder.is_dir()
    assert all(package.is_dir() for package in function.packages)


def test_the_translated_template_is_plain_cloudformation():
    translated = template.transformed()

    kinds = {resource["Type"] for resource in translated["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith("AWS::Serverless")]
    assert {"AWS::ApiGateway::RestApi", "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"} <= kinds
    assert "Transform" not in translated


def test_a_template_that_sam_does_not_translate_is_rejected_with_its_reason(monkeypatch):
    broken = copy.deepcopy(template.read())
    del broken["Resources"]["VerifyFunction"]["Properties"]["Handler"]
    monkeypatch.setattr(template, "read", lambda: broken)

    with pytest.raises(template.TemplateRejected, match="Handler"):
        template.transformed()


@pytest.mark.parametrize("mode", ["Live", "Dev"])
def test_the_usage_key_that_the_authorizer_names_is_in_a_usage_plan(mode):
    named = RESOURCES["AuthorizerFunction"]["Properties"]["Environment"]["Variables"][f"USAGE_KEY_{mode.upper()}"]
    keys = {
        json.dumps(RESOURCES[link["Properties"]["KeyId"]["Ref"]]["Properties"]["Value"])
        for link in RESOURCES.values()
        if link["Type"] == "AWS::ApiGateway::UsagePlanKey"
    }

    assert json.dumps(named) in keys


def test_on_a_laptop_a_version_and_an_alias_are_the_function_itself():
    plain = template.deployed()["Resources"]

    variables = plain["PreTrafficFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["VERIFY_VERSION"] == {"Fn::GetAtt": ["VerifyFunction", "Arn"]}
    assert not template.PUBLISHED & {resource["Type"] for resource in plain.values()}
