#include "gateway/limits.h"

#include <string.h>

static Err wrong(Str part)
{
    return err(INVALID, "\"%.*s\" is no limit: \"default 60/minute 1000/hour\" would be one, \"off\" none",
               STR_ARG(part));
}

/* "60/minute" */
static bool read_rate(Str word, Str unit, int64_t *out)
{
    size_t slash = str_find(word, STR("/"), 0);

    return slash != SIZE_MAX && str_equal(str_slice(word, slash + 1, word.len), unit) &&
           str_to_int(str_slice(word, 0, slash), out) && *out > 0 && *out <= LIMIT_MOST;
}

static bool next_word(Str *rest, Str *word)
{
    *rest = str_trim(*rest);
    return rest->len > 0 && str_split(rest, ' ', word);
}

static Err read_class(Str part, LimitClass *out)
{
    Str rest = part;
    Str name;
    Str minute;
    Str hour;

    if (!next_word(&rest, &name) || !next_word(&rest, &minute) || !next_word(&rest, &hour) ||
        (rest.data && str_trim(rest).len > 0) || name.len >= LIMIT_NAME)
        return wrong(part);
    if (!read_rate(minute, STR("minute"), &out->per_minute) || !read_rate(hour, STR("hour"), &out->per_hour))
        return wrong(part);
    memcpy(out->name, name.data, name.len);
    return OK;
}

Err limits_read(Str text, Limits *out)
{
    Str part;

    *out = (Limits){0};
    if (str_equal(str_trim(text), STR("off")))
        return OK;
    while (str_split(&text, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0)
            continue;
        if (out->count == LIMIT_CLASSES)
            return err(INVALID, "these are more classes of limits than %d", LIMIT_CLASSES);
        TRY(read_class(part, &out->classes[out->count++]));
    }
    return out->count ? OK : wrong(STR(""));
}

const LimitClass *limits_find(const Limits *limits, Str name)
{
    for (size_t i = 0; i < limits->count; i++)
        if (str_equal(name, str_from(limits->classes[i].name)))
            return &limits->classes[i];
    return limits->count ? &limits->classes[0] : NULL;
}
