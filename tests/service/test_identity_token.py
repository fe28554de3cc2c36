"""`nerdx token`: what scripts on the machine show to its server."""

PLACE = "/api/v1/world-model/version"


def ask(nerdx, token):
    return nerdx.get(PLACE, headers={"Authorization": f"Bearer {token}"})


def test_a_token_opens_the_server_of_the_same_data_and_no_other(start_nerdx, run_nerdx, tmp_path):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    done = run_nerdx("token", "--data", nerdx.data)
    assert done.returncode == 0, done.stderr
    assert ask(nerdx, done.stdout.strip()).status_code == 200
    elsewhere = run_nerdx("token", "--data", tmp_path / "other").stdout.strip()
    assert ask(nerdx, elsewhere).status_code == 401


def test_a_token_may_be_made_before_the_first_start(start_nerdx, run_nerdx, tmp_path):
    token = run_nerdx("token", "--data", tmp_path / "data", "--role", "guest").stdout.strip()
    assert ask(start_nerdx(data=tmp_path / "data", env={"NERDX_IDENTITY": "required"}), token).status_code == 200


def test_what_makes_no_token_says_why(run_nerdx, tmp_path):
    for flag, value, code, why in (
        ("--role", "boss", 64, "must be guest, member, partner, operator or admin"),
        ("--user", "a b", 65, "--user: "),
        ("--for", "25h", 64, "1s..1d"),
    ):
        done = run_nerdx("token", "--data", tmp_path / "data", flag, value)
        assert (done.returncode, done.stdout) == (code, ""), flag
        assert why in done.stderr
