"""What people send appears in no log."""

import requests


def test_no_name_number_or_key_reaches_a_log(stack, stack_state, specimens):
    answer = requests.post(
        f"{stack.url}/identity/verify",
        headers={"Authorization": stack.key},
        data={"type": "passport", "reference": "PRIVATE-order", "metadata": '{"note": "PRIVATE-note"}'},
        files={name: (f"PRIVATE-{name}.jpg", payload) for name, payload in specimens.items()},
        timeout=60,
    ).json()
    for shown in ("", "/evidence"):
        requests.get(
            f"{stack.url}/identity/verify/{answer['id']}{shown}", headers={"Authorization": stack.key}, timeout=60
        )
    front = answer["front"]
    said = (stack_state / "functions.log").read_text()

    told = [
        secret
        for secret in (front["surname"], front["number"], front["raw_text"].split("\n")[1], stack.key, "PRIVATE-")
        if secret in said
    ]
    assert (front["valid"], told) == (True, [])
    assert answer["id"] in said
