#include "world_fixture.h"

static void check_first(Town *town, const char *question, const char *id)
{
    QueryResult result = town_ask(town, question);

    if (result.results.count == 0)
        print_error("%s: nothing was found\n", question);
    assert_true(result.results.count > 0);
    check_text(result.results.items[0].entity.id, id);
}

static void an_entity_is_found_by_name_alias_and_text_in_both_languages(void **state)
{
    check_first(*state, "Icheon rice", "icheon-rice");
    check_first(*state, "이천쌀", "icheon-rice");
    check_first(*state, "임금님 쌀이 뭐예요?", "icheon-rice");
    check_first(*state, "what is royal grain", "icheon-rice");
    check_first(*state, "누룩을 띄울 때 빻는 것", "wheat");
    check_first(*state, "who is the storyteller?", "maeju-ai");
}

static void a_misspelt_name_is_understood(void **state)
{
    check_first(*state, "icheom rice", "icheon-rice");
    check_first(*state, "moonlihgt", "bottle");
}

static void an_entity_is_found_by_what_people_ask_for_it_as(void **state)
{
    check_first(*state, "what is sushi made of", "icheon-rice");
    check_first(*state, "밥이 되는 곡식", "icheon-rice");
}

static void a_word_that_is_nowhere_is_found_by_what_means_the_same(void **state)
{
    check_first(*state, "anything for dusk?", "bottle");
    check_first(*state, "해질녘", "bottle");
}

static void a_name_is_found_however_it_is_written_in_latin_letters(void **state)
{
    check_first(*state, "maechoo", "maeju-ai");
}

static const QueryHit *hit_of(const QueryResult *result, const char *id)
{
    for (size_t i = 0; i < result->results.count; i++)
        if (str_equal(result->results.items[i].entity.id, str_from(id)))
            return &result->results.items[i];
    fail_msg("%s was not found", id);
    return NULL;
}

static void a_question_about_a_rice_finds_the_bottle_made_of_it_and_says_how(void **state)
{
    QueryResult result = town_ask(*state, "이천 쌀");
    const QueryHit *bottle = hit_of(&result, "bottle");

    assert_int_equal(bottle->why.path.count, 2);
    check_text(bottle->why.path.items[0], "icheon-rice");
    check_text(bottle->why.path.items[1], "bottle");
}

static void why_quotes_the_words_that_were_found(void **state)
{
    QueryResult result = town_ask(*state, "이천의 쌀을 알려 주세요");
    const QueryHit *rice = hit_of(&result, "icheon-rice");

    assert_int_equal(rice->why.terms.count, 2);
    check_text(rice->why.terms.items[0], "이천의");
    check_text(rice->why.terms.items[1], "쌀을");
    assert_int_equal(rice->why.path.count, 0);
}

static void what_the_world_does_not_know_is_answered_with_nothing(void **state)
{
    static const char *const questions[] = {"stock prices in Tokyo", "축구 경기 결과", "???", "the",
                                            "quantum storyteller physics exam"};

    for (size_t i = 0; i < COUNT(questions); i++)
        assert_int_equal(town_ask(*state, questions[i]).results.count, 0);
}

static void answers_are_in_the_language_of_the_question_or_the_one_asked_for(void **state)
{
    Town *town = *state;
    QueryInput in = QUERY_INPUT_DEFAULTS;
    QueryResult result;

    result = town_ask(town, "이천 쌀");
    check_text(result.results.items[0].entity.name, "이천 쌀");
    result = town_ask(town, "icheon rice");
    check_text(result.results.items[0].entity.name, "Icheon Rice");
    in.query = STR("icheon rice");
    in.has_language = true;
    in.language = LANGUAGE_KO;
    check_ok(world_query(&town->call, &in, &result));
    check_text(result.results.items[0].entity.summary, "이천 들판에서 자란 벼입니다.");
}

static void labels_and_limits_narrow_the_answer(void **state)
{
    Town *town = *state;
    Str wanted[] = {STR("Product")};
    QueryInput in = QUERY_INPUT_DEFAULTS;
    QueryResult result;

    in.query = STR("이천 쌀");
    in.labels = (StrList){wanted, 1};
    check_ok(world_query(&town->call, &in, &result));
    assert_int_equal(result.results.count, 1);
    check_text(result.results.items[0].entity.id, "bottle");
    in.labels.count = 0;
    in.max_results = 1;
    check_ok(world_query(&town->call, &in, &result));
    assert_int_equal(result.results.count, 1);
}

static void users_are_not_searched(void **state)
{
    Town *town = *state;
    LearnEvent event = {.event_id = STR("1"),
                        .user_id = STR("moonwalker"),
                        .type = STR("CHATTED_WITH"),
                        .entity_id = STR("maeju-ai")};
    LearnInput in = {.events = {&event, 1}};
    LearnResult out;

    check_ok(world_learn(&town->call, &in, &out));
    check_ok(town_start(town));
    assert_int_equal(town_ask(town, "moonwalker").results.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        town_test(an_entity_is_found_by_name_alias_and_text_in_both_languages),
        town_test(an_entity_is_found_by_what_people_ask_for_it_as),
        town_test(a_word_that_is_nowhere_is_found_by_what_means_the_same),
        town_test(a_name_is_found_however_it_is_written_in_latin_letters),
        town_test(a_misspelt_name_is_understood),
        town_test(a_question_about_a_rice_finds_the_bottle_made_of_it_and_says_how),
        town_test(why_quotes_the_words_that_were_found),
        town_test(what_the_world_does_not_know_is_answered_with_nothing),
        town_test(answers_are_in_the_language_of_the_question_or_the_one_asked_for),
        town_test(labels_and_limits_narrow_the_answer),
        town_test(users_are_not_searched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
