#include "check.h"
#include "services/world/analysis.h"

#include "base/buf.h"

static Str terms(Arena *arena, const char *text)
{
    Words words = analyse(arena, str_from(text));
    Buf out = {.arena = arena};

    buf_put(&out, STR(""));
    for (size_t i = 0; i < words.count; i++)
        buf_format(&out, "%s%.*s", i > 0 ? " " : "", STR_ARG(words.items[i].term));
    return buf_str(&out);
}

#define check_terms(text, expected) check_text(terms(*state, (text)), (expected))

static void particles_are_taken_off(void **state)
{
    check_terms("막걸리를 막걸리는 막걸리가 막걸리의", "막걸리 막걸리 막걸리 막걸리");
    check_terms("쌀은 술을 떡과 쌀로 누룩으로", "쌀 술 떡 쌀 누룩");
    check_terms("이천에서는 안동까지도 옹기처럼", "이천 안동 옹기");
    check_terms("NERD12를 마시고 Maeju는", "nerd12 마시고 maeju");
}

static void what_only_looks_like_a_particle_stays(void **state)
{
    check_terms("가을 나이 포도 사이 호두", "가을 나이 포도 사이 호두");
}

static void hangul_written_apart_is_composed(void **state)
{
    check_terms(
        "\xE1\x84\x86\xE1\x85\xA1\xE1\x86\xA8\xE1\x84\x80\xE1\x85\xA5\xE1\x86\xAF\xE1\x84\x85\xE1\x85\xB5",
        "막걸리");
}

static void words_are_also_found_by_pairs_of_syllables(void **state)
{
    Words words = analyse(*state, STR("막걸리를 누룩 술"));

    assert_int_equal(words.count, 3);
    assert_int_equal(words.items[0].pair_count, 2);
    check_text(words.items[0].pairs[0], "막걸");
    check_text(words.items[0].pairs[1], "걸리");
    assert_int_equal(words.items[1].pair_count, 1);
    check_text(words.items[1].pairs[0], "누룩");
    check_text(words.items[2].pairs[0], "술");
}

static Str root(Arena *arena, const char *verb)
{
    Words words = analyse(arena, str_from(verb));
    const Word *word = &words.items[0];

    return word->pairs[word->pair_count - 1];
}

static void forms_of_a_verb_have_their_root_in_common(void **state)
{
    check_text(root(*state, "끓여"), "끓이");
    check_text(root(*state, "끓인"), "끓이");
    check_text(root(*state, "끓입니다"), "끓이");
    check_text(root(*state, "만들어"), "만드");
    check_text(root(*state, "만든"), "만드");
    check_text(root(*state, "마셨습니다"), "마시");
    check_text(root(*state, "빚는"), "빚");
    check_text(root(*state, "달달해요"), "달달하");
}

static void words_written_apart_are_joined_by_a_pair(void **state)
{
    Words words = analyse(*state, STR("이천의 쌀 rice 막걸리"));

    assert_null(words.items[0].joint.data);
    check_text(words.items[1].joint, "천쌀");
    assert_null(words.items[2].joint.data);
    assert_null(words.items[3].joint.data);
}

static void letters_and_digits_are_also_found_apart(void **state)
{
    Words words = analyse(*state, STR("NERD12 6.5%"));

    check_text(words.items[0].term, "nerd12");
    check_text(words.items[0].pieces[0], "nerd");
    check_text(words.items[0].pieces[1], "12");
    check_text(words.items[1].term, "6.5");
    assert_int_equal(words.items[1].piece_count, 0);
}

static void case_accents_width_and_possession_make_no_difference(void **state)
{
    check_terms("Makkŏlli MAKKOLLI ｍａｋｋｏｌｌｉ makkolli's makkolli’s",
                "makkolli makkolli makkolli makkolli makkolli");
}

static void a_verb_before_a_bound_noun_is_told_from_a_noun(void **state)
{
    Words words = analyse(*state, STR("띄울 때 빚은 것을 쌀 막걸리 술 것"));
    static const bool expected[] = {true, false, true, false, false, false, true, false};

    assert_int_equal(words.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_int_equal(words.items[i].is_predicate, expected[i]);
}

static void words_are_quoted_as_they_were_written(void **state)
{
    Words words = analyse(*state, STR("『막걸리를』, Brewing!"));

    check_text(words.items[0].surface, "막걸리를");
    check_text(words.items[1].surface, "Brewing");
}

static void words_of_questions_are_common(void **state)
{
    Words words = analyse(*state, STR("what is nuruk 누룩이 뭐예요"));
    static const bool expected[] = {true, true, false, false, true};

    assert_int_equal(words.count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_int_equal(words.items[i].is_common, expected[i]);
}

static void broken_utf8_separates_words(void **state)
{
    check_terms("rice\xFF\xFEwine \xED\xA0\x80", "rice wine");
    check_terms("", "");
}

static void hangul_makes_a_question_korean(void **state)
{
    (void)state;
    assert_true(is_korean(STR("what is 누룩?")));
    assert_false(is_korean(STR("what is nuruk?")));
}

static int make_arena(void **state)
{
    static Arena arena;

    arena_init(&arena);
    *state = &arena;
    return 0;
}

static int free_arena(void **state)
{
    arena_finish(*state);
    return 0;
}

#define analysis_test(f) cmocka_unit_test_setup_teardown(f, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        analysis_test(particles_are_taken_off),
        analysis_test(what_only_looks_like_a_particle_stays),
        analysis_test(hangul_written_apart_is_composed),
        analysis_test(words_are_also_found_by_pairs_of_syllables),
        analysis_test(forms_of_a_verb_have_their_root_in_common),
        analysis_test(words_written_apart_are_joined_by_a_pair),
        analysis_test(letters_and_digits_are_also_found_apart),
        analysis_test(case_accents_width_and_possession_make_no_difference),
        analysis_test(a_verb_before_a_bound_noun_is_told_from_a_noun),
        analysis_test(words_are_quoted_as_they_were_written),
        analysis_test(words_of_questions_are_common),
        analysis_test(broken_utf8_separates_words),
        analysis_test(hangul_makes_a_question_korean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
