#include "services/agents/text.h"

#include "check.h"
#include "content.h"

static void the_language_is_that_of_the_message(void **state)
{
    (void)state;
    assert_int_equal(tongue_of(STR("막걸리가 뭐예요?"), ENGLISH), KOREAN);
    assert_int_equal(tongue_of(STR("NERD12 Signature가 뭐예요?"), ENGLISH), KOREAN);
    assert_int_equal(tongue_of(STR("What is makgeolli?"), KOREAN), ENGLISH);
    assert_int_equal(tongue_of(STR("What does 막 mean in makgeolli?"), KOREAN), ENGLISH);
    assert_int_equal(tongue_of(STR("?! 12"), ENGLISH), ENGLISH);
    assert_int_equal(tongue_of(STR("?! 12"), KOREAN), KOREAN);
}

static void sentences_end_where_they_end(void **state)
{
    Str marks[] = {STR("c"), STR("dr"), STR("e.g")};
    Str rest = STR("It was c. 1450. Dr. Kim said “rice.” Is it 12.5 %? Yes!\n둘째 문단입니다. 끝");
    const char *expected[] = {
        "It was c. 1450.", "Dr. Kim said “rice.”", "Is it 12.5 %?", "Yes!", "둘째 문단입니다.", "끝"};
    AUTO_ARENA Arena arena = {0};
    Str sentence;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(text_next_sentence(&rest, (Texts){marks, 3}, &sentence));
        assert_string_equal(str_c(&arena, sentence), expected[i]);
    }
    assert_false(text_next_sentence(&rest, (Texts){marks, 3}, &sentence));
}

static void folding_shows_what_was_hidden(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_string_equal(str_c(&arena, text_fold(&arena, STR("  ＢＵＹ\xE2\x80\x8B  It\xE2\x80\x99s "))),
                        "buy it's");
    assert_int_equal(text_fold(&arena, STR("\xE2\x80\x8B")).len, 0);
}

static void a_name_is_found_as_a_name(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    assert_true(text_mentions(&arena, STR("what is rice?"), STR("Rice")));
    assert_false(text_mentions(&arena, STR("what is the price?"), STR("Rice")));
    assert_true(text_mentions(&arena, STR("이천쌀은 왜 유명해요"), STR("이천 쌀")));
    assert_true(text_mentions(&arena, STR("nerd12는 뭐예요"), STR("NERD12")));
    assert_false(text_mentions(&arena, STR("전에 뭐라고 했어요"), STR("전")));
}

static void a_name_that_was_made_ready_is_found_where_it_stands(void **state)
{
    static const struct {
        const char *text;
        const char *name;
        size_t at; /* SIZE_MAX: nowhere */
    } ROWS[] = {
        {"what is rice?", "Rice", 8},
        {"what is the price?", "Rice", SIZE_MAX},
        {"그 이천쌀은 왜 유명해요", "이천 쌀", 3}, /* without spaces */
        {"전에 뭐라고 했어요", "전", SIZE_MAX},
        {"그 nerd12 는 뭐예요", "NERD12", 4},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        SoughtName name = text_seek(&arena, str_from(ROWS[i].name));
        ReadText text;
        size_t at = SIZE_MAX;
        text_read(&arena, str_from(ROWS[i].text), &text);
        assert_int_equal(text_find_name(&text, &name, &at), ROWS[i].at != SIZE_MAX);
        if (ROWS[i].at != SIZE_MAX)
            assert_int_equal(at, ROWS[i].at);
        assert_ptr_equal(name.name.data, ROWS[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_language_is_that_of_the_message),
        cmocka_unit_test(sentences_end_where_they_end),
        cmocka_unit_test(folding_shows_what_was_hidden),
        cmocka_unit_test(a_name_is_found_as_a_name),
        cmocka_unit_test(a_name_that_was_made_ready_is_found_where_it_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
