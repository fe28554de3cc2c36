"""nerdx keys: the operator sees what a fleet signs with, and publishes the next key."""

import json

WRONG, NOT_THERE, NO_RIGHT = 65, 69, 77


def keys(run_nerdx, folder, *words):
    return run_nerdx("keys", *words, "--jwt-keys", folder)


def states(listed):
    lines = listed.splitlines()
    return [line.split()[0] for line in lines], [line.split("  ")[-1] for line in lines]


def test_a_rotation_publishes_a_key_that_signs_an_hour_later(run_nerdx, tmp_path):
    folder = tmp_path / "keys"
    first = keys(run_nerdx, folder, "rotate")
    assert first.returncode == 0, first.stderr
    (old, new), (signing, coming) = states(first.stdout)
    assert signing == "signs"
    assert coming == "is published, and will sign"
    assert keys(run_nerdx, folder).stdout == first.stdout
    jwk = json.loads((folder / "ed25519-0.jwk").read_text())
    assert jwk["kid"] == old != new
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_second_rotation_waits_for_the_first(run_nerdx, tmp_path):
    folder = tmp_path / "keys"
    keys(run_nerdx, folder, "rotate")
    again = keys(run_nerdx, folder, "rotate")
    assert again.returncode == WRONG
    assert "nothing to do before that" in again.stderr
    assert len(list(folder.iterdir())) == 2


def test_what_cannot_be_is_said(run_nerdx, tmp_path):
    assert "no folder is named" in run_nerdx("keys").stderr
    assert keys(run_nerdx, tmp_path / "nowhere").returncode == NOT_THERE
    keys(run_nerdx, tmp_path, "rotate")
    (tmp_path / "ed25519-0.jwk").chmod(0o644)
    seen_by_others = keys(run_nerdx, tmp_path)
    assert seen_by_others.returncode == NO_RIGHT
    assert "chmod 600" in seen_by_others.stderr
    assert "30s" in keys(run_nerdx, tmp_path, "rotate", "--jwt-keys-ahead", "1s").stderr
