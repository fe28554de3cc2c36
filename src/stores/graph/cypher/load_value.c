/* The values of a file: literals, variables, + and a few functions. */
#include "stores/graph/cypher/loader.h"

#include <math.h>

#include "base/time.h"
#include "stores/graph/cypher/syntax.h"

static const char SUPPORTED[] =
    "a file's values are literals, lists, variables and their properties, +, -, datetime() "
    "and range()";

/* ---- Lists and variables ---- */

static Err evaluate_list(Loader *loader, const LoadRow *row, const CypherList *list, LoadValue *out)
{
    *out = (LoadValue){.kind = LOAD_LIST, .list.count = list->count};
    out->list.items = arena_array(loader->arena, LoadValue, list->count);
    for (size_t i = 0; i < list->count; i++)
        TRY(load_evaluate(loader, row, list->items[i], &out->list.items[i]));
    return OK;
}

static Err evaluate_map(Loader *loader, const LoadRow *row, const CypherMap *map, LoadValue *out)
{
    *out = (LoadValue){.kind = LOAD_MAP, .map = {.keys = map->keys, .count = map->count}};
    out->map.values = arena_array(loader->arena, LoadValue, map->count);
    for (size_t i = 0; i < map->count; i++)
        TRY(load_evaluate(loader, row, map->values[i], &out->map.values[i]));
    return OK;
}

static Err evaluate_variable(Loader *loader, const LoadRow *row, const CypherName *name, LoadValue *out)
{
    uint32_t slot = keymap_get(&loader->slots, name->text);

    if (slot == KEYMAP_NONE || slot >= row->capacity)
        return cypher_error(name->place, "%.*s isn't defined before", STR_ARG(name->text));
    *out = row->values[slot];
    return OK;
}

static Err evaluate_property(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    const LoadValue *found;
    LoadValue of = {0};

    TRY(load_evaluate(loader, row, e->property.of, &of));
    if (of.kind != LOAD_NODE && of.kind != LOAD_MAP)
        return cypher_error(e->place, "only nodes and maps have properties");
    found =
        load_property(of.kind == LOAD_MAP ? &of.map : &loader->nodes[of.node].properties, e->property.key);
    *out = found != NULL ? *found : (LoadValue){0};
    return OK;
}

/* ---- Operators ---- */

static Err negate(const CypherExpression *e, LoadValue *value)
{
    if (value->kind == LOAD_FLOAT)
        value->number = -value->number;
    else if (value->kind == LOAD_INTEGER && value->integer != INT64_MIN)
        value->integer = -value->integer;
    else
        return cypher_error(e->place, "a sign expects a number");
    return OK;
}

static Err evaluate_sign(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    if (e->unary.operator!= CYPHER_MINUS)
        return cypher_error(e->place, "%s", SUPPORTED);
    TRY(load_evaluate(loader, row, e->unary.operand, out));
    return negate(e, out);
}

static LoadValue joined(Arena *arena, Str left, Str right)
{
    return (LoadValue){.kind = LOAD_TEXT,
                       .text = str_format(arena, "%.*s%.*s", STR_ARG(left), STR_ARG(right))};
}

static Err evaluate_sum(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    LoadValue left = {0};
    LoadValue right = {0};

    if (e->binary.operator!= CYPHER_ADD)
        return cypher_error(e->place, "%s", SUPPORTED);
    TRY(load_evaluate(loader, row, e->binary.left, &left));
    TRY(load_evaluate(loader, row, e->binary.right, &right));
    *out = (LoadValue){.kind = LOAD_INTEGER};
    if (left.kind == LOAD_TEXT && right.kind == LOAD_TEXT)
        *out = joined(loader->arena, left.text, right.text);
    else if (left.kind != LOAD_INTEGER || right.kind != LOAD_INTEGER)
        return cypher_error(e->place, "+ expects two texts or two integers");
    else if (__builtin_add_overflow(left.integer, right.integer, &out->integer))
        return cypher_error(e->place, "the sum is too large: integers end at 9223372036854775807");
    return OK;
}

/* ---- Functions ---- */

static Err evaluate_datetime(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    int64_t time_us = loader->options.now_us;
    LoadValue text = {0};

    if (e->call.argument_count == 1)
        TRY(load_evaluate(loader, row, e->call.arguments[0], &text));
    if (e->call.argument_count > 1 || (e->call.argument_count == 1 && text.kind != LOAD_TEXT))
        return cypher_error(e->place, "datetime expects nothing or a text");
    if (text.kind == LOAD_TEXT && !time_parse(text.text, &time_us) && !time_parse_date(text.text, &time_us))
        return cypher_error(e->place, "datetime expects RFC 3339, as in '2026-11-23T09:30:00+09:00'");
    *out = (LoadValue){.kind = LOAD_TEXT,
                       .text = text.kind == LOAD_TEXT ? text.text : time_format(loader->arena, time_us)};
    return OK;
}

static Err evaluate_bound(Loader *loader, const LoadRow *row, const CypherExpression *e, int64_t *out)
{
    LoadValue value = {0};

    TRY(load_evaluate(loader, row, e, &value));
    *out = value.integer;
    return value.kind == LOAD_INTEGER ? OK : cypher_error(e->place, "range expects integers");
}

static Err evaluate_range(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    int64_t bounds[3] = {0, 0, 1};
    uint64_t steps;

    if (e->call.argument_count != 2 && e->call.argument_count != 3)
        return cypher_error(e->place, "range expects 2 or 3 arguments");
    for (size_t i = 0; i < e->call.argument_count; i++)
        TRY(evaluate_bound(loader, row, e->call.arguments[i], &bounds[i]));
    if (bounds[2] < 1)
        return cypher_error(e->place, "range expects a step of at least 1");
    *out = (LoadValue){.kind = LOAD_LIST};
    if (bounds[1] < bounds[0])
        return OK;
    steps = ((uint64_t)bounds[1] - (uint64_t)bounds[0]) / (uint64_t)bounds[2];
    if (steps >= CYPHER_LOAD_MAX_ITEMS)
        return loader_count(loader, e->place, CYPHER_LOAD_MAX_ITEMS + 1);
    TRY(loader_count(loader, e->place, (size_t)steps + 1));
    out->list = (LoadList){arena_array(loader->arena, LoadValue, steps + 1), (size_t)steps + 1};
    for (size_t i = 0; i <= steps; i++)
        out->list.items[i] = (LoadValue){.kind = LOAD_INTEGER, .integer = bounds[0] + (int64_t)i * bounds[2]};
    return OK;
}

static Err evaluate_call(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    if (str_equal_nocase(e->call.name, STR("datetime")))
        return evaluate_datetime(loader, row, e, out);
    if (str_equal_nocase(e->call.name, STR("range")))
        return evaluate_range(loader, row, e, out);
    return cypher_error(e->place, "%s", SUPPORTED);
}

/* ---- All of them ---- */

static Err evaluate_literal(const CypherExpression *e, LoadValue *out)
{
    *out = (LoadValue){0};
    switch (e->kind) {
    case CYPHER_NULL:
        return OK;
    case CYPHER_BOOLEAN:
        *out = (LoadValue){.kind = LOAD_BOOLEAN, .boolean = e->boolean};
        return OK;
    case CYPHER_INTEGER:
        *out = (LoadValue){.kind = LOAD_INTEGER, .integer = e->integer};
        return OK;
    case CYPHER_FLOAT:
        *out = (LoadValue){.kind = LOAD_FLOAT, .number = e->number};
        return OK;
    case CYPHER_STRING:
        *out = (LoadValue){.kind = LOAD_TEXT, .text = e->text};
        return OK;
    default:
        return cypher_error(e->place, "%s", SUPPORTED);
    }
}

Err load_evaluate(Loader *loader, const LoadRow *row, const CypherExpression *e, LoadValue *out)
{
    switch (e->kind) {
    case CYPHER_LIST:
        return evaluate_list(loader, row, &e->list, out);
    case CYPHER_MAP:
        return evaluate_map(loader, row, &e->map, out);
    case CYPHER_VARIABLE:
        return evaluate_variable(loader, row, &e->name, out);
    case CYPHER_PROPERTY:
        return evaluate_property(loader, row, e, out);
    case CYPHER_UNARY:
        return evaluate_sign(loader, row, e, out);
    case CYPHER_BINARY:
        return evaluate_sum(loader, row, e, out);
    case CYPHER_CALL:
        return evaluate_call(loader, row, e, out);
    default:
        return evaluate_literal(e, out);
    }
}

/* ---- Properties ---- */

const LoadValue *load_property(const LoadMap *properties, Str key)
{
    for (size_t i = properties->count; i-- > 0;)
        if (str_equal(properties->keys[i], key))
            return &properties->values[i];
    return NULL;
}

static bool is_plain(const LoadValue *value)
{
    return value->kind != LOAD_NULL && value->kind != LOAD_LIST && value->kind != LOAD_MAP &&
           value->kind != LOAD_NODE;
}

static bool is_property(const LoadValue *value)
{
    if (value->kind != LOAD_LIST)
        return value->kind == LOAD_NULL || is_plain(value);
    for (size_t i = 0; i < value->list.count; i++)
        if (!is_plain(&value->list.items[i]))
            return false;
    return true;
}

Err load_properties(Loader *loader, const LoadRow *row, const CypherExpression *map, LoadMap *out)
{
    LoadValue value = {.kind = LOAD_MAP};

    *out = (LoadMap){0};
    if (map == NULL)
        return OK;
    TRY(load_evaluate(loader, row, map, &value));
    for (size_t i = 0; i < value.map.count; i++)
        if (!is_property(&value.map.values[i]))
            return cypher_error(map->map.values[i]->place,
                                "a property holds a boolean, a number, a text or a list of "
                                "such");
    *out = value.map;
    return OK;
}

static bool equal_lists(const LoadList *a, const LoadList *b)
{
    for (size_t i = 0; a->count == b->count && i < a->count; i++)
        if (!load_equal(&a->items[i], &b->items[i]))
            return false;
    return a->count == b->count;
}

bool load_equal(const LoadValue *a, const LoadValue *b)
{
    if (a->kind == LOAD_INTEGER && b->kind == LOAD_FLOAT)
        return (double)a->integer == b->number;
    if (a->kind == LOAD_FLOAT && b->kind == LOAD_INTEGER)
        return load_equal(b, a);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case LOAD_BOOLEAN:
        return a->boolean == b->boolean;
    case LOAD_INTEGER:
        return a->integer == b->integer;
    case LOAD_FLOAT:
        return a->number == b->number;
    case LOAD_TEXT:
        return str_equal(a->text, b->text);
    case LOAD_LIST:
        return equal_lists(&a->list, &b->list);
    case LOAD_NULL:
    case LOAD_MAP:
    case LOAD_NODE:
        break;
    }
    return false;
}

/* ---- JSON ---- */

static void put_value(Buf *out, const LoadValue *value)
{
    switch (value->kind) {
    case LOAD_BOOLEAN:
        json_put_bool(out, value->boolean);
        break;
    case LOAD_INTEGER:
        buf_put_int(out, value->integer);
        break;
    case LOAD_FLOAT:
        syntax_put_float(out, value->number);
        break;
    case LOAD_TEXT:
        json_put_string(out, value->text);
        break;
    case LOAD_LIST:
        for (size_t i = 0; i < value->list.count; i++) {
            buf_put_char(out, i == 0 ? '[' : ',');
            put_value(out, &value->list.items[i]);
        }
        buf_put(out, value->list.count == 0 ? STR("[]") : STR("]"));
        break;
    case LOAD_NULL:
    case LOAD_MAP:
    case LOAD_NODE:
        buf_put(out, STR("null"));
        break;
    }
}

Json load_json(Arena *arena, const LoadMap *properties, Str without)
{
    Buf out = {.arena = arena};

    buf_put_char(&out, '{');
    for (size_t i = 0; i < properties->count; i++) {
        Str key = properties->keys[i];

        if (properties->values[i].kind == LOAD_NULL ||
            load_property(properties, key) != &properties->values[i] ||
            (without.data != NULL && str_equal(key, without)))
            continue;
        if (out.len > 1)
            buf_put_char(&out, ',');
        json_put_string(&out, key);
        buf_put_char(&out, ':');
        put_value(&out, &properties->values[i]);
    }
    buf_put_char(&out, '}');
    return buf_str(&out);
}
