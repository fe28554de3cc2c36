"""What the program does is what /openapi.json says: schemathesis asks every operation all it can think of."""

import pathlib
import subprocess

import pytest

from house import BUILD, python_with

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = 8  # an operation, beside those at the edges of its schema; ./dev test is to end some time
SEED = 20261126
TIME_LIMIT_S = 900
ROOMS = ("auth", "agents|world-model|analytics", "notify", "jobs|webhooks")  # of paths: tried side by side
OTHERS = "|".join(ROOMS)


@pytest.mark.parametrize("room", [*ROOMS, "others"])
def test_every_operation_does_what_the_contract_says(start_nerdx, run_nerdx, tmp_path, room):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    token = run_nerdx("token", "--role", "admin", "--data", nerdx.data).stdout.strip()
    command = [python_with(HERE / "requirements.txt", BUILD / "schemathesis").with_name("st")]
    contract = tmp_path / "openapi.json"  # schemathesis itself would give it ten seconds to come
    contract.write_bytes(nerdx.get("/openapi.json").content)
    command += ["--config-file", HERE / "schemathesis.toml", "run", contract, "--url", nerdx.url]
    command += ["--header", f"Authorization: Bearer {token}", "--max-examples", str(EXAMPLES), "--seed", str(SEED)]
    command += ["--continue-on-failure", "--no-color", "--warnings", "off"]
    if room == "others":
        command += ["--exclude-path-regex", f"^/api/v1/({OTHERS})"]
    else:
        command += ["--include-path-regex", f"^/api/v1/({room})"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    assert done.returncode == 0, done.stdout
    assert nerdx.get("/readyz").status_code == 200
