#include "check.h"
#include "world_fixture.h"

#include <string.h>

#include "services/world/ingest/passages.h"
#include "services/world/room.h"

static void paragraphs_stay_with_their_heading(void **state)
{
    Str body = STR("Before.\n\n# One\n\nFirst\nparagraph.\n\nSecond.\n## Two\nThird.\n");
    AUTO_ARENA Arena arena = {0};
    Passage *passages;

    (void)state;
    arena_init(&arena);
    assert_int_equal(passages_of(&arena, body, &passages), 3);
    assert_null(passages[0].heading.data);
    check_text(passages[0].text, "Before.");
    check_text(passages[1].heading, "One");
    check_text(passages[1].text, "First\nparagraph.\n\nSecond.");
    check_text(passages[2].heading, "Two");
    check_text(passages[2].text, "Third.");
}

static void what_is_too_long_is_cut_between_words_and_loses_nothing(void **state)
{
    enum { WORDS = 2000 };
    static char text[WORDS * 16 + 1];
    AUTO_ARENA Arena arena = {0};
    Passage *passages;
    size_t letters = 0;
    size_t count;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < WORDS; i++)
        memcpy(text + i * 16, "막걸리막걸 ", 17);
    count = passages_of(&arena, str_trim(str_from(text)), &passages);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++) {
        assert_true(passages[i].text.len <= PASSAGE_MAX_BYTES);
        assert_int_equal((passages[i].text.len + 1) % 16, 0);
        letters += passages[i].text.len + 1;
    }
    assert_int_equal(letters, WORDS * 16);
}

static void mentions_are_counted_in_code_points(void **state)
{
    Town *town = *state;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&town->world->shelf);
    Passage passage = {.text = STR("좋은 이천 쌀로 빚고, royal grain이라고도 한다.")};
    Mention *mentions;

    assert_int_equal(passage_mentions(&town->arena, catalogue, &passage, &mentions), 1);
    check_text(mentions[0].entity->id, "icheon-rice");
    assert_int_equal(mentions[0].place_count, 2);
    assert_int_equal(mentions[0].places[0].offset, 3);
    assert_int_equal(mentions[0].places[1].offset, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_stay_with_their_heading),
        cmocka_unit_test(what_is_too_long_is_cut_between_words_and_loses_nothing),
        town_test(mentions_are_counted_in_code_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
