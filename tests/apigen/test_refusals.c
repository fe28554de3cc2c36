/* What a refusal says: where, what came, what would be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "types.h"

typedef struct Refusal {
    const char *type;
    const char *text;
    const char *pointer;
    const char *message;
} Refusal;

/* What these types need, and more. */
#define TEXTS(more) "{\"plain\":\"\",\"needed_nullable\":null," more "}"
#define NUMBERS(more) "{\"whole\":0,\"real\":0," more "}"

static const Refusal REFUSALS[] = {
    /* types */
    {"Point", "[]", "", "the input: expected an object, got an array"},
    {"Point", "{\"x\":\"1\",\"y\":0}", "/x", "x: expected a number, got the string \"1\""},
    {"Point", "{\"x\":null,\"y\":0}", "/x", "x: expected a number, got null"},
    {"Numbers", "{\"whole\":1.5,\"real\":0}", "/whole", "whole: expected a whole number, got the number 1.5"},
    {"Flags", "{\"needed\":1}", "/needed", "needed: expected true or false, got the number 1"},
    {"Lists", "{\"needed\":{}}", "/needed", "needed: expected an array, got an object"},
    {"Open", "{\"needed\":[]}", "/needed", "needed: expected an object, got an array"},
    {"Maps", "{\"counts\":true}", "/counts", "counts: expected an object, got true"},
    {"Texts", "{\"plain\":[],\"needed_nullable\":null}", "/plain", "plain: expected a string, got an array"},
    /* fields */
    {"Point", "{\"y\":0}", "/x", "x: is required but missing"},
    {"Texts", "{\"plain\":\"\"}", "/needed_nullable", "needed_nullable: is required but missing"},
    {"Point", "{\"x\":0,\"y\":0,\"lable\":\"\"}", "/lable", "lable: unknown field; did you mean label?"},
    {"Point", "{\"x\":0,\"y\":0,\"zebra\":1}", "/zebra", "zebra: unknown field; known are x, y, label"},
    {"Nothing", "{\"a\":1}", "/a", "a: unknown field; there are none"},
    {"OddNames", "{\"a/b~c\":-1}", "/a~1b~0c", "a/b~c: -1 is below 0"},
    /* text */
    {"Texts", TEXTS("\"bounded\":\"한\""), "/bounded", "bounded: has 1 characters, outside 2..5"},
    {"Texts", TEXTS("\"long_enough\":\"ab\""), "/long_enough",
     "long_enough: has 2 characters, at least 3 are needed"},
    {"Texts", TEXTS("\"code\":\"a0\""), "/code", "code: \"a0\" does not match ^[A-Z](?:[0-9a-f]{1,4}|\\.x)$"},
    {"Texts", TEXTS("\"date\":\"2026-02-30\""), "/date",
     "date: \"2026-02-30\" is not a date such as 2026-01-31"},
    {"Texts", TEXTS("\"own\":\"three\""), "/own", "own: \"three\" is none of one, two"},
    /* numbers */
    {"Numbers", NUMBERS("\"range\":8"), "/range", "range: 8 is outside -3..7"},
    {"Numbers", NUMBERS("\"inside\":0"), "/inside", "inside: 0 is outside 1..9"},
    {"Numbers", NUMBERS("\"low\":4"), "/low", "low: 4 is below 5"},
    {"Numbers", NUMBERS("\"high\":6"), "/high", "high: 6 is above 5"},
    {"Numbers", NUMBERS("\"five\":7"), "/five", "five: 7 is not a multiple of 5"},
    {"Numbers", NUMBERS("\"ratio\":1.5"), "/ratio", "ratio: 1.5 is outside 0..1"},
    {"Numbers", NUMBERS("\"open_ratio\":1"), "/open_ratio", "open_ratio: 1 is outside above 0..below 1"},
    {"Numbers", NUMBERS("\"positive\":0"), "/positive", "positive: 0 is not above 0"},
    {"Constants", "{\"version\":4,\"kind\":\"constants\"}", "/version",
     "version: expected 3, got the number 4"},
    {"Constants", "{\"version\":3,\"kind\":\"other\"}", "/kind",
     "kind: expected \"constants\", got the string \"other\""},
    /* lists and maps */
    {"Lists", "{\"needed\":[0,-1]}", "/needed/1", "needed[1]: -1 is below 0"},
    {"Lists", "{\"needed\":[0,1,2,3]}", "/needed", "needed: has 4 items, outside 0..3"},
    {"Lists", "{\"needed\":[],\"texts\":[]}", "/texts", "texts: has 0 items, outside 1..4"},
    {"Lists", "{\"needed\":[],\"texts\":[\"a\",\"b\",\"a\"]}", "/texts/2",
     "texts[2]: repeats item 0; items must differ"},
    {"Lists", "{\"needed\":[],\"rows\":[[1],[2,\"\"]]}", "/rows/1/1",
     "rows[1][1]: expected a whole number, got the string \"\""},
    {"Maps", "{\"points\":{\"a/b\":{\"x\":0}}}", "/points/a~1b/y", "points.a/b.y: is required but missing"},
    {"Maps", "{\"points\":{}}", "/points", "points: has 0 entries, outside 1..3"},
    {"Open", "{\"needed\":{},\"bounded\":{}}", "/bounded", "bounded: has 0 entries, outside 1..3"},
    /* objects as a whole */
    {"Choice", "{}", "", "the input: exactly one of text, number, point must be there, not 0"},
    {"Choice", "{\"text\":\"\",\"number\":1}", "",
     "the input: exactly one of text, number, point must be there, not 2"},
    {"Bounded", "{}", "", "the input: has 0 fields, outside 1..2"},
    {"Everything", "{\"choice\":{}}", "/choice",
     "choice: exactly one of text, number, point must be there, not 0"},
    {"Animal", "{\"lives\":1}", "/kind",
     "kind: is required but missing; it says which of cat, good-dog this is"},
    {"Animal", "{\"kind\":\"cow\"}", "/kind", "kind: \"cow\" is none of cat, good-dog"},
    {"Animal", "{\"kind\":7}", "/kind", "kind: expected a string, got the number 7"},
    {"Animal", "{\"kind\":\"cat\",\"lives\":10}", "/lives", "lives: 10 is outside 0..9"},
    {"Everything", "{\"tree\":{\"value\":1,\"children\":[{\"value\":2,\"left\":{\"value\":\"x\"}}]}}",
     "/tree/children/0/left/value",
     "tree.children[0].left.value: expected a whole number, got the string \"x\""},
};

static Err read_as(const char *type, Arena *arena, Str text)
{
    void *value;

    return type_read(type_find(str_from(type)), arena, text, &value);
}

static void a_refusal_says_where_what_came_and_what_would_be_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; i++) {
        AUTO_ARENA Arena arena = {0};
        const Refusal *expected = &REFUSALS[i];

        arena_init(&arena);
        Err e = read_as(expected->type, &arena, str_from(expected->text));
        assert_int_equal(e.code, INVALID);
        assert_string_equal(e.message, expected->message);
        assert_string_equal(e.pointer, expected->pointer);
    }
}

static void a_long_value_is_cut_on_a_whole_character(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str syllables = STR("한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한한");

    (void)state;
    arena_init(&arena);
    Str text = str_format(&arena, TEXTS("\"date\":\"%.*s\""), STR_ARG(syllables));
    Err e = read_as("Texts", &arena, text);
    assert_string_equal(e.message,
                        "date: \"한한한한한한한한한한한한한한한한…\" is not a date such as 2026-01-31");
}

static void a_pointer_too_long_to_say_ends_at_the_nearest_value_that_fits(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf text;

    (void)state;
    arena_init(&arena);
    buf_init(&text, &arena, 1024);
    for (int i = 0; i < 30; i++)
        buf_put(&text, STR("{\"value\":1,\"left\":"));
    buf_put(&text, STR("{}"));
    for (int i = 0; i < 30; i++)
        buf_put_char(&text, '}');
    Err e = read_as("Tree", &arena, buf_str(&text));
    assert_int_equal(e.code, INVALID);
    assert_true(str_ends(str_from(e.pointer), STR("/left")));
    assert_true(str_ends(str_from(e.message), STR("is required but missing")));
}

static void control_characters_of_the_input_stay_out_of_messages(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    Err e = read_as("Point", &arena, STR("{\"x\":\"\\u001b[2J\\n\",\"y\":0}"));
    assert_string_equal(e.message, "x: expected a number, got the string \".[2J.\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_says_where_what_came_and_what_would_be_right),
        cmocka_unit_test(a_long_value_is_cut_on_a_whole_character),
        cmocka_unit_test(a_pointer_too_long_to_say_ends_at_the_nearest_value_that_fits),
        cmocka_unit_test(control_characters_of_the_input_stay_out_of_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
