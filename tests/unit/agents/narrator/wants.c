/* What is heard of wishes that are wrapped in somebody's day, with harmless look-alikes that speak of something else. */
#include <string.h>

#include "check.h"
#include "content.h"

#include "base/yaml.h"

typedef struct WishRow {
    const char *message;
    int does; /* a WantDoes; NOTHING: it wants nothing of us */
    uint32_t besides;
} WishRow;

enum { NOTHING = -1 };

static const WishRow WISHES[] = {
    {"야구 보면서 치킨이랑 먹을 건데 뭐가 나음?", WANT_RECOMMEND, 0},
    {"쌍둥이 돌잔치가 끝나서 어른들끼리 한 잔 하려구요. 부드러운 걸로요", WANT_RECOMMEND,
     WORDS_BIT(WORDS_TASTE)},
    {"Which goes with liver pâté?", WANT_RECOMMEND, 0},
    {"Savoury options?", WANT_RECOMMEND, WORDS_BIT(WORDS_TASTE)},
    {"음.. 더 약한 거는?", WANT_WEAKER, WORDS_BIT(WORDS_TALK)},
    {"hm too strong. gentler?", WANT_WEAKER, WORDS_BIT(WORDS_TALK)},
    {"더 독한 거 있어요?", WANT_STRONGER, WORDS_BIT(WORDS_TALK)},
    {"지난번에 추천한 거 말고 다른 거는요?", WANT_ANOTHER, WORDS_BIT(WORDS_TALK)},
    {"anything else?", WANT_ANOTHER, WORDS_BIT(WORDS_TALK)},
    {"이야기는 공짜죠? 하나 들려줘요", WANT_STORY, 0},
    {"entertain me with a brewer's blunder", WANT_STORY, 0},
    {"몽롱한 색깔의 라벨이 예뻐요 누가 그렸어요", WANT_MISS, 0},
    {"what's in store for the brewery next season", WANT_MISS, 0},
    {"차갑게? 미지근하게?", WANT_TELL, WORDS_BIT(WORDS_TALK)},
    {"뚜껑 여는 법 좀", WANT_MISS, WORDS_BIT(WORDS_TALK)},
    {"how is it made in the brewery", WANT_TELL, 0},
    {"is it expensive?", WANT_SELLER, 0},
    {"비싸요?", WANT_SELLER, 0},
    {"are the bottles recyclable", WANT_MISS, 0},
    {"I'm vegan, by the way", NOTHING, 0},
    {"저는 비건이에요", NOTHING, 0},
    {"teach me a Korean word", WANT_TELL, 0},
    {"제일 특이한 술이 뭐예요?", WANT_TELL, 0},
    {"농담 하나 해줘", WANT_STORY, 0},
    {"저녁에 볼 넷플릭스 추천", NOTHING, 0},
    {"조카에게 선물할 운동화 브랜드 뭐가 인기예요", NOTHING, 0},
    {"recommend a sci-fi series", NOTHING, 0},
    {"best budget phone 2026?", NOTHING, 0},
    {"how tall is Everest", NOTHING, 0},
    {"내 별자리 운세 봐줘", NOTHING, 0},
};

static void wishes_are_heard_and_look_alikes_are_not(void **state)
{
    const Wants *wants = voice_wants(*state);

    for (size_t i = 0; i < sizeof WISHES / sizeof *WISHES; i++) {
        AUTO_ARENA Arena arena = {0};
        arena_init(&arena);
        Str folded = text_fold(&arena, str_from(WISHES[i].message));
        const Want *want = wants_hear(wants, folded, wants_words(wants, folded) | WISHES[i].besides);
        if ((want == NULL ? NOTHING : (int)want->does) != WISHES[i].does)
            fail_msg("%s", WISHES[i].message);
    }
}

static void a_drink_outweighs_words_of_something_else(void **state)
{
    const Wants *wants = voice_wants(*state);
    uint32_t film = wants_words(wants, STR("a film for tonight")),
             both = wants_words(wants, STR("a bottle for the film tonight"));

    assert_true(wants_are_elsewhere(film));
    assert_false(wants_are_elsewhere(both));
}

static void a_want_that_does_nothing_known_is_refused_by_name(void **state)
{
    AUTO_ARENA Arena arena = {0};
    AUTO_JSON json_t *content = NULL;
    Wants *wants;
    Err e;

    (void)state;
    arena_init(&arena);
    e = yaml_read(STR("wants: {dance: {en: {says: [dance]}, does: dance}}"), &content);
    assert_false(failed(&e));
    e = wants_create(&arena, content, &wants);
    assert_int_equal(e.code, INVALID);
    assert_null(wants);
    assert_non_null(strstr(e.message, "dance: does must be"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wishes_are_heard_and_look_alikes_are_not),
        cmocka_unit_test(a_drink_outweighs_words_of_something_else),
        cmocka_unit_test(a_want_that_does_nothing_known_is_refused_by_name),
    };

    return cmocka_run_group_tests(tests, open_words, close_words);
}
