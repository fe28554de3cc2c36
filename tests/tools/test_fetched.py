"""What is fetched once is fetched by one, however many ask at once."""

import concurrent.futures

import fetched


def asked_by(several, pinned, folder, monkeypatch):
    """How often npm was asked, when so many wanted the packages at once."""
    asked = []

    def run(*_, **__):
        asked.append("npm")
        return type("Done", (), {"returncode": 0, "stderr": ""})

    monkeypatch.setattr(fetched.subprocess, "run", run)
    with concurrent.futures.ThreadPoolExecutor(several) as pool:
        found = list(pool.map(lambda _: fetched.npm_packages(pinned, folder), range(several)))
    assert found == [folder] * several
    return len(asked)


def test_one_fetches_while_the_others_wait_and_again_when_what_is_pinned_changes(tmp_path, monkeypatch):
    pinned, folder = tmp_path / "pinned", tmp_path / "build/here"
    pinned.mkdir()
    (pinned / "package-lock.json").write_text("1")
    assert asked_by(4, pinned, folder, monkeypatch) == 1
    assert asked_by(4, pinned, folder, monkeypatch) == 0
    (pinned / "package-lock.json").write_text("2")
    assert asked_by(4, pinned, folder, monkeypatch) == 1
    assert (folder / "package-lock.json").read_text() == "2"
