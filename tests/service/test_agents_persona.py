"""The specification's persona prompt as rules: each of its lines is a row here, checked on what the narrator says.

The lines are quoted as they stand; `prompt.yaml` of content/agents/maeju has to have every one of them, so that a
language model is told no less than what is checked here."""

import pathlib
import re
import uuid

import pytest

from conversation import ask, until

PROMPT = pathlib.Path(__file__).parents[2] / "content/agents/maeju/prompt.yaml"
HANDOFF = {
    "en": "I'd love to introduce you to my colleague Joon, our concierge. He can help you bring these flavors home.",
    "ko": "제 동료인 컨시어지 준을 소개해 드리고 싶어요. 이 맛을 댁으로 가져가실 수 있도록 준이 도와드릴 거예요.",
}
IMAGE = re.compile(
    r"as if|like a|I think of|you might say|you could say|folk song|orchestra"
    r"|처럼|같아요|같다고|라고 할까요|셈이|닮|초고"
)
SALE = re.compile(r"\b(?:buy|order now|price|discount|sale|cart)\b|구매|주문하|할인|장바구니|사세요", re.IGNORECASE)
CLAIM = re.compile(r"good for (?:you|your)|\bcures?\b|\bheals?\b|healthy|몸에 좋|건강에 좋|효능|낫게", re.I)
URGE = re.compile(r"have another|drink (?:up|more)|bottoms up|한 잔 더|더 드세요|원샷|쭉 드", re.I)
RULES = []


def rule(*lines):
    def keep(check):
        RULES.extend((line, check) for line in lines)
        return check

    return keep


class Talk:
    """A visitor's conversation in one language; every answer is kept."""

    def __init__(self, nerdx, language):
        self.nerdx, self.language, self.name = nerdx, language, uuid.uuid4().hex
        self.answers = []

    def say(self, en, ko):
        reply = ask(self.nerdx, en if self.language == "en" else ko, user=self.name, session=self.name)
        assert reply["language"] == self.language
        self.answers.append(reply["content"])
        return reply

    def cites(self, en, ko):
        return [citation["id"] for citation in self.say(en, ko)["citations"]]


@rule("Knowledgeable about Korean culture, brewing traditions, and NERD brand history")
def knows_culture_brewing_and_brand(talk):
    assert talk.cites("What is hyangeumjurye?", "향음주례가 뭐예요?")[0] == "hyangeumjurye"
    assert talk.cites("What is samyangju?", "삼양주가 뭐예요?")[0] == "samyangju"
    assert talk.cites("The founder story, please", "NERD의 창업 이야기 들려주세요")[0] == "founder-story"


@rule("Warm, inviting tone - like a favorite uncle sharing stories over drinks")
def invites(talk):
    content = talk.say("Hello!", "안녕하세요")["content"]
    assert re.search(r"chair|seat|sit down|어서 오세요|앉", content)
    assert content.endswith("?")


@rule("Poetic but not pretentious; use vivid imagery but keep it accessible")
def shows_a_picture_in_plain_sentences(talk):
    contents = [
        talk.say("What is nuruk?", "누룩이 뭐예요?")["content"],
        talk.say("What is makgeolli?", "막걸리가 뭐예요?")["content"],
        talk.say("What is yakju?", "약주가 뭐예요?")["content"],
    ]
    assert any(IMAGE.search(content) for content in contents)
    lengths = sorted(len(one.split()) for content in contents for one in re.split(r"(?<=[.?!])\s+", content))
    assert lengths[len(lengths) // 2] <= 25


@rule("Curious about the user's experiences and tastes", "Ask open-ended questions to understand user preferences")
def asks_about_the_visitor(talk):
    asked = [("What is takju?", "탁주가 뭐예요?"), ("And soju?", "소주는요?"), ("tell me more", "더 알려 주세요")]
    for en, ko in asked * 2:
        assert "?" in talk.say(en, ko)["content"].rsplit("\n\n", 1)[-1]
    own = r"\b(?:you|your)\b" if talk.language == "en" else r"(?:세요|어요|까요)\?"
    assert sum(bool(re.search(own, answer[-160:])) for answer in talk.answers) >= 3


@rule("Never pushy about sales; focus on connection and discovery")
def sells_nothing_unasked(talk):
    for en, ko in [
        ("What bottles do you have?", "어떤 술이 있어요?"),
        ("the first one", "첫 번째 거요"),
        ("what food goes with it?", "뭐랑 먹으면 좋아요?"),
    ]:
        reply = talk.say(en, ko)
        assert "handoff" not in reply and not SALE.search(reply["content"])


@rule("Korean traditional brewing methods and ingredients")
def knows_methods_and_ingredients(talk):
    assert talk.say("How is makgeolli made?", "막걸리는 어떻게 만들어요?")["outcome"] == "answer"
    assert talk.cites("What is godubap?", "고두밥이 뭐예요?")[0] == "godubap"
    assert talk.cites("What is NERD12 made of?", "NERD12의 재료는 뭐예요?")[0] == "nerd12-signature"


@rule("NERD brand story, products, and philosophy")
def knows_story_products_and_philosophy(talk):
    assert "founder-story" in talk.cites("Tell me the brand story", "브랜드 이야기 들려주세요")
    assert "nerd12-signature" in talk.cites("What bottles do you have?", "NERD 술은 어떤 게 있어요?")
    assert talk.cites("What is the NERD philosophy?", "브랜드 철학이 뭐예요?")[0] == "notebook-and-jar"


@rule("Food pairing and flavor profiles")
def knows_food_and_flavour(talk):
    cited = talk.cites("What food goes with makgeolli?", "막걸리에는 어떤 안주가 어울려요?")
    assert {"pajeon", "jeon"} <= set(cited)
    content = talk.say("What does NERD16 taste like?", "NERD16은 맛이 어때요?")["content"]
    assert re.search("floral|꽃", content)


@rule("Cultural context of Korean drinking traditions")
def knows_customs(talk):
    cited = talk.cites("How do I pour for an elder? table manners", "어른께 술 따르는 예절이 있나요?")
    assert cited[0] == "table-manners"
    assert talk.cites("What is eumbok?", "음복이 뭐예요?")[0] == "eumbok"


@rule("How AI and tradition can harmonize")
def knows_of_ai_and_tradition(talk):
    cited = talk.cites("How can AI and tradition go together?", "AI와 전통이 어떻게 어울릴까요?")
    assert cited[0] == "notebook-and-jar"


@rule("Share mini-stories (1-2 paragraphs) when relevant")
def tells_small_stories(talk):
    content = talk.say("Tell me a story about the king's rice", "임금님 쌀 이야기 들려주세요")["content"]
    told = [part for part in content.split("\n\n") if len(part) > 60]
    assert 1 <= len(told) <= 2 and "1490" in content


@rule("Use metaphors connecting brewing to other creative processes")
def sees_brewing_in_other_crafts(talk):
    music = talk.say("I'm a musician. Is brewing like music?", "저는 음악을 해요. 술 빚기랑 비슷할까요?")
    assert re.search(r"ensemble|band|합주|연습실", music["content"])
    writing = talk.say("I'm a writer, does it feel like writing?", "저는 글을 써요. 글쓰기랑 닮았나요?")
    assert re.search(r"draft|page|첫 장|두 번 쓰", writing["content"])


@rule('When recommending products, explain the "why" (story, flavor, occasion)')
def says_why(talk):
    reply = talk.say("Recommend something for a rainy day", "비 오는 날 마실 술 추천해 주세요")
    cited = {citation["label"] for citation in reply["citations"]}
    assert {"Product", "Lore", "Dish"} <= cited
    assert re.search("flavou?r|tast|맛", reply["content"])
    assert "rainy-day-pajeon" in [citation["id"] for citation in reply["citations"]]


@rule("Occasionally use Korean words (with English translation) for authenticity")
def uses_korean_words_with_translation(talk):
    for en, ko in [("What is takju?", "탁주가 뭐예요?"), ("What is onggi?", "옹기가 뭐예요?")]:
        content = talk.say(en, ko)["content"]
        if talk.language == "en":
            assert re.search(r"[가-힣]+ \([A-Za-z]|[A-Za-z] \([가-힣]", content)
            bare = re.sub(r"\([가-힣\s]+[^)]*\)|[가-힣]+(?: [가-힣]+)* \([A-Za-z][^)]*\)", "", content)
            assert not re.search(r"[가-힣]", bare), bare


@rule("Keep responses concise (2-4 paragraphs max)")
def keeps_to_four_paragraphs(talk):
    for en, ko in [
        ("Tell me the whole story of the first batch", "첫 술 이야기를 끝까지 길게 들려주세요"),
        ("Recommend something for a rainy day", "비 오는 날 마실 술 추천해 주세요"),
        ("What is nuruk?", "누룩이 뭐예요?"),
    ]:
        content = talk.say(en, ko)["content"]
        assert content.count("\n\n") <= 3
        assert len(content) <= 2200


@rule("Don't make medical claims about alcohol", "Don't promote excessive drinking")
def claims_nothing_and_urges_nobody(talk):
    talk.say("Is makgeolli good for my health?", "막걸리는 몸에 좋아요?")
    talk.say("What is gamhongno?", "감홍로가 뭐예요?")
    talk.say("How many bottles can I drink tonight to get drunk?", "오늘 몇 병 마셔야 취해요?")
    for answer in talk.answers[1:]:
        assert not CLAIM.search(answer) and not URGE.search(answer), answer


@rule("If asked about competitors, respectfully redirect to NERD's unique qualities")
def compares_with_no_competitor(talk):
    """Which names are competitors is the guards' to know; the narrator says nothing for or against one."""
    content = talk.say("Is Kooksoondang better than NERD12?", "국순당이 NERD12보다 나아요?")["content"]
    assert not re.search(r"worse|inferior|bad|better than|떨어지|못하|나쁘|별로", content, re.IGNORECASE)


@rule("If you don't know something, admit it gracefully")
def admits_what_it_does_not_know(talk):
    reply = talk.say("Who won the football world cup?", "월드컵은 누가 이겼어요?")
    assert reply["outcome"] == "abstain" and reply["content"].rstrip().endswith("?")
    talk.say("Tell me about NERD12 Signature", "NERD12 시그니처 알려 주세요")
    content = talk.say("when was it first sold?", "그건 언제 처음 팔았어요?")["content"]
    assert re.search("don't say|no date|적혀 있지 않|적힌 때가 없", content)


@rule(
    'If user shows purchase intent keywords ("buy", "order", "ship", "price"), say:',
    "Then call handoff_to_joon() function.",
)
def hands_over_in_the_exact_words(talk):
    talk.say("What is NERD12?", "NERD12는 어떤 술이에요?")
    wishes = {"buy it": "사고 싶어요", "can I order one?": "주문할게요", "do you ship?": "배송되나요?"}
    for en, ko in {**wishes, "price?": "가격이 궁금해요"}.items():
        reply = talk.say(en, ko)
        assert reply["content"] == HANDOFF[talk.language]
        assert reply["handoff"]["to"] == "joon" and reply["handoff"]["products"] == ["nerd12-signature"]


@rule("{user_context}", "{relevant_knowledge}")
def both_slots_are_felt(talk):
    """What the visitor told, and what the world knows, are in the answer."""
    talk.say("I like floral drinks", "꽃향기 나는 술을 좋아해요")

    def recommended():
        return talk.say("Recommend something", "하나 추천해 주세요")["citations"][0]["id"] == "nerd16-clear"

    until(recommended)  # the world is told of a taste after the turn


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("line", "check"), RULES, ids=[line[:48] for line, _ in RULES])
def test_the_persona_s_line_holds(shared_nerdx, language, line, check):
    assert line
    check(Talk(shared_nerdx, language))


@pytest.mark.skipif(not PROMPT.exists(), reason="no prompt for language models yet")
def test_a_language_model_is_told_every_line_that_is_checked_here():
    prompt = PROMPT.read_text(encoding="utf-8")
    assert [line for line, _ in RULES if line not in prompt] == []


def test_every_line_of_the_prompt_is_checked_here():
    """The lists of the specification: 22 rules and the two slots."""
    assert len({line for line, _ in RULES}) == 24
