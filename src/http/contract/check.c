#include "base/utf8.h"
#include "http/contract/formats.h"
#include "http/contract/loose.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static Err check(bool trusted, const Place *place, const Shape *shape, const void *value);

/* A character has one to four bytes: mostly their number tells that the length is right. */
static Err check_length(const Place *place, const StringRules *rules, Str text)
{
    if (text.len <= rules->max_length && (text.len + 3) / 4 >= rules->min_length)
        return OK;
    size_t count = utf8_count(text);
    if (count < rules->min_length || count > rules->max_length)
        return refuse_count(place, "characters", count, rules->min_length, rules->max_length);
    return OK;
}

static Err check_string(const Place *place, const StringRules *rules, Str text)
{
    if (!utf8_valid(text) || memchr(text.data, '\0', text.len) != NULL)
        return refuse(place, "is not UTF-8 without NUL");
    TRY(check_length(place, rules, text));
    if (!format_matches(rules->format, text))
        return refuse(place, "%s is not %s", show_text(text).text, format_expected(rules->format));
    if (rules->pattern == NULL)
        return OK;
    PatternMatch match = pattern_match(rules->pattern, text);
    if (match == PATTERN_TOO_COSTLY)
        return refuse(place, "%s takes too long to compare with %s", show_text(text).text,
                      rules->pattern->text);
    if (match == PATTERN_DIFFERS)
        return refuse(place, "%s does not match %s", show_text(text).text, rules->pattern->text);
    return OK;
}

static Err check_integer(const Place *place, const IntegerRules *rules, int64_t value)
{
    if (value < rules->minimum || value > rules->maximum) {
        if (rules->maximum == INT64_MAX)
            return refuse(place, "%" PRId64 " is below %" PRId64, value, rules->minimum);
        if (rules->minimum == INT64_MIN)
            return refuse(place, "%" PRId64 " is above %" PRId64, value, rules->maximum);
        return refuse(place, "%" PRId64 " is outside %" PRId64 "..%" PRId64, value, rules->minimum,
                      rules->maximum);
    }
    if (rules->multiple_of != 0 && value % rules->multiple_of != 0)
        return refuse(place, "%" PRId64 " is not a multiple of %" PRId64, value, rules->multiple_of);
    return OK;
}

static Err check_number(const Place *place, const NumberRules *rules, double value)
{
    bool low = rules->above_minimum ? value <= rules->minimum : value < rules->minimum;
    bool high = rules->below_maximum ? value >= rules->maximum : value > rules->maximum;

    if (!isfinite(value))
        return refuse(place, "is not a finite number");
    if ((low || high) && isfinite(rules->minimum) && isfinite(rules->maximum))
        return refuse(place, "%.15g is outside %s%.15g..%s%.15g", value, rules->above_minimum ? "above " : "",
                      rules->minimum, rules->below_maximum ? "below " : "", rules->maximum);
    if (low)
        return refuse(place, "%.15g is not %s %.15g", value, rules->above_minimum ? "above" : "at least",
                      rules->minimum);
    if (high)
        return refuse(place, "%.15g is not %s %.15g", value, rules->below_maximum ? "below" : "at most",
                      rules->maximum);
    double quotient = rules->multiple_of == 0 ? 0 : value / rules->multiple_of;
    if (trunc(quotient) != quotient)
        return refuse(place, "%.15g is not a multiple of %.15g", value, rules->multiple_of);
    return OK;
}

static Err check_enum(const Place *place, const EnumRules *rules, const void *value)
{
    unsigned position;

    memcpy(&position, value, sizeof position);
    if (position >= rules->count)
        return refuse(place, "%u is not a value of its enum (0..%zu)", position, rules->count - 1);
    return OK;
}

static Err check_field(bool trusted, const Place *place, const Field *field, const void *object)
{
    Place at = {.parent = place, .name = field->name};

    if (!field_is_present(field, object))
        return field->required ? refuse(&at, "is required but missing") : OK;
    if (field_is_null(field, object))
        return OK;
    return check(trusted, &at, field->shape, field_value(field, object));
}

static const Field *field_named(const ObjectRules *rules, Str name)
{
    const Field *field = object_find_field(rules, name, 0);

    assert(field != NULL); /* the generator has seen to it */
    return field;
}

static Str exactly_one_at(const void *names, size_t index)
{
    return ((const Str *)names)[index];
}

static Err check_exactly_one(const Place *place, const ObjectRules *rules, const void *object)
{
    size_t present = 0;

    for (size_t i = 0; i < rules->exactly_one_count; i++)
        present += field_is_present(field_named(rules, rules->exactly_one[i]), object);
    if (present == 1 || rules->exactly_one_count == 0)
        return OK;
    return refuse(place, "exactly one of %s must be there, not %zu",
                  show_names(rules->exactly_one, rules->exactly_one_count, exactly_one_at).text, present);
}

static Err check_field_count(const Place *place, const ObjectRules *rules, const void *object)
{
    size_t present = 0;

    if (rules->min_properties == 0 && rules->max_properties >= rules->count)
        return OK;
    for (size_t i = 0; i < rules->count; i++)
        present += field_is_present(&rules->fields[i], object);
    if (present < rules->min_properties || present > rules->max_properties)
        return refuse_count(place, "fields", present, rules->min_properties, rules->max_properties);
    return OK;
}

static Err check_object(bool trusted, const Place *place, const ObjectRules *rules, const void *object)
{
    for (size_t i = 0; i < rules->count; i++)
        TRY(check_field(trusted, place, &rules->fields[i], object));
    TRY(check_field_count(place, rules, object));
    return check_exactly_one(place, rules, object);
}

static bool same_value(const Shape *shape, const void *a, const void *b)
{
    Str text_a, text_b;

    if (shape->kind != STRING_SHAPE)
        return shape->kind == NUMBER_SHAPE ? *(const double *)a == *(const double *)b
                                           : memcmp(a, b, shape->size) == 0;
    memcpy(&text_a, a, sizeof text_a);
    memcpy(&text_b, b, sizeof text_b);
    return str_equal(text_a, text_b);
}

/* Each against all before it: the generator allows uniqueItems only on short lists of scalars. */
static Err check_unique(const Place *place, const ListRules *rules, List list)
{
    const char *items = list.items;

    for (size_t i = 1; i < list.count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_value(rules->item, items + i * rules->stride, items + j * rules->stride)) {
                Place at = {.parent = place, .index = i};
                return refuse(&at, "repeats item %zu; items must differ", j);
            }
    return OK;
}

static Err check_list(bool trusted, const Place *place, const Shape *shape, const void *value)
{
    const ListRules *rules = &shape->list;
    bool map = shape->kind == MAP_SHAPE;
    List list;

    memcpy(&list, value, sizeof list);
    if (list.count < rules->min_count || list.count > rules->max_count)
        return refuse_count(place, map ? "entries" : "items", list.count, rules->min_count, rules->max_count);
    for (size_t i = 0; i < list.count; i++) {
        const char *item = (const char *)list.items + i * rules->stride;
        Place at = {.parent = place, .index = i};
        if (map) {
            memcpy(&at.name, item, sizeof at.name);
            TRY(check_string(&at, &STRING_ANY.string, at.name));
        }
        TRY(check(trusted, &at, rules->item, item + rules->value_offset));
    }
    return rules->unique ? check_unique(place, rules, list) : OK;
}

/* A caller in this process hands over text: it must be what the wire would have let through. */
static Err check_json(bool trusted, const Place *place, const ListRules *rules, const void *value)
{
    AUTO_JSON json_t *json = NULL;
    Json text;

    memcpy(&text, value, sizeof text);
    if (trusted)
        return OK;
    Err e = json_read(text, &json);
    if (failed(&e))
        return refuse(place, "is not JSON: %s", e.message);
    return loose_check(place, rules, json);
}

static Err check_one_of(bool trusted, const Place *place, const OneOfRules *rules, const void *value)
{
    unsigned kind;

    memcpy(&kind, value, sizeof kind);
    if (kind >= rules->count)
        return refuse(place, "%u is not a kind of it (0..%zu)", kind, rules->count - 1);
    return check(trusted, place, rules->variants[kind].shape, (const char *)value + rules->offset);
}

static Err check(bool trusted, const Place *place, const Shape *shape, const void *value)
{
    switch (shape->kind) {
    case STRING_SHAPE:
        return check_string(place, &shape->string, *(const Str *)value);
    case INTEGER_SHAPE:
        return check_integer(place, &shape->integer, *(const int64_t *)value);
    case NUMBER_SHAPE:
        return check_number(place, &shape->number, *(const double *)value);
    case BOOLEAN_SHAPE:
    case CONSTANT_SHAPE:
        return OK;
    case ENUM_SHAPE:
        return check_enum(place, &shape->enumeration, value);
    case OBJECT_SHAPE:
        return check_object(trusted, place, &shape->object, value);
    case ONE_OF_SHAPE:
        return check_one_of(trusted, place, &shape->one_of, value);
    case LIST_SHAPE:
    case MAP_SHAPE:
        return check_list(trusted, place, shape, value);
    case JSON_SHAPE:
        return check_json(trusted, place, &shape->list, value);
    }
    assert(false);
    return OK;
}

Err shape_check(const Shape *shape, const void *value)
{
    return check(false, NULL, shape, value);
}

Err shape_check_trusted(const Shape *shape, const void *value)
{
    return check(true, NULL, shape, value);
}
