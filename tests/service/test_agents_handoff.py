"""What goes with a visitor to whoever takes over: typed, and as the whole conversation has it (HandoffSummary)."""

import pytest

from conversation import ask

TOOLS = "/api/v1/agents/tools"
SIGNATURE = "nerd12-signature"


def talk(nerdx, session, *messages, **fields):
    """The hand-off that a conversation ends with."""
    replies = [ask(nerdx, message, user=f"buyer-{session}", session=session, **fields) for message in messages]
    assert replies[-1]["outcome"] == "handoff", replies[-1]
    return replies[-1]["handoff"]


def counted(summary):
    return {item.get("product_id"): (item["count"], item["unit"]) for item in summary.get("quantities", [])}


@pytest.mark.parametrize(
    ("question", "purchase", "said"),
    [
        ("Which story is behind NERD12?", "I'd like to buy two bottles", "two bottles"),
        ("NERD12에 담긴 이야기는 뭐예요?", "두 병 살게요", "두 병"),
    ],
)
def test_a_product_in_a_question_that_a_story_answered_is_carried(shared_nerdx, session, question, purchase, said):
    handoff = talk(shared_nerdx, session, question, purchase)
    assert handoff["products"] == [SIGNATURE]
    assert handoff["summary"]["quantities"] == [{"product_id": SIGNATURE, "count": 2, "unit": "bottle", "said": said}]


@pytest.mark.parametrize(
    "message", ["Which story is behind NERD12?", "NERD12에 담긴 이야기는 뭐예요?", "Tell me the story of NERD12"]
)
def test_the_story_behind_a_product_is_the_one_it_features_in(shared_nerdx, session, message):
    reply = ask(shared_nerdx, message, session=session)
    assert reply["citations"][0]["id"] in {"founder-story", SIGNATURE}
    assert "founder-story" in [citation["id"] for citation in reply["citations"]]


def test_the_story_behind_what_was_talked_about_is_found_too(shared_nerdx, session):
    ask(shared_nerdx, "Tell me about NERD12", session=session)
    reply = ask(shared_nerdx, "What is the story behind it?", session=session)
    assert reply["citations"][0]["id"] == "founder-story"


def test_an_english_order_is_handed_on_whole(shared_nerdx, session):
    handoff = talk(
        shared_nerdx,
        session,
        "I don't like sweet drinks",
        "It's a gift for my mother-in-law",
        "What is NERD12?",
        "I want to buy two bottles for under $60, by 2099-12-31",
    )
    summary = handoff["summary"]
    assert counted(summary) == {SIGNATURE: (2, "bottle")}
    assert (summary["budget"]["max_minor"], summary["budget"]["currency"]) == (6000, "USD")
    assert summary["needed_by"] == {"date": "2099-12-31", "said": "by 2099-12-31"}
    assert (summary["recipient"]["who"], summary["recipient"]["gift"]) == ("mother_in_law", True)
    assert [taste["score"] < 0 for taste in summary["tastes"]] == [True]


def test_a_korean_order_is_handed_on_whole(shared_nerdx, session):
    handoff = talk(
        shared_nerdx,
        session,
        "장모님 생신 선물이에요",
        "예산은 3만5천원 정도예요",
        "NERD12는 어떤 술인가요?",
        "2099년 12월 31일까지 세 병 주문할게요",
    )
    summary = handoff["summary"]
    assert counted(summary) == {SIGNATURE: (3, "bottle")}
    assert summary["budget"] == {
        "max_minor": 35000,
        "currency": "KRW",
        "approximate": True,
        "each": False,
        "said": "예산은 3만5천원 정도",
    }
    assert summary["needed_by"] == {"date": "2099-12-31", "said": "2099년 12월 31일까지"}
    recipient = summary["recipient"]
    assert (recipient["who"], recipient["gift"], recipient["occasion_id"]) == ("mother_in_law", True, "birthday")


def test_what_is_told_in_the_message_itself_is_handed_on(shared_nerdx, session):
    handoff = talk(shared_nerdx, session, "I don't like sweet drinks. I want to buy NERD12.")
    assert [taste["score"] < 0 for taste in handoff["summary"]["tastes"]] == [True]


def test_a_number_in_a_name_is_no_quantity_and_a_price_no_budget(shared_nerdx, session):
    summary = talk(shared_nerdx, session, "Is NERD12 really 12 degrees?", "How much is a bottle of NERD12?")["summary"]
    assert summary.keys() == {"language", "wants", "tastes", "constraints"}


def test_what_a_program_makes_up_is_dropped_and_what_it_leaves_out_is_filled_in(shared_nerdx, session):
    ask(shared_nerdx, "Tell me about NERD12. My budget is $40", user="buyer", session=session)
    given = {"from": "maeju", "user_id": "buyer", "session_id": session, "message": "I'd like two bottles"}
    body = {
        "products": [SIGNATURE],
        "quantities": [{"product_id": SIGNATURE, "count": 9}],
        "budget": {"max_minor": 99900, "currency": "USD"},
        "needed_by": "2099-01-01",
        "recipient": "king",
    }
    reply = shared_nerdx.request("POST", f"{TOOLS}/hand-off/joon", params=given, json=body)
    assert reply.status_code == 200, reply.text
    summary = reply.json()["summary"]
    assert counted(summary) == {SIGNATURE: (2, "bottle")}
    assert summary["budget"]["max_minor"] == 4000
    assert not {"needed_by", "recipient"} & summary.keys()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"quantities": [{"product_id": SIGNATURE, "count": 0}]}, "/quantities/0/count"),
        ({"budget": {"max_minor": -1, "currency": "KRW"}}, "/budget/max_minor"),
        ({"needed_by": "Friday"}, "/needed_by"),
        ({"recipient": ""}, "/recipient"),
    ],
)
def test_fields_of_a_hand_off_are_checked(shared_nerdx, body, pointer):
    given = {"from": "maeju", "user_id": "buyer", "session_id": "s", "message": "hello"}
    reply = shared_nerdx.request("POST", f"{TOOLS}/hand-off/joon", params=given, json=body)
    assert (reply.status_code, reply.json()["pointer"]) == (400, pointer)
