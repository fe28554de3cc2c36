"""`nerdx chat`: what lines that begin with "/" do, talks that go on, and what is refused, piped and exact."""

import pytest

DATA_WRONG = 65
COMMANDS = ("/why", "/memory", "/forget", "/history", "/sessions", "/resume", "/new", "/lang", "/help", "/quit")


@pytest.fixture
def chat(run_nerdx, tmp_path):
    """chat("line", …, flags=[…]) -> what was printed."""

    def run(*lines, flags=()):
        done = run_nerdx("chat", "--data", tmp_path / "data", "--log-level", "error", *flags, input="\n".join(lines))
        assert done.returncode == 0, done.stderr
        return done

    return run


def test_help_is_in_the_language_of_the_talk(chat):
    korean, english = chat("/help", flags=["--lang", "ko"]).stdout, chat("/help", flags=["--lang", "en"]).stdout
    assert "이 목록" in korean and "this list" in english
    for printed in (korean, english):
        assert [line.split()[0] for line in printed.splitlines()] == list(COMMANDS)


def test_the_language_of_answers_can_be_set_and_left_to_the_message(chat):
    printed = chat("/lang ko", "What is nuruk?", "/lang auto", "What is soju?").stdout
    assert "이제 한국어로 답합니다." in printed
    assert printed.index("매주 (AI)") < printed.index("Maeju (AI)")
    assert "/lang: say which: ko, en" in chat("/lang de").stderr


def test_the_latest_talk_is_resumed(chat):
    chat("What is nuruk?")
    printed = chat("What is it used for?", "/history", "/sessions", flags=["--resume"]).stdout
    assert "an AI storyteller" not in printed.partition("/history")[0].partition("\n\n")[0], "it begins anew"
    assert "You  What is nuruk?" in printed and "You  What is it used for?" in printed
    assert "exchanges: 2, this talk" in printed


def test_a_talk_of_the_list_goes_on_and_a_new_one_begins(chat):
    chat("What is nuruk?")
    chat("What is soju?")
    printed = chat("/sessions", "/resume 2", "/history", "/new", "/history").stdout
    listed = [line for line in printed.splitlines() if line[:3].strip().isdigit()]
    assert listed == ["  1  What is soju?", "  2  What is nuruk?"]
    assert "The talk goes on: What is nuruk? (exchanges: 1)" in printed
    assert printed.endswith("A new talk begins.\nThere is no talk yet.\n")


def test_a_talk_that_is_not_there_is_refused_with_what_is(chat):
    assert "/resume: there is no number 1; /sessions lists what there is" in chat("/resume 1").stderr
    assert "/resume: say which: a number of /sessions" in chat("/resume").stderr
    assert "There is no talk yet." in chat("/sessions").stdout


def test_sessions_of_others_are_not_there(chat):
    chat("What is nuruk?", flags=["--user", "a", "--session", "mine"])
    printed = chat("/sessions", "/history", flags=["--user", "b", "--session", "mine"]).stdout
    assert printed == "There is no talk yet.\nThere is no talk yet.\n"


def test_a_session_that_can_not_be_is_refused_at_once(run_nerdx, tmp_path):
    done = run_nerdx("chat", "--data", tmp_path / "data", "--session", "no spaces", input="What is nuruk?\n")
    assert done.returncode == DATA_WRONG
    assert "session_id: " in done.stderr and "Maeju" not in done.stdout


def test_a_megabyte_is_refused_and_the_talk_goes_on(chat):
    done = chat("x" * 1_000_000, "가" * 2001, "What is nuruk?")
    assert done.stderr.splitlines() == [
        "nerdx chat: the line has more than 65536 bytes; a message has at most 2000 characters",
        "nerdx chat: message: has 2001 characters, outside 1..2000",
    ]
    assert done.stdout.count("Maeju (AI)") == 1


def test_quitting_leaves_what_follows_unread(chat):
    assert chat("/quit", "What is nuruk?").stdout == ""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_resumed_talk_is_shown_and_its_lines_come_back(chat, open_terminal, tmp_path, language):
    question = {"ko": "누룩이 뭐예요?", "en": "What is nuruk?"}[language]
    chat(question, flags=["--lang", language])
    with open_terminal(tmp_path / "data", "--resume", "--lang", language) as terminal:
        terminal.waits()
        assert question in terminal.text()
        terminal.type("\x1b[A")
        terminal.until(lambda: terminal.last_line() == f"> {question}", "it doesn't come back")
