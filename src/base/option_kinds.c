#include "base/option_kinds.h"

typedef struct Unit {
    const char *suffix;
    int64_t size;
} Unit;

/* Largest first; an empty suffix is the plain number. */
static const Unit BYTES[] = {{"G", 1 << 30}, {"M", 1 << 20}, {"k", 1 << 10}, {"", 1}, {0}};
static const Unit DURATIONS[] = {
    {"d", 86400000000}, {"h", 3600000000}, {"m", 60000000}, {"s", 1000000}, {"ms", 1000}, {"us", 1}, {0}};
static const Unit PLAIN[] = {{"", 1}, {0}};

typedef struct Kind {
    const char *example;
    const char *wanted; /* "%s is not …" */
    const Unit *units;  /* for numbers */
} Kind;

static const Kind KINDS[OPTION_KIND_COUNT] = {
    [OPTION_KIND_TEXT] = {"TEXT"},
    [OPTION_KIND_INT] = {"N", "a whole number", PLAIN},
    [OPTION_KIND_BOOL] = {"yes|no", "yes or no"},
    [OPTION_KIND_BYTES] = {"N[kMG]", "a size such as 512, 64k or 10M", BYTES},
    [OPTION_KIND_DURATION] = {"N(us|ms|s|m|h|d)", "a duration such as 250ms, 10s or 5m", DURATIONS},
    [OPTION_KIND_PATH] = {"PATH"},
    [OPTION_KIND_SECRET] = {"SECRET"},
};

const char *option_example(const Option *option)
{
    return option->example ? option->example : KINDS[option->kind].example;
}

static size_t suffix_start(Str text)
{
    size_t end = text.len;

    while (end > 0 && !(text.data[end - 1] >= '0' && text.data[end - 1] <= '9'))
        end--;
    return end;
}

static bool read_number(const Unit *units, Str text, int64_t *number)
{
    size_t split = suffix_start(text);
    Str suffix = str_slice(text, split, text.len);

    if (!str_to_int(str_slice(text, 0, split), number))
        return false;
    for (; units->suffix; units++)
        if (str_equal(suffix, str_from(units->suffix)))
            return !__builtin_mul_overflow(*number, units->size, number);
    return false;
}

static bool read_bool(Str text, int64_t *number)
{
    static const char *const WORDS[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_equal_nocase(text, str_from(WORDS[i]))) {
            *number = i % 2;
            return true;
        }
    return false;
}

/* The number in the largest unit that holds it whole. */
static Str print_number(Arena *arena, const Unit *units, int64_t number)
{
    while (units[1].suffix && (number == 0 || number % units->size != 0))
        units++;
    return str_format(arena, "%lld%s", (long long)(number / units->size), units->suffix);
}

static Err check_range(const Option *option, Str text, int64_t number)
{
    AUTO_ARENA Arena scratch = {0};
    const Unit *units = KINDS[option->kind].units;

    if ((option->min == 0 && option->max == 0) || (number >= option->min && number <= option->max))
        return OK;
    Str min = print_number(&scratch, units, option->min);
    Str max = print_number(&scratch, units, option->max);
    return err(INVALID, "%.*s is outside %.*s..%.*s", STR_ARG(text), STR_ARG(min), STR_ARG(max));
}

Err option_read(const Option *option, Str text, int64_t *number)
{
    const Kind *kind = &KINDS[option->kind];
    int64_t value = 0;

    if (option->kind == OPTION_KIND_BOOL && !read_bool(text, &value))
        return err(INVALID, "%.*s is not %s", STR_ARG(text), kind->wanted);
    if (kind->units && !read_number(kind->units, text, &value))
        return err(INVALID, "%.*s is not %s", STR_ARG(text), kind->wanted);
    if (kind->units)
        TRY(check_range(option, text, value));
    if (option->kind == OPTION_KIND_PATH && text.len == 0)
        return err(INVALID, "a path can't be empty");
    if (option->check)
        TRY(option->check(text));
    *number = value;
    return OK;
}
