#include "base/zone.h"

#include "base/file.h"

enum { NAME_MAX_BYTES = 64, FILE_MAX = 128 * 1024, HEAD = 44, US_PER_S = 1000000 };

#define FOLDER "/usr/share/zoneinfo/"

typedef struct Counts {
    size_t utc_flags, standard_flags, leaps, times, types, letters;
} Counts;

static bool is_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_letter && (c == '\0' || strchr("/_+-", c) == NULL))
            return false;
    }
    return name.len > 0 && name.len <= NAME_MAX_BYTES && name.data[0] >= 'A' && name.data[0] <= 'Z';
}

static int64_t read_number(Str file, size_t at, size_t bytes)
{
    uint64_t value = 0;

    if (bytes > file.len || at > file.len - bytes)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (uint8_t)file.data[at + i];
    return bytes == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

static bool read_head(Str file, size_t at, Counts *out)
{
    size_t numbers[6];

    if (at + HEAD > file.len || !str_equal(str_slice(file, at, at + 4), STR("TZif")))
        return false;
    for (size_t i = 0; i < 6; i++) {
        numbers[i] = (size_t)(uint32_t)read_number(file, at + 20 + 4 * i, 4);
        if (numbers[i] > FILE_MAX)
            return false;
    }
    *out = (Counts){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
    return out->types > 0;
}

static size_t body_size(const Counts *counts, size_t time_bytes)
{
    return counts->times * (time_bytes + 1) + counts->types * 6 + counts->letters +
           counts->leaps * (time_bytes + 4) + counts->standard_flags + counts->utc_flags;
}

/* Which type holds at that second: the one of the last transition before it, and the first type before the first. */
static size_t find_type(Str file, size_t at, const Counts *counts, int64_t second)
{
    size_t before = 0, end = counts->times;

    while (before < end) {
        size_t middle = before + (end - before) / 2;
        if (read_number(file, at + 8 * middle, 8) <= second)
            before = middle + 1;
        else
            end = middle;
    }
    return before > 0 ? (uint8_t)read_number(file, at + 8 * counts->times + before - 1, 1) : 0;
}

Err zone_offset(Str name, int64_t time_us, int *seconds)
{
    AUTO_ARENA Arena arena = {0};
    Counts first, second;
    Str file;

    if (!is_name(name))
        return err(NOT_FOUND, "\"%.*s\" is no time zone such as Asia/Seoul",
                   (int)(name.len < 64 ? name.len : 64), name.data);
    TRY(file_read(&arena, str_format(&arena, FOLDER "%.*s", STR_ARG(name)).data, FILE_MAX, &file));
    size_t at = read_head(file, 0, &first) ? HEAD + body_size(&first, 4) : file.len;
    if (!read_head(file, at, &second) || at + HEAD + body_size(&second, 8) > file.len)
        return err(INVALID, "the time zone %.*s can't be read here", STR_ARG(name));
    at += HEAD;
    size_t type = find_type(file, at, &second, time_us / US_PER_S - (time_us % US_PER_S < 0));
    if (type >= second.types)
        return err(INVALID, "the time zone %.*s can't be read here", STR_ARG(name));
    *seconds = (int)read_number(file, at + 9 * second.times + 6 * type, 4);
    return OK;
}
