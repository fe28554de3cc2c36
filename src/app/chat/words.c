#include "app/chat/words.h"

static const ChatWords WORDS[LANGUAGE_COUNT] = {
    [LANGUAGE_KO] =
        {
            .welcome = "AI 이야기꾼 매주와 이야기합니다. 한 줄을 쓰고 Enter를 누르세요. /help는 도움말, "
                       "Ctrl-D는 끝.",
            .label = "매주 (AI)",
            .you = "나",
            .cited = "근거",
            .sample = "견본",
            .to_joon = "준에게",
            .stopped = "여기서 멈췄습니다. 여기까지의 말은 남아 /history로 볼 수 있습니다.",
            .still_answering = "앞의 답이 아직 끝나지 않아 기다립니다. Ctrl-C를 누르면 나갑니다.",
            .goes_on = "이어서 이야기합니다",
            .begins = "새 이야기를 시작합니다.",
            .no_talks = "아직 나눈 이야기가 없습니다.",
            .here = "지금 이 이야기",
            .turns = "주고받은 말",
            .forgotten_words = "(잊은 말)",
            .answers_in =
                {[LANGUAGE_KO] = "이제 한국어로 답합니다.", [LANGUAGE_EN] = "이제 영어로 답합니다."},
            .answers_in_either = "이제 말씀하시는 언어로 답합니다.",
            .rests_on_nothing = "근거를 보일 답이 아직 없습니다.",
            .no_source = "출처: 브랜드가 정한 설정입니다.",
            .nothing_remembered = "아직 기억해 둔 것이 없습니다.",
            .corrected = "바로잡음",
            .forgotten = "잊었습니다",
            .fallback =
                {
                    [FALLBACK_UNAVAILABLE] = "언어 모델에 닿지 않아 이야기꾼이 답했습니다.",
                    [FALLBACK_LIMITED] = "언어 모델이 붐벼 이야기꾼이 답했습니다.",
                    [FALLBACK_TIMED_OUT] = "언어 모델이 늦어 이야기꾼이 답했습니다.",
                    [FALLBACK_REFUSED] = "언어 모델이 답하지 않아 이야기꾼이 답했습니다.",
                    [FALLBACK_UNREADABLE] = "언어 모델의 답을 읽을 수 없어 이야기꾼이 답했습니다.",
                    [FALLBACK_UNGROUNDED] = "언어 모델의 답에 근거가 없어 이야기꾼이 답했습니다.",
                },
        },
    [LANGUAGE_EN] =
        {
            .welcome =
                "You are talking with Maeju, an AI storyteller. Type a line and press Enter; /help lists "
                "what else there is, Ctrl-D ends.",
            .label = "Maeju (AI)",
            .you = "You",
            .cited = "from",
            .sample = "sample",
            .to_joon = "to Joon",
            .stopped = "Stopped here. What was said is kept: /history shows it.",
            .still_answering = "The answer before isn't whole yet; waiting for it. Ctrl-C leaves.",
            .goes_on = "The talk goes on",
            .begins = "A new talk begins.",
            .no_talks = "There is no talk yet.",
            .here = "this talk",
            .turns = "exchanges",
            .forgotten_words = "(forgotten words)",
            .answers_in =
                {[LANGUAGE_KO] = "Answers are in Korean now.", [LANGUAGE_EN] = "Answers are in English now."},
            .answers_in_either = "Answers are in the language you write in now.",
            .rests_on_nothing = "There is no answer yet that rests on anything.",
            .no_source = "source: set by the brand",
            .nothing_remembered = "Nothing is remembered of you.",
            .corrected = "corrected since",
            .forgotten = "Forgotten",
            .fallback =
                {
                    [FALLBACK_UNAVAILABLE] = "The language model can't be reached, so the narrator answered.",
                    [FALLBACK_LIMITED] = "The language model is busy, so the narrator answered.",
                    [FALLBACK_TIMED_OUT] = "The language model took too long, so the narrator answered.",
                    [FALLBACK_REFUSED] = "The language model refused, so the narrator answered.",
                    [FALLBACK_UNREADABLE] =
                        "The language model's answer couldn't be read, so the narrator answered.",
                    [FALLBACK_UNGROUNDED] =
                        "The language model's answer rested on nothing, so the narrator answered.",
                },
        },
};

const ChatWords *chat_words(Language language)
{
    return &WORDS[language];
}
