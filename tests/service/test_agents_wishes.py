"""Wishes in natural words, wrapped in a day: they lead to a recommendation, a story or a fact, and what the world
doesn't have is said beside what it has."""

import uuid

import pytest

from conversation import ask

BOTTLES = {"nerd12-signature", "nerd8-fresh", "nerd16-clear", "nerd40-spirit"}
OFFERS = [
    "혼술하기 좋은 조용한 맛은요?",
    "어린이날 연휴에 어른들끼리 캠핑 갑니다. 불멍이랑 어울릴 맛?",
    "Grown man with a child's palate here, caramel and vanilla please",
    "게장이랑 어울리는 술 있어요?",
]
STRENGTHS = [
    ("센 술보다 순한 술이 좋아요 뭐가 순해요", "nerd8-fresh"),
    ("I'd rather have something light than a strong drink", "nerd8-fresh"),
    ("순한 술 말고 센 술 추천해 주세요", "nerd40-spirit"),
]
MATCHES = [
    ("야구 보면서 치킨이랑 먹을 건데 뭐가 나음?", {"twigim", "makgeolli"}),
    ("i could murder a bowl of tteokbokki, what sits well beside it?", {"tteokbokki"}),
    ("cloudy with a chance of dumplings. which one?", {"twigim", "makgeolli"}),
    ("생선회에는 어떤 술이 좋아요?", {"saengseon-hoe", "yakju"}),
    ("전주에 가면 뭘 마셔야 해?", {"igangju"}),
    ("What should I drink in Jeonju?", {"igangju"}),
]
MANNERS = [
    ("What temperature should I serve makgeolli at?", "serving-makgeolli"),
    ("막걸리는 몇 도로 마셔야 맛있어요?", "serving-makgeolli"),
    ("막걸리는 흔들어 마셔요?", "serving-makgeolli"),
    ("소주는 차게 마셔야 하나요?", "serving-temperatures"),
    ("막걸리 며칠까지 마셔도 돼요?", "keeping-makgeolli"),
]


def cited(reply):
    return [citation["id"] for citation in reply["citations"]]


@pytest.mark.parametrize("message", OFFERS)
def test_a_wish_among_other_words_gets_a_bottle(shared_nerdx, message):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "answer"
    assert set(cited(reply)) & BOTTLES


@pytest.mark.parametrize(("message", "bottle"), STRENGTHS)
def test_what_a_strength_is_compared_with_is_not_what_is_wished_for(shared_nerdx, message, bottle):
    assert bottle in cited(ask(shared_nerdx, message, user=uuid.uuid4().hex))


@pytest.mark.parametrize("message", ["Something strong or something light?", "독한 술이 나아요, 순한 술이 나아요?"])
def test_both_strengths_at_once_rule_nothing_out(shared_nerdx, message):
    assert set(cited(ask(shared_nerdx, message, user=uuid.uuid4().hex))) & BOTTLES


@pytest.mark.parametrize(("message", "entities"), MATCHES)
def test_a_dish_or_a_place_that_the_world_has_a_drink_for_gets_that_drink(shared_nerdx, message, entities):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "answer"
    assert set(cited(reply)) >= entities


@pytest.mark.parametrize(("message", "entity"), MANNERS)
def test_how_a_drink_is_served_and_kept_is_told_of_that_drink(shared_nerdx, message, entity):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "answer"
    assert cited(reply)[0] == entity


@pytest.mark.parametrize(
    ("message", "said"),
    [("What temperature should I serve makgeolli at?", "chilled"), ("막걸리는 몇 도로 마셔야 맛있어요?", "차게")],
)
def test_the_temperature_itself_is_said(shared_nerdx, message, said):
    assert said in ask(shared_nerdx, message, session=uuid.uuid4().hex)["content"]


@pytest.mark.parametrize(
    ("message", "word"),
    [
        ("my father's sixtieth birthday is coming and he loves smoky flavours, ideas?", "smoky"),
        ("버스 타고 왔으니까 운전 걱정은 없고요, 감칠맛 있는 쪽 추천 부탁", "감칠맛"),
    ],
)
def test_a_taste_that_no_bottle_is_noted_for_is_said_to_be_missing(shared_nerdx, message, word):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "answer"
    sentence = next(line for line in reply["content"].replace("\n\n", " ").split(". ") if word in line)
    assert any(sign in sentence for sign in ("None", "isn't", "Nobody", "없"))


@pytest.mark.parametrize(
    ("first", "then"), [("달콤한 술 추천해 주세요", "음.. 더 센 거는?"), ("Recommend me something light", "stronger?")]
)
def test_stronger_is_measured_by_what_was_talked_about(shared_nerdx, first, then):
    session = uuid.uuid4().hex
    assert cited(ask(shared_nerdx, first, session=session))[0] == "nerd8-fresh"
    again = ask(shared_nerdx, then, session=session)
    assert again["outcome"] == "answer"
    assert cited(again)[0] in BOTTLES - {"nerd8-fresh"}


@pytest.mark.parametrize(
    "message", ["baby pink 색 라벨에 담긴 뜻이 뭐예요", "Lovely colours, that bottle! Who designed the label?"]
)
def test_what_nobody_wrote_down_is_not_guessed_but_something_near_is_told(shared_nerdx, message):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "abstain"
    assert "nerd12-signature" in cited(reply)


@pytest.mark.parametrize(
    "message", ["선물받은 골드케이크 따는 법 좀 알려줘요 넘칠까봐 무서워"]
)
def test_how_a_bottle_is_opened_isn_t_written_and_that_is_said(shared_nerdx, message):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "abstain"
    assert "makgeolli" in cited(reply)


@pytest.mark.parametrize(
    ("message", "entity"),
    [
        ("소화가 안 되는 긴 설명 말고 한 줄로, 이양주가 뭐죠", "iyangju"),
        ("My bus is late again and it drizzles on my phone, so: what is nuruk?", "traditional-nuruk"),
    ],
)
def test_the_clause_that_asks_is_answered_when_the_whole_finds_nothing(shared_nerdx, message, entity):
    reply = ask(shared_nerdx, message, session=uuid.uuid4().hex)
    assert reply["outcome"] == "answer"
    assert entity in cited(reply)


@pytest.mark.parametrize(
    "message",
    [
        "저녁에 볼 넷플릭스 추천",
        "거기 다니면 복지 뭐 있어요 이직 고민 중",
        "recommend a sci-fi series",
        "best budget phone 2026?",
    ],
)
def test_a_wish_for_something_else_is_left_alone(shared_nerdx, message):
    assert ask(shared_nerdx, message, session=uuid.uuid4().hex)["outcome"] == "abstain"
