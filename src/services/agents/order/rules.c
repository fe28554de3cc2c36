#include "services/agents/order/rules.h"

#include "base/yaml.h"
#include "services/agents/patterns.h"

static const char PATH[] = "maeju/order.yaml";
static const char MEMORY_PATH[] = "maeju/memory.yaml";
static const char SELF[] = "self";

static Err read_file(AssetTable content, const char *path, json_t **out)
{
    const Asset *asset = asset_find(content, str_from(path));
    Err e;

    if (asset == NULL)
        return err(INVALID, "content/agents/%s is missing", path);
    e = yaml_read(asset->bytes, out);
    return failed(&e) ? err(INVALID, "content/agents/%s: %.120s", path, e.message) : OK;
}

/* --- parts --- */

static void put_all(Buf *out, const json_t *patterns)
{
    size_t i;
    json_t *pattern;

    json_array_foreach((json_t *)patterns, i, pattern)
    {
        buf_put(out, out->len > 0 ? STR("|") : STR(""));
        buf_put(out, json_str(pattern));
    }
}

/* Everything that one of the rows says in a language, as one part; the first row of memory's people is who speaks. */
static void add_part(OrderBook *book, const char *name, Tongue tongue, const char *key)
{
    const json_t *lists[] = {json_object_get(book->file, key), json_object_get(book->memory, key)};
    json_t *parts = json_object_get(json_object_get(book->file, "parts"), tongue_code(tongue));
    Buf all;

    buf_init(&all, &book->arena, 256);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < json_array_size(lists[l]); i++) {
            const json_t *row = json_array_get(lists[l], i);
            if (!str_equal(json_str(json_object_get(row, "id")), STR("self")) || l == 0)
                put_all(&all, json_object_get(json_object_get(row, tongue_code(tongue)), "says"));
        }
    Str part = str_format(&book->arena, "(?:%.*s)", STR_ARG(buf_str(&all)));
    json_object_set_new(parts, name, json_stringn(part.data, part.len));
}

static void add_parts(OrderBook *book)
{
    for (Tongue t = 0; t < TONGUE_COUNT; t++) {
        add_part(book, "person", t, "people");
        add_part(book, "occasion", t, "occasions");
    }
}

/* --- tables --- */

static Err read_rule(OrderBook *book, json_t *row, const char *name, OrderRule *out)
{
    *out = (OrderRule){.row = row, .id = json_str(json_object_get(row, "id"))};
    if (!json_is_object(row))
        return err(INVALID, "%s: %s is missing", PATH, name);
    patterns_fill(&book->arena, row, json_object_get(book->file, "parts"));
    return listener_create(row, name, &out->listener);
}

static Err read_list(OrderBook *book, const json_t *list, const char *name, OrderRules *out)
{
    size_t i;
    json_t *row;

    json_array_foreach((json_t *)list, i, row) TRY(read_rule(book, row, name, &out->items[out->count++]));
    return out->count > 0 ? OK : err(INVALID, "%s: %s must be a list", PATH, name);
}

static void make_room(OrderBook *book, size_t rows, OrderRules *out)
{
    out->items = arena_array(&book->arena, OrderRule, rows + 1);
}

static Err read_rows(OrderBook *book, const char *name, OrderRules *out)
{
    const json_t *list = json_object_get(book->file, name);

    make_room(book, json_array_size(list), out);
    return read_list(book, list, name, out);
}

/* Those of order.yaml, then memory's but for who speaks. */
static Err read_people(OrderBook *book)
{
    const json_t *mine = json_object_get(book->file, "people");
    const json_t *memory = json_object_get(book->memory, "people");
    size_t i;
    json_t *row;

    make_room(book, json_array_size(mine) + json_array_size(memory), &book->people);
    TRY(read_list(book, mine, "people", &book->people));
    json_array_foreach((json_t *)memory, i, row)
    {
        if (!str_equal(json_str(json_object_get(row, "id")), str_from(SELF)))
            TRY(read_rule(book, row, "people", &book->people.items[book->people.count++]));
    }
    return OK;
}

static Err read_occasions(OrderBook *book)
{
    const json_t *list = json_object_get(book->memory, "occasions");

    make_room(book, json_array_size(list), &book->occasions);
    return read_list(book, list, "occasions", &book->occasions);
}

static Err read_units(OrderBook *book)
{
    const json_t *units = json_object_get(book->file, "units");
    const char *name;
    json_t *row;

    make_room(book, json_object_size(units), &book->units);
    json_object_foreach((json_t *)units, name, row)
    {
        OrderRule *unit = &book->units.items[book->units.count++];
        TRY(read_rule(book, row, "units", unit));
        unit->id = str_from(name);
    }
    return book->units.count > 0 ? OK : err(INVALID, "%s: units must be a map", PATH);
}

/* Those that stand alone, by their keys. */
static Err read_single(OrderBook *book)
{
    const struct {
        const char *name;
        OrderRule *rule;
    } rows[] = {{"passes", &book->passes}, {"gift", &book->gift}, {"each", &book->each}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        TRY(read_rule(book, json_object_get(book->file, rows[i].name), rows[i].name, rows[i].rule));
    return OK;
}

static Err read_lists(OrderBook *book)
{
    const struct {
        const char *name;
        OrderRules *rules;
    } lists[] = {{"quantities", &book->quantities},
                 {"budgets", &book->budgets},
                 {"days", &book->days},
                 {"recipients", &book->recipients}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        TRY(read_rows(book, lists[i].name, lists[i].rules));
    return OK;
}

Err order_rules_read(AssetTable content, OrderBook *book)
{
    TRY(read_file(content, PATH, &book->file));
    TRY(read_file(content, MEMORY_PATH, &book->memory));
    add_parts(book);
    TRY(read_single(book));
    TRY(read_lists(book));
    TRY(read_people(book));
    TRY(read_occasions(book));
    return read_units(book);
}

static void destroy_rules(const OrderRules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        listener_destroy(rules->items[i].listener);
}

void order_rules_finish(OrderBook *book)
{
    const OrderRules *const all[] = {&book->quantities, &book->budgets,   &book->days, &book->recipients,
                                     &book->people,     &book->occasions, &book->units};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        destroy_rules(all[i]);
    listener_destroy(book->passes.listener);
    listener_destroy(book->gift.listener);
    listener_destroy(book->each.listener);
    json_decref(book->file);
    json_decref(book->memory);
}

/* --- looking up --- */

const OrderRule *order_rules_heard(OrderRules rules, Str folded)
{
    for (size_t i = 0; i < rules.count; i++)
        if (listener_hears(rules.items[i].listener, folded))
            return &rules.items[i];
    return NULL;
}

int64_t order_word_value(const OrderBook *book, const char *map, Str word, int64_t missing)
{
    const json_t *value = json_object_getn(json_object_get(book->file, map), word.data, word.len);

    return json_is_integer(value) ? json_integer_value(value) : missing;
}

int64_t order_rule_number(const OrderRule *rule, const char *key, int64_t missing)
{
    const json_t *value = json_object_get(rule->row, key);

    return json_is_integer(value) ? json_integer_value(value) : missing;
}
