/* Needles decide only what can't match: whatever a pattern matches is never ruled out by them. */
#include "services/agents/needles.h"

#include <string.h>

#include "check.h"
#include "services/agents/phrases.h"

static const struct {
    const char *pattern;
    size_t count;
    const char *open; /* the alternatives of which nothing can be said */
    const char *has;  /* NULL where there are no needles */
    const char *has_not;
} PATTERNS[] = {
    {"rice", 1, "", "Some RICE here", "some ric here"},
    {"rice|wheat", 2, "", "of wheat", "of whea t"},
    {"(?<![a-z])(?:rice|nuruk)(?![a-z])", 2, "", "price", "prise"},
    {"(?:drink|drank)\\s+driving", 2, "", "Drank driving", "drankdriving"},
    {"(?:drink|drank).+drives?", 2, "", "drank", "drives"}, /* of two as long the first */
    {"(?:do|be).+drives?", 2, "", "drives", "do"},          /* the longer one */
    {"colou?r", 2, "", "colour", "colr"},
    {"ric[ei]s?t", 4, "", "ricet", "rice"},
    {"[a-z]+soju", 1, "", "soju", "sooju"},
    {"(?:soju)?rice", 2, "", "rice", "soju"},
    {"(?:soju){2,3}x", 1, "", "soju", "soj"},
    {"\\bya\\$kju\\b", 1, "", "ya$kju", "yakju"},
    {"술(?:\\s*)(?:을|를)", 4, "", "이 술 를", "술이"},
    {"취했(?:어|다)", 2, "", "나 취했어", "나 취한다"},
    {"(?<it>막걸리|소주).{0,30}?값", 2, "", "소주", "값"},
    {"(?:soju)*ri|rice", 1, "(?:soju)*ri", "rice", "ri"},
    {"(?:soju){0,3}x|a|rice|b", 1, "(?:soju){0,3}x|a|b", "rice", "x"},
    {"ab", 0, "ab", NULL, NULL},
    {"rice|.", 1, ".", "rice", "."},
    {"(?:rice|.)", 0, "(?:rice|.)", NULL, NULL},
    {"ÄÄÄ", 0, "ÄÄÄ", NULL, NULL}, /* it has another case that isn't ASCII's */
    {"(?i)rice", 0, "(?i)rice", NULL, NULL},
    {"(rice)\\1", 0, "(rice)\\1", NULL, NULL},
    {"rice{,2}", 0, "rice{,2}", NULL, NULL},
    {"\\x41bcd", 0, "\\x41bcd", NULL, NULL},
};

static void a_text_must_have_one_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PATTERNS); i++) {
        AUTO_ARENA Arena arena = {0};
        Str open;
        arena_init(&arena);
        Needles *needles = needles_create(str_from(PATTERNS[i].pattern), &arena, &open);
        if (needles_count(needles) != PATTERNS[i].count)
            fail_msg("%s: %zu needles, expected %zu", PATTERNS[i].pattern, needles_count(needles),
                     PATTERNS[i].count);
        check_text(open, PATTERNS[i].open);
        if (PATTERNS[i].has != NULL) {
            assert_true(needles_may_be_in(needles, str_from(PATTERNS[i].has)));
            assert_false(needles_may_be_in(needles, str_from(PATTERNS[i].has_not)));
        }
        needles_destroy(needles);
    }
}

/* Caseless matching knows of two letters that aren't ASCII, and white space is not always one space. */
static void what_needles_do_not_see_may_match(void **state)
{
    static const char *const BEYOND[] = {"ma\xE2\x84\xAAgeolli", "\xC5\xBFoju", "a  b", "a\tb", "a b\n"};
    AUTO_ARENA Arena arena = {0};
    Str open;

    (void)state;
    arena_init(&arena);
    Needles *needles = needles_create(STR("makgeolli"), &arena, &open);
    for (size_t i = 0; i < COUNT(BEYOND); i++)
        assert_true(needles_may_be_in(needles, str_from(BEYOND[i])));
    assert_false(needles_may_be_in(needles, STR("a b")));
    needles_destroy(needles);
}

/* All patterns share an index, and a thread remembers what it found in a text. */
static void a_pattern_that_is_made_later_is_looked_for_in_a_text_that_was_looked_through(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Str open, text = STR("nuruk is what makes it sing");

    (void)state;
    arena_init(&arena);
    Needles *first = needles_create(STR("nuruk|makgeolli"), &arena, &open);
    assert_true(needles_may_be_in(first, text));
    Needles *second = needles_create(STR("what makes"), &arena, &open);
    Needles *third = needles_create(STR("what takes"), &arena, &open);
    assert_true(needles_may_be_in(second, text));
    assert_false(needles_may_be_in(third, text));
    needles_destroy(first);
    needles_destroy(third);
    Needles *fourth = needles_create(STR("soju"), &arena, &open); /* takes the place of one that is gone */
    assert_false(needles_may_be_in(fourth, text));
    assert_true(needles_may_be_in(second, text));
    needles_destroy(second);
    needles_destroy(fourth);
}

/* Long ones are looked for by their beginning, and reach over the end of a piece. */
static void a_needle_is_found_wherever_it_begins(void **state)
{
    const Str saying = STR("a jar must be listened to before it is opened, they say, and then it sings");
    AUTO_ARENA Arena arena = {0};
    char text[400];
    Str open;

    (void)state;
    arena_init(&arena);
    Needles *needles = needles_create(saying, &arena, &open);
    for (size_t at = 0; at + saying.len <= sizeof text; at++) {
        memset(text, '.', sizeof text);
        assert_false(needles_may_be_in(needles, (Str){text, sizeof text}));
        memcpy(text + at, saying.data, saying.len);
        assert_true(needles_may_be_in(needles, (Str){text, sizeof text}));
    }
    needles_destroy(needles);
}

static const char *const SAYS[] = {
    "i (?:want|wish) to (?:die|end it)",
    "kill (?:myself|me)|suicid[ea]",
    "go|kill me|ad .{0,3} b",
    "(?:how )?old enough ?to drink",
    "drunk (?:and|&) driv(?:e|ing)",
    "\\bid\\b ?card",
    "[0-9]{2} ?(?:years|yrs) old",
    "(?!rice wine)rice [a-z]+",
    "(?<!no)nuruk",
    "a{2,}rgh|grr+",
    "soju(?:s|'s)?(?: please)?",
    "(?:술|약주).{0,20}?(?:마시|먹)",
    "죽고 ?싶",
    "(?:취|만취)했?(?:어|다|음)",
    "[가-힣]+주 한 ?병",
    "임신 중|임산부",
    "열(?:일곱|여덟) ?살",
    "(?:a|b|cde)f?",
    "k(?:ilo)?s",
};

static const char *const TEXTS[] = {
    "i want to die",
    "i want  to\tdie",
    "I wish   to end it now",
    "i want to dine",
    "kill me",
    "go",
    "ad x b",
    "ad x c",
    "suicida",
    "KILL MYSELF",
    "ki\xC5\xBF",
    "how old enough to drink",
    "old enough todrink",
    "drunk & driving",
    "drunk driving",
    "my id card",
    "idcard",
    "19 years old",
    "9 yrs old",
    "rice wine",
    "rice ale",
    "nuruk",
    "nonuruk",
    "aargh",
    "argh",
    "gr",
    "grrr",
    "soju",
    "soju's please",
    "sojus",
    "술을 좀 마시",
    "약주 먹",
    "술 한 잔",
    "죽고싶어",
    "죽고  싶다",
    "죽고는 싶",
    "취했다",
    "만취음",
    "취해",
    "안동소주 한 병",
    "주 한병",
    "임신 중이에요",
    "임산부",
    "임신중",
    "열일곱살",
    "열 살",
    "a",
    "cdef",
    "kilos",
    "ks",
    "\xE2\x84\xAAs",
    "",
    " ",
    "그리고 아무것도 아니에요",
};

/* Patterns are used as they are at first, with their needles later. */
static void a_listener_hears_the_same_however_often_it_is_asked(void **state)
{
    enum { TIMES = 4 };

    (void)state;
    for (size_t i = 0; i < COUNT(SAYS); i++)
        for (size_t k = 0; k < COUNT(TEXTS); k++) {
            json_t *rules = json_pack("{s:{s:[s],s:[s]},s:{s:[s]}}", "en", "says", SAYS[i], "unless",
                                      "no soju", "ko", "says", SAYS[i]);
            Listener *listener;
            check_ok(listener_create(rules, "test", &listener));
            bool first = listener_hears(listener, str_from(TEXTS[k]));
            for (int times = 0; times < TIMES; times++)
                if (listener_hears(listener, str_from(TEXTS[k])) != first)
                    fail_msg("\"%s\" in \"%s\" is %sheard at first", SAYS[i], TEXTS[k], first ? "" : "not ");
            listener_destroy(listener);
            json_decref(rules);
        }
}

/* A long text is looked at in pieces: a needle across two of them is seen, and so is one in a text that differs in one byte alone. */
static void a_needle_is_seen_anywhere_in_a_long_text(void **state)
{
    enum { LONG = 2000 };
    const Str needle = STR("nuruk");
    AUTO_ARENA Arena arena = {0};
    char text[LONG];
    Str open;

    (void)state;
    arena_init(&arena);
    Needles *needles = needles_create(needle, &arena, &open);
    memset(text, '.', LONG);
    for (size_t at = 0; at + needle.len <= LONG; at++) {
        memcpy(text + at, needle.data, needle.len);
        assert_true(needles_may_be_in(needles, (Str){text, LONG}));
        text[at + needle.len - 1] = '.';
        assert_false(needles_may_be_in(needles, (Str){text, LONG}));
        memset(text + at, '.', needle.len);
    }
    needles_destroy(needles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_must_have_one_of_them),
        cmocka_unit_test(what_needles_do_not_see_may_match),
        cmocka_unit_test(a_pattern_that_is_made_later_is_looked_for_in_a_text_that_was_looked_through),
        cmocka_unit_test(a_needle_is_found_wherever_it_begins),
        cmocka_unit_test(a_needle_is_seen_anywhere_in_a_long_text),
        cmocka_unit_test(a_listener_hears_the_same_however_often_it_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
