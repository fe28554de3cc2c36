/* Sentences that rest on what is known, and sentences that don't. */
#include "check.h"

#include "content.h"
#include "services/agents/grounding/grounding.h"

static const char *const KNOWN[] = {
    "NERD12 시그니처",
    "NERD12 Signature",
    "이천 쌀로 빚은 알코올 12도의 탁주입니다. 시중의 탁주는 대개 6도에서 8도입니다.",
    "Premium rice known for sweetness, grown in the fertile plains of Icheon for over 500 years.",
    "abv: 12.0",
    "이강주는 전주의 소주로, 배와 생강이 들어갑니다.",
    "삼해주는 세 번 빚어 석 달을 익힙니다.",
    "A grain of 2022-03-15, 1,000 bottles of 375 ml.",
    "감홍로는 평양에서 왔습니다. 조선 시대의 『산가요록』에 없습니다.",
    "고구마 65퍼센트, 물 3만 5천 리터",
    "The mash takes fifteen days at 25 °C.",
    "유민자 명인이 18세기의 방법으로 빚습니다.",
    "In the twentieth century it was revived.",
    "Samhaeju was brewed by thousands of jars.",
};

typedef struct Case {
    const char *sentence;
    const char *missing; /* NULL: it holds */
} Case;

static void check_cases(const Grounding *rules, const Case *cases, size_t count)
{
    AUTO_ARENA Arena arena = {0};
    Grounds grounds;
    size_t wrong = 0;

    grounds_init(&grounds, rules, &arena);
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        grounds_add(&grounds, str_from(KNOWN[i]));
    for (size_t i = 0; i < count; i++) {
        Str missing;
        bool holds = grounding_holds(&grounds, str_from(cases[i].sentence), &missing);
        if (holds == (cases[i].missing == NULL) && (holds || str_equal(missing, str_from(cases[i].missing))))
            continue;
        print_error("%s\n  missing \"%.*s\", not \"%s\"\n", cases[i].sentence, STR_ARG(missing),
                    cases[i].missing != NULL ? cases[i].missing : "");
        wrong++;
    }
    assert_int_equal(wrong, 0);
}
#define CHECK(state, ...)                                              \
    do {                                                               \
        static const Case cases_[] = {__VA_ARGS__};                    \
        check_cases(*(state), cases_, sizeof cases_ / sizeof *cases_); \
    } while (0)

static int open_rules(void **state)
{
    Grounding *rules = NULL;

    check_ok(grounding_create(AGENTS_CONTENT, &rules));
    *state = rules;
    return 0;
}

static int close_rules(void **state)
{
    grounding_destroy(*state);
    return 0;
}

static void numbers_are_the_same_however_they_are_written(void **state)
{
    CHECK(state, {"NERD12 시그니처는 12도예요.", NULL}, {"It has 12 % alcohol, or twelve percent.", NULL},
          {"십이 도의 술이에요.", NULL}, {"오백 년 넘게 길러 온 쌀이에요.", NULL},
          {"500년의 쌀입니다.", NULL}, {"For five hundred years they grew it.", NULL},
          {"It takes three months, and is brewed three times.", NULL}, {"석 달을 기다리고 3번 빚지요.", NULL},
          {"세 차례 빚어요.", NULL}, {"2022년 3월 15일의 일입니다.", NULL}, {"It was March 15, 2022.", NULL},
          {"천 병, 곧 1,000병이 나왔어요.", NULL}, {"고구마가 육십오 퍼센트예요.", NULL},
          {"3만5천 리터의 물이에요.", NULL}, {"35,000 liters of water.", NULL},
          {"It takes 15 days at 25 degrees.", NULL},
          {"It is an 18th-century method, of the eighteenth century.", NULL},
          {"20세기에 되살아났어요.", NULL}, {"수백 년을 이어 온 쌀이죠.", NULL},
          {"Hundreds of years of rice.", NULL}, {"수천 독을 빚었어요.", NULL});
}

static void numbers_that_nobody_gave_are_missed(void **state)
{
    CHECK(state, {"이 술은 13도예요.", "13도"}, {"It has 13 % alcohol.", "13 %"},
          {"십삼 도의 술이에요.", "십삼 도"}, {"육백 년 넘게 길러 온 쌀이에요.", "육백 년"},
          {"For six hundred years they grew it.", "six hundred years"}, {"네 번 빚어요.", "네 번"},
          {"It is brewed four times.", "four times"}, {"2023년의 일입니다.", "2023년"},
          {"It was in July 2022.", "july"}, {"수천 년의 역사예요.", "수천"},
          {"Thousands of years ago.", "thousands"}, {"6.5도예요.", "6.5도"},
          {"It is a 19th-century method.", "19th-century"}, {"서른두 해 동안 빚었어요.", "서른두 해"},
          {"value 12,345", "12,345"});
}

static void numbers_of_another_kind_are_others(void **state)
{
    CHECK(state, {"500도예요.", "500도"}, {"It takes 65 months.", "65 months"},
          {"It has 500 percent.", "500 percent"});
}

static void words_that_only_look_like_numbers_claim_nothing(void **state)
{
    CHECK(state, {"이 술은 일이 많아요. 사람들이 오지요. 구수한 향만 남아요.", NULL},
          {"한 번 드셔 보세요, 한 잔이면 충분해요.", NULL},
          {"천천히 만나 볼까요? 백미는 좋은 쌀이에요.", NULL}, {"두 가지만 말씀드릴게요.", NULL},
          {"This is one of the best, and the first sip tells.", NULL},
          {"A second thing: two stories wait for you.", NULL}, {"You may ask me in a minute.", NULL},
          {"오늘은 어떤 하루였나요?", NULL});
}

static void names_are_found_in_either_script(void **state)
{
    CHECK(state, {"Gamhongno came from Pyongyang.", NULL}, {"It is an old drink called Gamhongno.", NULL},
          {"이천시의 쌀입니다.", NULL}, {"The rice of Icheon, in the Joseon era.", NULL},
          {"조선시대의 이강주는 전주에서 났어요.", NULL},
          {"Try Igangju with Iruri? No: try Igangju.", "Iruri"}, {"유민자 명인의 술이에요.", NULL},
          {"It was made by Yu Minja.", "Yu"}, {"We call it NERD12.", NULL},
          {"『산가요록』이라는 책이 있어요.", NULL});
}

static void names_that_nobody_gave_are_missed(void **state)
{
    CHECK(state, {"안동에서 온 술이에요.", "안동"}, {"The rice comes from Andong.", "Andong"},
          {"Andong is where it began.", "Andong"}, {"고려의 왕이 즐겼습니다.", "고려"},
          {"King Sejong loved it.", "Sejong"}, {"세종대왕이 즐겼어요.", "세종대왕"},
          {"문배주를 아세요?", "문배주"}, {"김정희 명인이 빚었어요.", "김정희"},
          {"Try our NERD99.", "NERD99"}, {"『규합총서』에 나옵니다.", "규합총서"},
          {"It was praised by Anthony Bourdain.", "Anthony"}, {"『술 빚는 법』에 나옵니다.", "술 빚는 법"});
}

static void words_that_only_look_like_names_claim_nothing(void **state)
{
    CHECK(state, {"천천히 보여주는 술이에요. 자주 마시진 마세요.", NULL},
          {"전통주와 과실주, 증류주가 있어요.", NULL},
          {"The grain whispers; I'm Maeju, and in Korea we listen.", NULL},
          {"Have you ever tasted it? What a day!", NULL}, {"저는 매주예요. 이름난 명인이 많지요.", NULL},
          {"고려해 볼 만해요. 부산하게 움직였죠.", NULL});
}

static void what_is_added_later_counts(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Grounds grounds;
    Str missing;

    grounds_init(&grounds, *state, &arena);
    assert_false(grounding_holds(&grounds, STR("안동에서 45도로 빚어요."), &missing));
    grounds_add(&grounds, STR("내 고향은 안동이고 나이는 45살이에요."));
    assert_false(grounding_holds(&grounds, STR("안동에서 45도로 빚어요."), &missing));
    grounds_add(&grounds, STR("45 percent"));
    assert_true(grounding_holds(&grounds, STR("안동에서 45도로 빚어요."), &missing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_same_however_they_are_written),
        cmocka_unit_test(numbers_that_nobody_gave_are_missed),
        cmocka_unit_test(numbers_of_another_kind_are_others),
        cmocka_unit_test(words_that_only_look_like_numbers_claim_nothing),
        cmocka_unit_test(names_are_found_in_either_script),
        cmocka_unit_test(names_that_nobody_gave_are_missed),
        cmocka_unit_test(words_that_only_look_like_names_claim_nothing),
        cmocka_unit_test(what_is_added_later_counts),
    };

    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
