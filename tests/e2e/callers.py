"""The programs that the page's tests talk to let nobody in who shows nothing; the tests look at them as operators."""

import subprocess

REQUIRED = {"NERDX_IDENTITY": "required"}


def as_operator(nerdx, program):
    """Has a Nerdx show an operator's token with whatever a test asks it."""
    command = [program, "token", "--data", str(nerdx.data), "--for", "1d"]
    token = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    ask = nerdx.request

    def request(method, path, headers=None, **options):
        return ask(method, path, headers={"Authorization": f"Bearer {token}", **(headers or {})}, **options)

    nerdx.request = request
    return nerdx
