"""`nerdx chat` at a terminal: lines that can be edited, answers as they are made, Ctrl-C, text in its width."""

import contextlib
import threading

import pytest

from llm_server import says_when
from stores import open_store
from terminal import BACKSPACE, CTRL_A, CTRL_C, CTRL_D, LEFT, UP

FIRST, SECOND = "Nuruk is the starter with which Korean alcohol is brewed.", "What would you like to hear?"


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def messages(data):
    with contextlib.closing(open_store(data, "agents")) as store:
        return [row[0] for row in store.execute("SELECT message FROM turn ORDER BY at_us")]


def contents(data):
    with contextlib.closing(open_store(data, "agents")) as store:
        return [row[0] for row in store.execute("SELECT content FROM turn ORDER BY at_us")]


def test_korean_is_edited_a_syllable_at_a_time(open_terminal, data):
    with open_terminal(data) as terminal:
        terminal.waits()
        terminal.type("누룩이이 뭐예요?")
        terminal.until(lambda: terminal.screen.cursor.x == 2 + 16, "the cursor isn't behind sixteen columns")
        terminal.type(LEFT * 5)
        terminal.until(lambda: terminal.screen.cursor.x == 2 + 8, "the cursor doesn't go by syllables")
        terminal.type(BACKSPACE)
        terminal.until(lambda: terminal.last_line() == "> 누룩이 뭐예요?", "it isn't one syllable that goes")
        terminal.type(CTRL_A + "전통 ")
        terminal.until(lambda: terminal.last_line() == "> 전통 누룩이 뭐예요?", "nothing is put in front")
        terminal.type("\r")
        terminal.shows("매주 (AI)")
        terminal.waits()
        terminal.type(CTRL_D)
        assert terminal.ends() == 0
    assert messages(data) == ["전통 누룩이 뭐예요?"]


def test_the_arrow_keys_bring_back_what_was_typed(open_terminal, data):
    with open_terminal(data) as terminal:
        terminal.say("What is nuruk?")
        terminal.type(UP)
        terminal.until(lambda: terminal.last_line() == "> What is nuruk?", "nothing comes back")
        terminal.type(BACKSPACE + " made of?\r")
        terminal.shows("Maeju (AI)", times=2)
        terminal.waits()
    assert messages(data) == ["What is nuruk?", "What is nuruk made of?"]


@pytest.mark.parametrize(
    ("language", "question"), [("ko", "비 오는 날엔 왜 파전이에요?"), ("en", "Why pajeon on a rainy day?")]
)
def test_words_stay_whole_at_the_end_of_a_line(open_terminal, data, language, question):
    with open_terminal(data, "--lang", language, columns=34) as terminal:
        terminal.say(question)
        shown = {word for line in terminal.lines() for word in line.split()}
    words = contents(data)[0].split()
    assert len(words) > 20
    assert set(words) <= shown


def test_every_answer_says_that_an_ai_speaks(open_terminal, data):
    with open_terminal(data, "--lang", "ko") as terminal:
        terminal.shows("AI 이야기꾼 매주")
        terminal.say("누룩이 뭐예요?")
        terminal.say("그건 어디에 써요?")
        assert terminal.text().count("매주 (AI)") == 2


def test_what_commands_a_terminal_is_not_obeyed(open_terminal, data, run_nerdx):
    message = "What is nuruk? \x1b[31m\x1b]0;gotcha\x07 red"
    run_nerdx("chat", "--data", data, input=message + "\n")
    with open_terminal(data, "--resume") as terminal:
        terminal.say("/history")
        terminal.shows("[31m", times=2)
        colours = {character.fg for line in terminal.screen.buffer.values() for character in line.values()}
        assert colours == {"default"}
        assert terminal.screen.title == ""


# --- answers as they are made


@pytest.fixture
def gate():
    """Opened it lets the language model say its second sentence."""
    return threading.Event()


@pytest.fixture
def open_slow(open_terminal, data, gate, llm):
    llm.play(says_when(gate, FIRST + " " + SECOND[:5], SECOND[5:]))
    slow = {"NERDX_LLM_URL": llm.url, "NERDX_LLM_MODEL": "m", "NERDX_LLM_IDLE_TIMEOUT": "60s"}
    yield lambda *flags: open_terminal(data, *flags, env=slow, columns=88)
    gate.set()


def ask_and_see_the_first(terminal):
    terminal.waits()
    terminal.type("What is nuruk?\r")
    terminal.shows(FIRST)
    assert SECOND not in terminal.text()


def test_a_sentence_is_shown_while_the_next_is_made(open_slow, gate):
    with open_slow() as terminal:
        ask_and_see_the_first(terminal)
        gate.set()
        terminal.shows(SECOND)


def test_ctrl_c_ends_the_answer_and_the_talk_goes_on(open_slow, gate, data):
    with open_slow() as terminal:
        ask_and_see_the_first(terminal)
        terminal.type(CTRL_C)
        terminal.shows("Stopped here")
        terminal.waits()
        gate.set()
        terminal.say("And soju?")
        assert terminal.text().count("Maeju (AI)") == 2
        terminal.say("/history")
        assert terminal.text().count(SECOND) >= 1
        terminal.type(CTRL_D)
        assert terminal.ends() == 0
    assert messages(data) == ["What is nuruk?", "And soju?"]
    assert FIRST in contents(data)[0]
    assert SECOND not in contents(data)[0], "the turn was ended, too"


def test_ctrl_c_twice_leaves_at_once_and_the_turn_is_not_lost(open_slow, gate, data):
    with open_slow("--session", "s") as terminal:
        ask_and_see_the_first(terminal)
        terminal.type(CTRL_C)
        terminal.waits()
        terminal.type(CTRL_C)
        assert terminal.ends() == 0
    gate.set()
    with open_slow("--session", "s") as terminal:
        terminal.waits()
        terminal.until(lambda: terminal.say("/history") or FIRST in terminal.text(), "the turn is lost")
    assert messages(data) == ["What is nuruk?"]


def test_what_is_typed_while_an_answer_comes_waits_for_the_next_line(open_slow, gate):
    with open_slow() as terminal:
        ask_and_see_the_first(terminal)
        terminal.type("/lang ko")
        gate.set()
        terminal.until(lambda: terminal.last_line() == "> /lang ko", "it isn't there")
        assert terminal.text().count("/lang") == 1
        terminal.type("\r")
        terminal.shows("이제 한국어로")


def test_ctrl_c_at_the_prompt_leaves(open_terminal, data):
    with open_terminal(data) as terminal:
        terminal.waits()
        terminal.type("half a thou")
        terminal.shows("half a thou")
        terminal.type(CTRL_C)
        assert terminal.ends() == 0
