"""The hook that a release passes, in the running stack: its own role, real functions, real engines."""

import json

EVENT = {"DeploymentId": "d-LAPTOP", "LifecycleEventHookExecutionId": "opaque"}


def test_what_runs_on_the_laptop_would_be_let_pass_and_leaves_nothing(stack):
    called = stack.cloud.client("lambda").invoke(
        FunctionName=stack.cloud.outputs["PreTrafficFunction"], Payload=json.dumps(EVENT).encode()
    )

    answer = json.loads(called["Payload"].read())
    items = stack.cloud.table(stack.cloud.outputs["VerificationsTable"]).scan()["Items"]
    assert answer == {"status": "Succeeded"}
    assert not [item for item in items if item["owner"].startswith("0" * 24)]
