"""What a visitor gets from Maeju: answers from the world model with their citations, in the visitor's language."""

import pytest

from conversation import CHAT, ask, events_of, open_chat, stream

HANDOFF = {
    "en": "I'd love to introduce you to my colleague Joon, our concierge. He can help you bring these flavors home.",
    "ko": "제 동료인 컨시어지 준을 소개해 드리고 싶어요. 이 맛을 댁으로 가져가실 수 있도록 준이 도와드릴 거예요.",
}
ABOUT = [
    ("막걸리가 뭐예요?", "ko", "makgeolli"),
    ("누룩이 뭐예요?", "ko", "traditional-nuruk"),
    ("매주는 누구야?", "ko", "maeju-ai"),
    ("NERD12는 어떤 술인가요?", "ko", "nerd12-signature"),
    ("What is makgeolli?", "en", "makgeolli"),
    ("What is nuruk?", "en", "traditional-nuruk"),
    ("Who is Maeju?", "en", "maeju-ai"),
    ("What is NERD12 Signature?", "en", "nerd12-signature"),
    # what people say who have just come in
    ("what is this place about?", "en", "maeju-ai"),
    ("여기 뭐 하는 데예요?", "ko", "maeju-ai"),
    ("What is NERDX?", "en", "founder-story"),
    ("너드가 뭐예요?", "ko", "founder-story"),
    ("준이 누구예요?", "ko", "joon"),
    ("how do you say cheers in Korean?", "en", "geonbae"),
    ("건배는 한국에서 뭐라고 해요?", "ko", "geonbae"),
    ("막걸리 따고 나면 얼마나 가요?", "ko", "keeping-makgeolli"),
    ("할머니가 담그시던 술이 생각나네요", "ko", "liquor-tax-1916"),
    ("tell me a ghost story", "en", "dokkaebi-wrestling"),
    ("도깨비 얘기 하나 해 주세요", "ko", "dokkaebi-wrestling"),
    ("how did they keep it cold without fridges", "en", "ice-stores"),
    ("옛날에는 냉장고도 없는데 어떻게 시원하게 보관했어요?", "ko", "ice-stores"),
    ("can I brew makgeolli at home, and is that legal?", "en", "home-brewing-1995"),
    ("집에서 막걸리 담가도 불법 아니에요?", "ko", "home-brewing-1995"),
    ("how long does it take to brew?", "en", "time-of-brewing"),
    ("술 빚는 데 얼마나 걸려요?", "ko", "time-of-brewing"),
    ("how do I pronounce makgeolli", "en", "makgeolli-word"),
    ("막걸리에 사이다 섞어 마셔도 돼요?", "ko", "maksa"),
    ("요즘 젊은 사람들도 막걸리 마셔요?", "ko", "young-makgeolli"),
    ("what is the difference between rice wine and sake?", "en", "makgeolli-and-sake"),
    ("소주병은 왜 초록색이에요?", "ko", "green-bottle"),
    ("식혜도 술이에요?", "ko", "sikhye"),
    ("수정과는요?", "ko", "sikhye"),
    ("설날에는 무슨 술을 마셔요?", "ko", "seju"),
    ("단오에는 뭘 마셔요?", "ko", "seasonal-drinks"),
    ("소맥이 뭐예요?", "ko", "hondonju"),
    ("explain fermentation like I'm 12", "en", "parallel-fermentation"),
    ("발효를 초등학생도 알게 설명해 주세요", "ko", "parallel-fermentation"),
    ("what's the weirdest drink you know", "en", "ihwaju"),
    ("제일 특이한 술이 뭐예요?", "ko", "ihwaju"),
    ("teach me a Korean word", "en", "geonbae"),
    ("한국어 단어 하나 가르쳐 주세요", "ko", "geonbae"),
    ("which one would go with pizza?", "en", "nerd12-signature"),
    ("피자랑 뭐가 어울려요?", "ko", "nerd12-signature"),
    ("쌀은 어떤 걸 써요?", "ko", "icheon-rice"),
    ("hi, I'm new to all this", "en", "maeju-ai"),
    ("surprise me", "en", "royal-rice"),
    ("심심해", "ko", "royal-rice"),
]
BOTTLES_OF_ICHEON_RICE = {"nerd12-signature", "nerd8-fresh", "nerd16-clear", "nerd40-spirit"}


def cited(reply):
    return [citation["id"] for citation in reply["citations"]]


def is_korean(text):
    return sum("가" <= c <= "힣" for c in text) > len(text) / 3


@pytest.mark.parametrize(("question", "language", "entity"), ABOUT)
def test_an_answer_is_about_what_was_asked_and_in_the_language_of_the_question(
    shared_nerdx, session, question, language, entity
):
    reply = ask(shared_nerdx, question, session=session)
    assert reply["outcome"] == "answer"
    assert reply["language"] == language
    assert is_korean(reply["content"]) == (language == "ko")
    assert cited(reply)[0] == entity
    assert reply["ai_generated"] is True
    assert "AI" in reply["content"], "the first answer of a session says that an AI gives it"


@pytest.mark.parametrize(
    "question",
    ["is it vegan?", "are the bottles recyclable?", "비건이에요?", "병은 재활용 되나요?", "what does your name mean?"],
)
def test_what_the_brand_has_not_said_of_its_bottles_is_said_to_be_unknown(shared_nerdx, session, question):
    reply = ask(shared_nerdx, question, session=session)
    assert reply["outcome"] == "abstain"
    assert cited(reply)[0] in {"nerd12-signature", "maeju-ai"}


@pytest.mark.parametrize(("question", "language"), [("is it expensive?", "en"), ("이거 비싸요?", "ko")])
def test_whether_it_is_expensive_is_a_question_for_joon(shared_nerdx, session, question, language):
    reply = ask(shared_nerdx, question, session=session)
    assert reply["outcome"] == "handoff"
    assert HANDOFF[language] in reply["content"]


def test_where_it_was_got_from_is_a_question_of_sources(shared_nerdx, session):
    ask(shared_nerdx, "금주령이 뭐예요?", session=session)
    reply = ask(shared_nerdx, "출처가 뭐예요?", session=session)
    assert cited(reply)[0] == "prohibition-edicts"
    assert "근거" in reply["content"] or "책" in reply["content"]


def test_the_language_changes_when_that_is_asked_for(shared_nerdx, session):
    ask(shared_nerdx, "누룩이 뭐예요?", session=session)
    reply = ask(shared_nerdx, "in English please", session=session)
    assert reply["language"] == "en"
    assert cited(reply)[0] == "traditional-nuruk"


def test_a_drink_without_a_story_is_told_of_itself(shared_nerdx, session):
    reply = ask(shared_nerdx, "동동주 얘기 좀 해줘", session=session)
    assert cited(reply)[0] == "dongdongju"


@pytest.mark.parametrize(("question", "language", "entity"), ABOUT)
def test_a_citation_is_an_entity_of_the_world_with_its_sources(shared_nerdx, session, question, language, entity):
    reply = ask(shared_nerdx, question, session=session)
    assert reply["citations"]
    for citation in reply["citations"]:
        found = shared_nerdx.get(f"/api/v1/world-model/entity/{citation['id']}")
        assert found.status_code == 200, citation
        properties = found.json()["properties"]
        assert citation["label"] == found.json()["labels"][0]
        assert citation["sources"] == properties.get("sources", [])
        assert citation["sample"] == properties.get("sample", False)


def test_the_language_can_be_asked_for(shared_nerdx, session):
    reply = ask(shared_nerdx, "makgeolli", session=session, language="ko")
    assert reply["language"] == "ko"
    assert is_korean(reply["content"])


@pytest.mark.parametrize(
    ("first", "then", "entity", "says"),
    [
        ("안동소주 얘기해 주세요", "어떻게 만들어요", "andong-soju", "소줏고리"),
        ("안동소주 얘기해 주세요", "몇 도예요", "andong-soju", "45도"),
        ("tell me the legend of the azaleas", "and what does it taste like?", "myeoncheon-dugyeonju", "sweet"),
        ("tell me the legend of the azaleas", "is that true?", "yeongnang-legend", "“Yeongnang and the Azaleas”"),
        ("하나 들려 주세요, 진달래 전설", "진짜예요?", "yeongnang-legend", "‘영랑과 진달래 술’"),
        ("tell me the legend of the azaleas", "shorter please", "yeongnang-legend", "daughter"),
        ("하나 들려 주세요, 진달래 전설", "좀 짧게", "yeongnang-legend", "딸"),
    ],
)  # fmt: skip
def test_what_is_asked_after_a_story_is_asked_of_what_it_is_about(shared_nerdx, session, first, then, entity, says):
    ask(shared_nerdx, first, session=session)
    reply = ask(shared_nerdx, then, session=session)
    assert reply["outcome"] == "answer"
    assert cited(reply)[0] == entity
    assert says in reply["content"]


@pytest.mark.parametrize("message", ["I don't drink, is there anything for me?", "술 못 마시는데 무알콜 있나요"])
def test_who_does_not_drink_is_offered_a_story_and_no_bottle(shared_nerdx, session, message):
    reply = ask(shared_nerdx, message, session=session)
    labels = {citation["label"] for citation in reply["citations"]}
    assert labels and not labels & {"Product", "Drink"}, reply["content"]


@pytest.mark.parametrize("message", ["can I visit the brewery?", "where are you based", "양조장 구경 갈 수 있어요?"])
def test_of_the_house_she_tells_what_the_brand_told_and_no_more(shared_nerdx, session, message):
    assert cited(ask(shared_nerdx, message, session=session))[0] == "founder-story"


@pytest.mark.parametrize(
    ("question", "says"),
    [("Tell me a story about pirates and spaceships", ("isn't on my shelf", "don't have", "nothing of that sort")),
     ("우주선 타는 해적 이야기 해 줘", ("제 책장에 없어서", "가진 것이 없고", "제 책에 없네요"))],
)  # fmt: skip
def test_who_asks_for_a_tale_that_she_does_not_have_is_told_so_and_hears_another(shared_nerdx, session, question, says):
    reply = ask(shared_nerdx, question, session=session)
    assert any(words in reply["content"] for words in says), reply["content"]
    assert cited(reply)


@pytest.mark.parametrize("question", ["막걸리는 무엇으로 만들어요?", "What is makgeolli made of?"])
def test_a_stream_is_the_whole_answer_in_pieces(shared_nerdx, session, question):
    events = stream(shared_nerdx, question, session=session)
    names = [event.name for event in events]
    assert names[0] == "meta"
    assert names[-1] == "done"
    assert set(names[1:-1]) == {"delta"}
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    meta, done = events[0].data, events[-1].data
    assert meta["ai_generated"] is True
    assert "".join(event.data["text"] for event in events if event.name == "delta") == done["content"]
    assert {key: done[key] for key in meta} == meta
    assert done["citations"]


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("NERD12 시그니처를 사고 싶어요", "ko"),
        ("너드12 주문할게요", "ko"),
        ("I'd like to buy NERD12 Signature", "en"),
        ("How much is NERD12?", "en"),
        ("Can you ship NERD12 to Busan?", "en"),
    ],
)
def test_who_wants_to_buy_is_handed_over_with_the_exact_words_and_the_product(shared_nerdx, session, message, language):
    ask(shared_nerdx, "안녕하세요" if language == "ko" else "hello", session=session)
    events = stream(shared_nerdx, message, session=session)
    assert [event.name for event in events if event.name != "delta"] == ["meta", "handoff", "done"]
    handoff, done = events[-2].data, events[-1].data
    assert done["content"] == HANDOFF[language]
    assert done["outcome"] == "handoff"
    assert done["handoff"] == handoff
    summary = {"language": language, "wants": message, "tastes": [], "constraints": []}
    assert handoff == {
        "to": "joon",
        "reason": "purchase_intent",
        "products": ["nerd12-signature"],
        "summary": summary,
    }


def test_the_hand_off_carries_the_product_that_was_talked_about(shared_nerdx, session):
    ask(shared_nerdx, "NERD12는 어떤 술인가요?", session=session)
    reply = ask(shared_nerdx, "그거 얼마예요?", session=session)
    assert reply["outcome"] == "handoff"
    assert reply["handoff"]["products"] == ["nerd12-signature"]


def test_a_price_in_the_first_message_says_that_an_ai_speaks_after_the_exact_words(shared_nerdx, session):
    reply = ask(shared_nerdx, "how much is it?", session=session)
    assert reply["content"].startswith(HANDOFF["en"])
    assert "AI" in reply["content"].removeprefix(HANDOFF["en"])


@pytest.mark.parametrize(
    ("first", "then", "number"),
    [
        ("NERD12는 어떤 술인가요?", "그건 도수가 얼마예요?", "12"),
        ("What is NERD12 Signature?", "How strong is it?", "12"),
    ],
)
def test_a_follow_up_is_about_what_was_talked_about(shared_nerdx, session, first, then, number):
    ask(shared_nerdx, first, session=session)
    reply = ask(shared_nerdx, then, session=session)
    assert reply["outcome"] == "answer"
    assert cited(reply)[0] == "nerd12-signature"
    assert number in reply["content"].replace("NERD12", "")


@pytest.mark.parametrize("question", ["이천 쌀로 만든 술이 있나요?", "Which bottle is made with Icheon rice?"])
def test_the_bottles_made_of_an_ingredient_are_named(shared_nerdx, session, question):
    named = set(cited(ask(shared_nerdx, question, session=session)))
    assert named >= BOTTLES_OF_ICHEON_RICE


@pytest.mark.parametrize("question", ["막걸리에는 어떤 안주가 좋아요?", "what should I eat with makgeolli"])
def test_a_question_about_what_goes_with_something_is_answered_from_that(shared_nerdx, session, question):
    named = cited(ask(shared_nerdx, question, session=session))
    assert named[0] == "makgeolli"
    assert set(named) >= {"pajeon", "jeon", "bindaetteok", "dubu-kimchi", "bossam"}


@pytest.mark.parametrize("question", ["너드12 도수가 몇 도예요", "소줏고리", "how strong is nerd 12"])
def test_a_sample_product_stays_out_of_an_answer_about_something_else(shared_nerdx, session, question):
    citations = ask(shared_nerdx, question, session=session)["citations"]
    assert not [c["id"] for c in citations if c["sample"] and c["label"] == "Product"]


@pytest.mark.parametrize("question", ["Which bottles do you have?", "어떤 술들이 있나요", "NERD에는 어떤 술이 있어요?"])
def test_which_bottles_there_are_is_no_question_about_vessels(shared_nerdx, session, question):
    reply = ask(shared_nerdx, question, session=session)
    assert set(cited(reply)) == BOTTLES_OF_ICHEON_RICE


@pytest.mark.parametrize("question", ["누룩이 무슨 뜻이에요?", "What does nuruk mean?"])
def test_what_a_word_means_is_told_of_the_thing_and_not_from_a_sample_story(shared_nerdx, session, question):
    reply = ask(shared_nerdx, question, session=session)
    assert cited(reply)[0] == "traditional-nuruk"


def test_a_question_of_history_is_found_by_what_it_asks(shared_nerdx, session):
    reply = ask(shared_nerdx, "How did kings punish brewers during prohibition?", session=session)
    assert cited(reply)[0] == "prohibition-edicts"


@pytest.mark.parametrize(
    "question",
    ["비트코인 시세", "오늘 날씨 어때요?", "who won the world cup", "explain quantum entanglement", "asdf qwer zxcv"],
)
def test_what_the_world_does_not_hold_is_not_made_up(shared_nerdx, session, question):
    reply = ask(shared_nerdx, question, session=session)
    assert reply["outcome"] == "abstain"
    assert reply["content"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("message", "", "/message"),
        ("message", "x" * 2001, "/message"),
        ("session_id", "a b", "/session_id"),
        ("user_id", None, "/user_id"),
        ("mood", "good", "/mood"),
    ],
)
def test_a_message_that_breaks_the_contract_is_refused_by_name(shared_nerdx, field, value, says):
    body = {"user_id": "visitor", "session_id": "wrong", "message": "hello", field: value}
    for headers in ({}, {"Accept": "text/event-stream"}):
        reply = shared_nerdx.post(CHAT, body, headers=headers)
        assert reply.status_code == 400, reply.text
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert says in reply.text


def test_a_visitor_who_leaves_early_is_still_remembered(shared_nerdx, session):
    with open_chat(shared_nerdx, "누룩이 뭐예요?", session=session) as reply:
        next(events_of(reply))
    assert ask(shared_nerdx, "그건 무엇으로 만들어요?", session=session)["citations"][0]["id"] == "traditional-nuruk"


def test_the_terminal_shows_what_an_answer_rests_on(run_nerdx, tmp_path):
    done = run_nerdx("chat", "--data", tmp_path / "data", input="/why\nWhat is makgeolli?\n/why\n")
    assert done.returncode == 0, done.stderr
    before, _, after = done.stdout.partition("There is no answer yet that rests on anything.\n")
    assert before == ""
    assert "Makgeolli (makgeolli)\n  " in after
    assert "\n  - " in after and "https://" in after.rpartition("\n  - ")[2]
