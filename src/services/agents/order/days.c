#include "services/agents/order/days.h"

#include "base/time.h"
#include "services/agents/order/amounts.h"

enum { DAYS_OF_WEEK = 7, MONTHS = 12, DATE_LEN = sizeof "2026-12-04" - 1, YEAR_MIN = 2000, NOT_SAID = -1 };
static const int64_t US_PER_DAY = INT64_C(86400000000), KOREA_US = INT64_C(9) * 3600 * 1000000;
enum { THURSDAY = 3 }; /* of 1 January 1970, Monday being 0 */

typedef struct Asked {
    const OrderBook *book;
    Arena *arena;
    const OrderRule *rule;
    const Catch *caught;
    int64_t today; /* days since 1970 */
} Asked;

typedef struct Civil {
    int64_t year;
    int64_t month;
    int64_t day;
} Civil;

static Str date_text(Arena *arena, int64_t day)
{
    return str_slice(time_format(arena, day * US_PER_DAY), 0, DATE_LEN);
}

static Civil civil_of(Arena *arena, int64_t day)
{
    Str text = date_text(arena, day);
    Civil out = {0};

    (void)str_to_int(str_slice(text, 0, 4), &out.year);
    (void)str_to_int(str_slice(text, 5, 7), &out.month);
    (void)str_to_int(str_slice(text, 8, DATE_LEN), &out.day);
    return out;
}

/* False when there is no such day. */
static bool day_of(Arena *arena, Civil civil, int64_t *out)
{
    int64_t us;

    if (civil.year < YEAR_MIN || civil.year > 9999 || civil.month < 1 || civil.day < 1 || civil.day > 31)
        return false;
    Str text = str_format(arena, "%04d-%02d-%02d", (int)civil.year, (int)civil.month, (int)civil.day);
    if (!time_parse_date(text, &us))
        return false;
    *out = us / US_PER_DAY;
    return true;
}

static Civil months_later(Civil civil, int64_t months)
{
    civil.month += months;
    while (civil.month > MONTHS) {
        civil.month -= MONTHS;
        civil.year++;
    }
    return civil;
}

/* --- kinds; each is false when the words name no day --- */

static bool name_offset(const Asked *asked, int64_t *out)
{
    *out = asked->today + order_rule_number(asked->rule, "days", 0);
    return true;
}

static bool name_span(const Asked *asked, int64_t *out)
{
    Amounts amounts;

    if (!amounts_read(asked->book, asked->caught->it, asked->arena, &amounts))
        return false;
    *out = asked->today + (int64_t)amounts.first * order_rule_number(asked->rule, "days", 1);
    return true;
}

/* Without a week the next one of that name, never today. */
static bool name_weekday(const Asked *asked, int64_t *out)
{
    int64_t now = (asked->today + THURSDAY) % DAYS_OF_WEEK,
            week = order_rule_number(asked->rule, "week", NOT_SAID);
    int64_t wanted = order_word_value(asked->book, "weekdays", asked->caught->it,
                                      order_rule_number(asked->rule, "weekday", DAYS_OF_WEEK)) -
                     1;

    *out = asked->today - now + wanted + (week == 1 ? DAYS_OF_WEEK : 0);
    if ((week == NOT_SAID && wanted <= now) || (week == 0 && wanted < now))
        *out += DAYS_OF_WEEK;
    return true;
}

static bool name_month_end(const Asked *asked, int64_t *out)
{
    Civil next =
        months_later(civil_of(asked->arena, asked->today), order_rule_number(asked->rule, "months", 0) + 1);

    next.day = 1;
    if (!day_of(asked->arena, next, out))
        return false;
    --*out;
    return true;
}

/* A month by its name; 0: the text has none. */
static int64_t month_in(const OrderBook *book, Str text)
{
    for (size_t at = 0; at < text.len; at++) {
        Str word = latin_run(str_slice(text, at, text.len));
        int64_t month = order_word_value(book, "months", word, 0);
        if (month != 0)
            return month;
        at += word.len;
    }
    return 0;
}

/* Fills in what the text says: "2026-12-4", "12월 24일", "24일", "december 24th, 2026", "24 december". */
static bool read_date(const Asked *asked, Civil *out)
{
    int64_t numbers[3], month = month_in(asked->book, asked->caught->it);
    size_t count = amounts_whole(asked->caught->it, numbers), at = 0;

    if (count > 0 && numbers[0] >= YEAR_MIN)
        out->year = numbers[at++];
    if (month == 0 && count - at == 2)
        month = numbers[at++];
    if (at >= count)
        return false;
    out->month = month;
    out->day = numbers[at++];
    if (at < count && numbers[at] >= YEAR_MIN)
        out->year = numbers[at];
    return true;
}

/* What wasn't said is as it comes next. */
static bool name_date(const Asked *asked, int64_t *out)
{
    int64_t months = order_rule_number(asked->rule, "months", NOT_SAID);
    Civil now = civil_of(asked->arena, asked->today), said = {0};

    if (!read_date(asked, &said))
        return false;
    Civil meant = {said.year != 0 ? said.year : now.year, said.month != 0 ? said.month : now.month, said.day};
    if (months > 0)
        meant = months_later(meant, months);
    if (!day_of(asked->arena, meant, out))
        return false;
    if (*out >= asked->today || said.year != 0 || months != NOT_SAID)
        return true;
    return day_of(asked->arena, months_later(meant, said.month != 0 ? MONTHS : 1), out);
}

/* --- feasts --- */

static const json_t *feast_called(const OrderBook *book, Str word)
{
    size_t i, k;
    json_t *row, *name;

    json_array_foreach(json_object_get(book->file, "feasts"), i, row) json_array_foreach(
        json_object_get(row, "words"), k, name) if (str_equal(json_str(name), word)) return row;
    return NULL;
}

static bool next_of(const Asked *asked, const json_t *dates, int64_t *out)
{
    size_t i;
    json_t *date;
    int64_t us;

    json_array_foreach((json_t *)dates, i, date)
    {
        if (!time_parse_date(json_str(date), &us) || us / US_PER_DAY < asked->today)
            continue;
        *out = us / US_PER_DAY;
        return true;
    }
    return false;
}

static bool name_feast(const Asked *asked, int64_t *out)
{
    const json_t *feast = feast_called(asked->book, asked->caught->it);
    Str every = json_str(json_object_get(feast, "every"));
    Civil civil = civil_of(asked->arena, asked->today);

    if (every.len == 0)
        return next_of(asked, json_object_get(feast, "dates"), out);
    (void)str_to_int(str_slice(every, 0, 2), &civil.month);
    (void)str_to_int(str_slice(every, 3, every.len), &civil.day);
    if (!day_of(asked->arena, civil, out))
        return false;
    civil.year++;
    return *out >= asked->today || day_of(asked->arena, civil, out);
}

typedef struct KindRow {
    const char *kind;
    bool (*name)(const Asked *asked, int64_t *out);
} KindRow;

static const KindRow KINDS[] = {
    {"date", name_date},           {"feast", name_feast}, {"weekday", name_weekday},
    {"month_end", name_month_end}, {"span", name_span},   {"offset", name_offset},
};

static const KindRow *kind_of(const OrderRule *rule)
{
    Str kind = json_str(json_object_get(rule->row, "kind"));

    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_equal(kind, str_from(KINDS[i].kind)))
            return &KINDS[i];
    return NULL;
}

bool day_kind_is_known(const OrderRule *rule)
{
    return kind_of(rule) != NULL;
}

Str day_named(const OrderBook *book, Arena *arena, const OrderRule *rule, const Catch *caught, int64_t at_us)
{
    const Asked asked = {book, arena, rule, caught, (at_us + KOREA_US) / US_PER_DAY};
    int64_t day;

    if (!kind_of(rule)->name(&asked, &day))
        return (Str){NULL, 0};
    return date_text(arena, caught->who.len > 0 ? day - 1 : day); /* `who`: before that day */
}
