#include "base/zone.h"

#include <endian.h>
#include <string.h>

#include "base/file.h"

enum {
    HEADER = 44,
    COUNTS_AT = 20,
    COUNTS = 6,
    TYPE_BYTES = 6,
    LEAP_1 = 8,
    LEAP_2 = 12,
    TIME_1 = 4,
    TIME_2 = 8,
    MOST_CHANGES = 5000,
    MOST_BYTES = 128 * 1024,
    DAY_S = 24 * 60 * 60,
    FARTHEST_S = 15 * 60 * 60, /* no place is so far from Greenwich */
    MOST_OFFSET_S = 26 * 60 * 60,
    US_PER_S = 1000000,
};

#define FOLDER "/usr/share/zoneinfo/"
#define MOST_NAME_BYTES 64U

typedef enum Count { IS_UT, IS_STANDARD, LEAPS, TIMES, TYPES, CHARACTERS } Count;

/* ---- reading */

static int64_t number_at(const char *at, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (uint8_t)at[i];
    return bytes == TIME_2 ? (int64_t)value : (int32_t)(uint32_t)value;
}

static Err bad(void)
{
    return err(INVALID, "this is no time zone file of version 2 or later");
}

static Err read_counts(Str file, int64_t counts[COUNTS])
{
    if (file.len < HEADER || !str_starts(file, STR("TZif")) || file.data[4] < '2')
        return bad();
    for (size_t i = 0; i < COUNTS; i++) {
        counts[i] = number_at(file.data + COUNTS_AT + i * TIME_1, TIME_1);
        if (counts[i] < 0 || counts[i] > MOST_CHANGES)
            return bad();
    }
    return OK;
}

static size_t block_bytes(const int64_t counts[COUNTS], size_t time_bytes, size_t leap_bytes)
{
    return (size_t)counts[TIMES] * (time_bytes + 1) + (size_t)counts[TYPES] * TYPE_BYTES +
           (size_t)counts[CHARACTERS] + (size_t)counts[LEAPS] * leap_bytes + (size_t)counts[IS_STANDARD] +
           (size_t)counts[IS_UT];
}

static Err read_changes(Arena *arena, const char *at, const int64_t counts[COUNTS], Zone *out)
{
    size_t count = (size_t)counts[TIMES];
    const char *types = at + count * TIME_2, *offsets = types + count;
    int64_t *changes = arena_array(arena, int64_t, count + 1);
    int32_t *from_then = arena_array(arena, int32_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        uint8_t type = (uint8_t)types[i];
        if (type >= counts[TYPES])
            return bad();
        changes[i] = number_at(at + i * TIME_2, TIME_2);
        from_then[i] = (int32_t)number_at(offsets + (size_t)type * TYPE_BYTES, TIME_1);
        if ((i > 0 && changes[i] <= changes[i - 1]) || from_then[i] > MOST_OFFSET_S ||
            from_then[i] < -MOST_OFFSET_S)
            return bad();
    }
    *out = (Zone){.name = out->name, .changes = changes, .offsets = from_then, .count = count};
    out->first_offset = (int32_t)number_at(offsets, TIME_1);
    return OK;
}

/* What holds behind the last change, between two ends of line; nothing: what held from it on. */
static Err read_rule(Str footer, Zone *out)
{
    if (footer.len < 2 || footer.data[0] != '\n' || footer.data[footer.len - 1] != '\n')
        return bad();
    Str rule = str_slice(footer, 1, footer.len - 1);
    if (rule.len == 0)
        return OK;
    out->has_rule = true;
    return zone_rule_parse(rule, &out->rule);
}

Err zone_parse(Arena *arena, Str file, Zone *out)
{
    int64_t counts[COUNTS] = {0};
    size_t bytes;

    TRY(read_counts(file, counts));
    bytes = HEADER + block_bytes(counts, TIME_1, LEAP_1);
    if (bytes > file.len)
        return bad();
    file = str_slice(file, bytes, file.len);
    TRY(read_counts(file, counts));
    bytes = HEADER + block_bytes(counts, TIME_2, LEAP_2);
    if (bytes > file.len || counts[TYPES] == 0)
        return bad();
    TRY(read_changes(arena, file.data + HEADER, counts, out));
    return read_rule(str_slice(file, bytes, file.len), out);
}

/* No path that leads elsewhere: it may be what somebody typed. */
static bool is_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && (c == '\0' || strchr("/_+-", c) == NULL))
            return false;
    }
    return name.len > 0 && name.len <= MOST_NAME_BYTES && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

static Err read_file(Arena *arena, Zone *out)
{
    Str file;

    if (!is_name(out->name))
        return err(INVALID, "it is no name of a time zone");
    TRY(file_read(arena, str_format(arena, FOLDER "%.*s", STR_ARG(out->name)).data, MOST_BYTES, &file));
    return zone_parse(arena, file, out);
}

Err zone_read(Arena *arena, Str name, Zone *out)
{
    *out = (Zone){.name = name};
    Err e = read_file(arena, out);
    if (!failed(&e))
        return OK;
    Str shown = str_slice(name, 0, name.len < MOST_NAME_BYTES ? name.len : MOST_NAME_BYTES);
    return err_detail(
        err(UNPROCESSABLE, "\"%.*s\" is no time zone that is known here; Asia/Seoul is one", STR_ARG(shown)),
        "%s", e.message);
}

/* ---- asking */

static int32_t offset_at(const Zone *zone, int64_t moment_s)
{
    size_t low = 0, high = zone->count; /* how many changes are at or before the moment */

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->changes[middle] <= moment_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == zone->count && zone->has_rule)
        return zone_rule_offset(&zone->rule, moment_s);
    return low > 0 ? zone->offsets[low - 1] : zone->first_offset;
}

int64_t zone_day_begins_s(const Zone *zone, int64_t day)
{
    int64_t midnight_s = day * DAY_S;
    int64_t low = midnight_s - FARTHEST_S, high = midnight_s + FARTHEST_S;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (middle + offset_at(zone, middle) >= midnight_s)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

Err zone_offset(Str name, int64_t time_us, int *seconds)
{
    AUTO_ARENA Arena arena = {0};
    Zone zone;

    TRY(zone_read(&arena, name, &zone));
    *seconds = offset_at(&zone, time_us / US_PER_S - (time_us % US_PER_S < 0));
    return OK;
}
