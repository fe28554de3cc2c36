/* Structs made by hand are held to the same rules as what comes over the wire; what is absent stays absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "api/torture.h"
#include "types.h"

static void assert_refused(Err e, const char *pointer, const char *message)
{
    assert_int_equal(e.code, INVALID);
    assert_string_equal(e.message, message);
    assert_string_equal(e.pointer, pointer);
}

static void a_struct_is_checked_like_the_wire(void **state)
{
    Numbers numbers = NUMBERS_DEFAULTS;
    Texts texts = TEXTS_DEFAULTS;
    Choice choice = {0};
    Point point = {.x = 11, .label = STR("here")};

    (void)state;
    assert_int_equal(numbers_check(&numbers).code, NO_ERROR);
    numbers.has_range = true;
    numbers.range = 8;
    assert_refused(numbers_check(&numbers), "/range", "range: 8 is outside -3..7");
    assert_refused(texts_check(&texts), "/plain", "plain: is required but missing");
    texts.plain = STR("\xff");
    assert_refused(texts_check(&texts), "/plain", "plain: is not UTF-8 without NUL");
    assert_refused(choice_check(&choice), "",
                   "the input: exactly one of text, number, point must be there, not 0");
    assert_refused(point_check(&point), "/x", "x: 11 is outside -10..10");
    point.x = NAN;
    assert_refused(point_check(&point), "/x", "x: is not a finite number");
}

static void json_text_made_in_the_process_is_parsed_before_it_is_trusted(void **state)
{
    Open open = {.needed = STR("{\"a\":1}")};

    (void)state;
    assert_int_equal(open_check(&open).code, NO_ERROR);
    open.needed = STR("{\"a\":1");
    assert_int_equal(open_check(&open).code, INVALID);
    open.needed = STR("[]");
    assert_refused(open_check(&open), "/needed", "needed: expected an object, got an array");
    open = (Open){.needed = STR("{}"), .bounded = STR("{}")};
    assert_refused(open_check(&open), "/bounded", "bounded: has 0 entries, outside 1..3");
    open = (Open){.needed = STR("{}"), .items = STR("[1, [\"a\"], null]")};
    assert_int_equal(open_check(&open).code, NO_ERROR);
    open.items = STR("{}");
    assert_refused(open_check(&open), "/items", "items: expected an array, got an object");
    open.items = STR("[]");
    assert_refused(open_check(&open), "/items", "items: has 0 items, outside 1..3");
}

static void an_enum_outside_its_table_is_refused(void **state)
{
    Texts texts = TEXTS_DEFAULTS;

    (void)state;
    texts.plain = STR("");
    texts.needed_nullable_is_null = true;
    texts.has_colour = true;
    memset(&texts.colour, 0x7f, sizeof texts.colour);
    assert_int_equal(texts_check(&texts).code, INVALID);
    texts.colour = COLOUR_DARK_GREEN;
    assert_int_equal(texts_check(&texts).code, NO_ERROR);
}

static Str again(Arena *arena, const char *type, Str text)
{
    const Shape *shape = type_find(str_from(type));
    void *value;
    Err e = type_read(shape, arena, text, &value);

    assert_string_equal(e.message, "");
    return type_write(shape, arena, value);
}

static void absent_null_and_empty_are_three_things(void **state)
{
    static const char *const TEXTS[][2] = {
        {"Bounded", "{\"a\":0}"},
        {"Bounded", "{\"b\":null}"},
        {"Bounded", "{\"b\":\"\",\"c\":[]}"},
        {"Lists", "{\"needed\":[],\"nullable\":null}"},
        {"Lists", "{\"needed\":[],\"nullable\":[]}"},
        {"Lists", "{\"needed\":[]}"},
        {"Open", "{\"needed\":{},\"nullable\":null}"},
        {"Maps", "{\"counts\":{}}"},
        {"Maps", "{}"},
        {"Inner", "{\"point\":{\"x\":1,\"y\":2.5,\"label\":\"\"},\"animal\":{\"kind\":\"cat\",\"lives\":9},"
                  "\"maybe\":null}"},
        {"Constants", "{\"version\":3,\"kind\":\"constants\",\"truth\":true}"},
        {"Constants", "{\"version\":3,\"kind\":\"constants\"}"},
        {"OddNames", "{\"default\":1,\"camelCase\":\"\",\"kebab-name\":\"b\",\"@type\":\"c\",\"3d\":false}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        AUTO_ARENA Arena arena = {0};
        arena_init(&arena);
        assert_string_equal(again(&arena, TEXTS[i][0], str_from(TEXTS[i][1])).data, TEXTS[i][1]);
    }
}

static void defaults_are_filled_in(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Dog dog = DOG_DEFAULTS;

    (void)state;
    arena_init(&arena);
    assert_string_equal(again(&arena, "Animal", STR("{\"kind\":\"good-dog\",\"name\":\"a\"}")).data,
                        "{\"kind\":\"good-dog\",\"name\":\"a\",\"age\":1}");
    assert_string_equal(again(&arena, "Flags", STR("{\"needed\":false}")).data,
                        "{\"needed\":false,\"defaulted\":true}");
    assert_int_equal(dog.age, 1);
    assert_string_equal(TEXTS_DEFAULTS.defaulted.data, "say \"hé\"");
    assert_int_equal(TEXTS_DEFAULTS.colour_default, COLOUR_DARK_GREEN);
}

/* Pathological only for engines that backtrack: the limit must answer, not the clock. */
static void a_match_that_costs_too_much_is_given_up(void **state)
{
    static Pattern pattern = {.text = "^(?:a|aa)+$"};
    char text[4000];

    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 'b';
    assert_int_equal(pattern_match(&pattern, (Str){text, sizeof text}), PATTERN_TOO_COSTLY);
    assert_int_equal(pattern_match(&pattern, STR("aaa")), PATTERN_MATCHES);
}

static void what_happens_is_checked_when_it_is_told_and_heard_by_programs_that_know_less(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Point point = {.x = 1, .y = 2, .label = STR("a")}, heard;
    EventNew event;

    (void)state;
    arena_init(&arena);
    assert_int_equal(point_event(&arena, STR("a"), &point, &event).code, NO_ERROR);
    assert_string_equal(event.data.data, "{\"x\":1,\"y\":2,\"label\":\"a\"}");
    assert_string_equal(event.type->name.data, "nerdx.torture.point.moved.v1");
    assert_string_equal(event.type->source.data, "urn:nerdx:torture");
    point.x = 11;
    assert_int_equal(point_event(&arena, STR("a"), &point, &event).code, INTERNAL);
    assert_int_equal(point_read(&arena, STR("{\"x\":3,\"y\":0,\"z\":{\"later\":1}}"), &heard).code, NO_ERROR);
    assert_true(heard.x == 3);
    assert_int_equal(point_read(&arena, STR("{\"x\":3}"), &heard).code, INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_struct_is_checked_like_the_wire),
        cmocka_unit_test(json_text_made_in_the_process_is_parsed_before_it_is_trusted),
        cmocka_unit_test(an_enum_outside_its_table_is_refused),
        cmocka_unit_test(absent_null_and_empty_are_three_things),
        cmocka_unit_test(defaults_are_filled_in),
        cmocka_unit_test(what_happens_is_checked_when_it_is_told_and_heard_by_programs_that_know_less),
        cmocka_unit_test(a_match_that_costs_too_much_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
