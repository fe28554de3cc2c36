#include "http/contract/parameters.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/contract/refuse.h"
#include "http/target.h"

/* A number as JSON writes it, so that both sides of the contract read the same texts: no sign +, no hexadecimal,
 * no infinity. */
static bool is_json_number(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isdigit((unsigned char)text.data[i]) &&
            (text.data[i] == '\0' || strchr("+-.eE", text.data[i]) == NULL))
            return false;
    return text.len > 0 && text.data[0] != '+' && text.data[0] != '.' && text.data[text.len - 1] != '.';
}

static Err decode_number(Arena *arena, const Place *place, Str text, double *out)
{
    char *end;
    const char *start = str_c(arena, text);

    if (!is_json_number(text))
        return refuse(place, "expected a number, got %s", show_text(text).text);
    *out = strtod(start, &end);
    if (end != start + text.len || !isfinite(*out))
        return refuse(place, "expected a number, got %s", show_text(text).text);
    return OK;
}

static Err decode_boolean(const Place *place, Str text, bool *out)
{
    *out = str_equal(text, STR("true"));
    if (!*out && !str_equal(text, STR("false")))
        return refuse(place, "expected true or false, got %s", show_text(text).text);
    return OK;
}

static Str enum_text_at(const void *texts, size_t index)
{
    return ((const Str *)texts)[index];
}

static Err decode_enum(const Place *place, const EnumRules *rules, Str text, void *out)
{
    int found = enum_find(rules, text);

    if (found < 0)
        return refuse(place, "%s is none of %s", show_text(text).text,
                      show_names(rules->texts, rules->count, enum_text_at).text);
    unsigned value = (unsigned)found;
    memcpy(out, &value, sizeof value);
    return OK;
}

static Err decode_scalar(Arena *arena, const Place *place, const Shape *shape, Str text, void *out)
{
    switch (shape->kind) {
    case STRING_SHAPE:
        *(Str *)out = str_copy(arena, text);
        return OK;
    case INTEGER_SHAPE:
        if (!is_json_number(text) || !str_to_int(text, out))
            return refuse(place, "expected a whole number, got %s", show_text(text).text);
        return OK;
    case NUMBER_SHAPE:
        return decode_number(arena, place, text, out);
    case BOOLEAN_SHAPE:
        return decode_boolean(place, text, out);
    case ENUM_SHAPE:
        return decode_enum(place, &shape->enumeration, text, out);
    default:
        assert(false); /* the generator allows only scalars here */
        return OK;
    }
}

static size_t count_named(Params params, Str name)
{
    size_t count = 0;

    for (size_t i = 0; i < params.count; i++)
        count += str_equal(params.items[i].name, name);
    return count;
}

static Err decode_list(Arena *arena, const Place *place, const Field *field, Params params, void *out)
{
    const ListRules *rules = &field->shape->list;
    List list = {.count = 0};
    size_t count = count_named(params, field->name);

    if (count > rules->max_count)
        return refuse(place, "is there %zu times, at most %zu are allowed", count, rules->max_count);
    list.items = arena_zalloc_array(arena, count + 1, rules->stride);
    for (size_t i = 0; i < params.count; i++) {
        Place at = {.parent = place, .index = list.count};
        if (!str_equal(params.items[i].name, field->name))
            continue;
        char *item = (char *)list.items + list.count++ * rules->stride;
        TRY(decode_scalar(arena, &at, rules->item, params.items[i].value, item));
    }
    memcpy(out, &list, sizeof list);
    return OK;
}

static Err decode_field(Arena *arena, const Field *field, Params params, void *in)
{
    Place place = {.name = field->name};
    char *member = (char *)in + field->offset;
    size_t count = count_named(params, field->name);

    if (count == 0)
        return field->required ? refuse(&place, "is required but missing") : OK;
    if (field->has != NO_MEMBER)
        *((bool *)in + field->has) = true;
    if (field->shape->kind == LIST_SHAPE)
        return decode_list(arena, &place, field, params, member);
    if (count > 1)
        return refuse(&place, "is there %zu times; once is right", count);
    for (size_t i = 0; i < params.count; i++)
        if (str_equal(params.items[i].name, field->name))
            return decode_scalar(arena, &place, field->shape, params.items[i].value, member);
    return OK;
}

static Str query_name_at(const void *fields, size_t index)
{
    const Field *field = (const Field *)fields + index;

    return field->source == IN_QUERY ? field->name : STR("");
}

static Err refuse_unknown(const ObjectRules *rules, Params query)
{
    for (size_t i = 0; i < query.count; i++) {
        Place place = {.name = query.items[i].name};
        const Field *field = object_find_field(rules, query.items[i].name, 0);
        if (field != NULL && field->source == IN_QUERY)
            continue;
        Str nearest = nearest_name(query.items[i].name, rules->fields, rules->count, query_name_at);
        if (nearest.data != NULL)
            return refuse(&place, "unknown query parameter; did you mean %.*s?", STR_ARG(nearest));
        return refuse(&place, "unknown query parameter");
    }
    return OK;
}

Err parameters_decode(const Shape *shape, Arena *arena, const CallInput *input, void *in)
{
    const ObjectRules *rules = &shape->object;

    if (rules->defaults != NULL)
        memcpy(in, rules->defaults, shape->size);
    TRY(refuse_unknown(rules, input->query));
    for (size_t i = 0; i < rules->count; i++) {
        const Field *field = &rules->fields[i];
        TRY(decode_field(arena, field, field->source == IN_PATH ? input->path : input->query, in));
    }
    return shape_check_trusted(shape, in);
}

Err parameters_refuse(Params query)
{
    static const ObjectRules NONE = {0};

    return query.count == 0 ? OK : refuse_unknown(&NONE, query);
}

static void put_scalar(Buf *out, const Shape *shape, const void *value)
{
    if (shape->kind == STRING_SHAPE) {
        target_put_encoded(out, *(const Str *)value);
    } else if (shape->kind == ENUM_SHAPE) {
        unsigned position;
        memcpy(&position, value, sizeof position);
        target_put_encoded(out, shape->enumeration.texts[position]);
    } else {
        shape_encode(shape, value, out); /* digits and words; '+' of an exponent */
    }
}

static void put_path(const ObjectRules *rules, const char *path, const void *in, Buf *out)
{
    const char *open;

    while ((open = strchr(path, '{')) != NULL) {
        const char *close = strchr(open, '}');
        Str name = {open + 1, (size_t)(close - open - 1)};
        const Field *field = object_find_field(rules, name, 0);
        assert(field != NULL); /* the generator has compared them */
        buf_put(out, (Str){path, (size_t)(open - path)});
        put_scalar(out, field->shape, field_value(field, in));
        path = close + 1;
    }
    buf_put(out, str_from(path));
}

static void put_pair(Buf *out, char *separator, Str name, const Shape *shape, const void *value)
{
    buf_put_char(out, *separator);
    target_put_encoded(out, name);
    buf_put_char(out, '=');
    put_scalar(out, shape, value);
    *separator = '&';
}

static void put_list(Buf *out, char *separator, const Field *field, const void *value)
{
    const ListRules *rules = &field->shape->list;
    List list;

    memcpy(&list, value, sizeof list);
    for (size_t i = 0; i < list.count; i++)
        put_pair(out, separator, field->name, rules->item, (const char *)list.items + i * rules->stride);
}

void parameters_encode(const Shape *shape, const char *path, const void *in, Buf *out)
{
    static const ObjectRules NONE = {0};
    const ObjectRules *rules = shape == NULL ? &NONE : &shape->object;
    char separator = '?';

    put_path(rules, path, in, out);
    for (size_t i = 0; i < rules->count; i++) {
        const Field *field = &rules->fields[i];
        if (field->source != IN_QUERY || !field_is_present(field, in))
            continue;
        if (field->shape->kind == LIST_SHAPE)
            put_list(out, &separator, field, field_value(field, in));
        else
            put_pair(out, &separator, field->name, field->shape, field_value(field, in));
    }
}
