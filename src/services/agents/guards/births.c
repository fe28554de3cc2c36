#include "services/agents/guards/births.h"

#include <ctype.h>

#include "base/time.h"

/* More years of birth than this in one message are nobody's. */
enum { BIRTHS_MAX = 4 };

Err births_read(const json_t *map, const char *name, const Clock *clock, Births *out)
{
    out->clock = clock;
    for (Tongue t = 0; t < TONGUE_COUNT; t++) {
        json_t *mine = json_object_get(map, tongue_code(t));
        json_t *rules = json_pack("{s:O?}", tongue_code(t), mine);
        Err e = listener_create(rules, name, &out->listeners[t]);

        json_decref(rules);
        if (failed(&e))
            return e;
        out->ages[t] = json_str(json_object_get(mine, "age"));
        if (str_find(out->ages[t], STR("{}"), 0) == SIZE_MAX)
            return err(INVALID, "%s: %s: age must have {} where the number goes", name, tongue_code(t));
    }
    return OK;
}

void births_finish(Births *births)
{
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        listener_destroy(births->listeners[t]);
}

int64_t births_year(const Births *births)
{
    return births->clock != NULL ? time_korean_year(clock_wall_us(births->clock)) : 0;
}

/* "09" is 2009 from that year on, and 1909 before. */
static int64_t age_from(Str digits, int64_t year)
{
    int64_t born = 0;

    if (!str_to_int(digits, &born))
        return 0;
    if (born < 100)
        born += year - year % 100 - (born > year % 100 ? 100 : 0);
    return year - born;
}

static Str in_place(Arena *arena, const Catch *caught, Str how, int64_t age)
{
    size_t at = str_find(how, STR("{}"), 0);

    return str_format(arena, "%.*s%.*s%lld%.*s%.*s", STR_ARG(caught->lead), STR_ARG(str_slice(how, 0, at)),
                      (long long)age, STR_ARG(str_slice(how, at + 2, how.len)), STR_ARG(caught->tail));
}

/* Two of them: most texts have no year at all. */
static bool has_digits(Str text)
{
    for (size_t i = 1; i < text.len; i++)
        if (isdigit((unsigned char)text.data[i - 1]) && isdigit((unsigned char)text.data[i]))
            return true;
    return false;
}

Str births_as_ages(const Births *births, Arena *arena, Str plain)
{
    Str text = plain;
    size_t found = 0;
    Catch caught;

    if (births->clock == NULL || !has_digits(plain))
        return (Str){NULL, 0};
    int64_t year = births_year(births);

    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        while (found < BIRTHS_MAX && listener_catches(births->listeners[t], arena, text, &caught)) {
            text = in_place(arena, &caught, births->ages[t], age_from(caught.it, year));
            found++;
        }
    return found == 0 ? (Str){NULL, 0} : text;
}
