"""A stack on a busy machine may say 503."""

import time


def answered(ask):
    """Ask again where the answer is 503, when its Retry-After says, as clients do."""
    while True:
        answer = ask()
        if answer.status_code != 503:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))
