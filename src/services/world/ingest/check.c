#include "services/world/ingest/check.h"

#include "base/memory.h"
#include "base/near.h"
#include "base/time.h"
#include "base/keymap.h"

static const Str USER = STR("User");
static const Str TIMESTAMP = STR("timestamp");

struct Checker {
    Graph *graph;
    const Schema *schema;
    const Catalogue *catalogue;
    int64_t moment_us;
    size_t max_remembered;
    Arena text;
    StrIdMap known; /* id -> place of its main label in labels */
    Str *labels;
    size_t label_count;
    StrIdMap by_label;
};

Checker *checker_create(Graph *graph, const Schema *schema, const Catalogue *catalogue, int64_t moment_us,
                        size_t max_remembered)
{
    Checker *checker = memory_new(Checker);

    checker->graph = graph;
    checker->schema = schema;
    checker->catalogue = catalogue;
    checker->moment_us = moment_us;
    checker->max_remembered = max_remembered;
    arena_init(&checker->text);
    return checker;
}

static void forget(Checker *checker)
{
    keymap_finish(&checker->known);
    keymap_finish(&checker->by_label);
    arena_reset(&checker->text);
    memory_free(checker->labels);
    checker->known = checker->by_label = (StrIdMap){0};
    checker->labels = NULL;
    checker->label_count = 0;
}

void checker_destroy(Checker *checker)
{
    if (checker == NULL)
        return;
    forget(checker);
    arena_finish(&checker->text);
    memory_free(checker);
}

void checker_renew(Checker *checker, const Catalogue *catalogue)
{
    checker->catalogue = catalogue;
}

void checker_set_moment(Checker *checker, int64_t moment_us)
{
    checker->moment_us = moment_us;
}

/* ---- what ids stand for */

static uint32_t place_of_label(Checker *checker, Str label)
{
    uint32_t place = keymap_get(&checker->by_label, label);

    if (place != KEYMAP_NONE)
        return place;
    place = (uint32_t)checker->label_count++;
    checker->labels = memory_grow(checker->labels, checker->label_count, sizeof(Str));
    checker->labels[place] = str_copy(&checker->text, label);
    *keymap_place(&checker->by_label, checker->labels[place]) = place;
    return place;
}

static void remember(Checker *checker, Str id, Str label)
{
    uint32_t place;

    if (keymap_get(&checker->known, id) != KEYMAP_NONE)
        return;
    if (checker->known.count >= checker->max_remembered)
        forget(checker);
    place = place_of_label(checker, label);
    *keymap_place(&checker->known, str_copy(&checker->text, id)) = place;
}

static Err label_of_id(Checker *checker, Arena *arena, Str id, Str *label)
{
    uint32_t place = keymap_get(&checker->known, id);
    GraphNode node;

    if (place != KEYMAP_NONE) {
        *label = checker->labels[place];
        return OK;
    }
    TRY(graph_get_node(checker->graph, arena, id, GRAPH_NOW, &node));
    *label = graph_main_label(&node);
    remember(checker, id, *label);
    return OK;
}

/* The one entity that is called so, in either language or by an alias. */
static const CatalogueEntity *entity_called(const Checker *checker, Arena *arena, Str name)
{
    Words words = analyse(arena, name);
    NameMatch *matches;
    size_t count = names_find(catalogue_names(checker->catalogue), arena, words, &matches);

    if (count != 1 || matches[0].count != words.count || matches[0].entity_count != 1)
        return NULL;
    return catalogue_entity(checker->catalogue, matches[0].entities[0]);
}

/* Makes an id of what may be a name. NOT_FOUND when nobody is called so. */
static Err resolve(Checker *checker, Arena *arena, Str *end, Str *label)
{
    const CatalogueEntity *entity;

    if (is_entity_id(*end) || str_starts(*end, STR("_:"))) {
        Err e = label_of_id(checker, arena, *end, label);

        if (e.code != NOT_FOUND)
            return e;
    }
    entity = entity_called(checker, arena, *end);
    if (entity == NULL)
        return err(NOT_FOUND, "there is no entity %.*s, by id or by name", STR_ARG(*end));
    *end = str_copy(arena, entity->id);
    *label = str_copy(arena, entity->labels.items[0]);
    return OK;
}

/* ---- nodes */

static Err refuse_label(const Schema *schema, Arena *arena, Str label)
{
    size_t count;
    const SchemaLabel *labels = schema_labels(schema, &count);
    const char **names = arena_array(arena, const char *, count);
    const char *meant;

    for (size_t i = 0; i < count; i++)
        names[i] = str_c(arena, labels[i].name);
    meant = near_miss(label, names, count);
    return err_at(err(INVALID, "label: %.*s is not in the schema%s%s%s", STR_ARG(label),
                      meant != NULL ? "; did you mean " : "", meant != NULL ? meant : "",
                      meant != NULL ? "?" : ""),
                  "/label");
}

static Err in_properties(Err e)
{
    return failed(&e) ? err_at(e, "/properties%s", e.pointer) : OK;
}

/* An entity that is there already needn't be told whole again. */
static Err check_properties(Checker *checker, Arena *arena, const Fact *fact)
{
    Str label = graph_main_label(&fact->node);
    Err e = schema_check_properties(checker->schema, label, fact->values, SCHEMA_WHOLE);
    Str known;
    Err found;

    if (!failed(&e))
        return OK;
    TRY(in_properties(schema_check_properties(checker->schema, label, fact->values, SCHEMA_PART)));
    found = fact->node.key.data != NULL ? label_of_id(checker, arena, fact->node.key, &known) : e;
    return failed(&found) ? in_properties(e) : OK;
}

static Err check_node(Checker *checker, Arena *arena, Str origin, Fact *fact)
{
    GraphNode *node = &fact->node;
    bool is_open = schema_is_open(checker->schema);

    for (size_t i = 0; i < node->label_count && !is_open; i++)
        if (schema_label(checker->schema, node->labels[i]) == NULL)
            return refuse_label(checker->schema, arena, node->labels[i]);
    TRY(check_properties(checker, arena, fact));
    if (!is_open && (node->key.data == NULL || str_starts(node->key, STR("_:"))))
        return err_at(err(INVALID, "id: expected; it is what citations name the entity by"), "/id");
    if (node->key.data == NULL)
        node->key = str_format(arena, "_:%.*s:%lld", STR_ARG(origin), (long long)node->line);
    remember(checker, node->key, graph_main_label(node));
    return OK;
}

/* ---- relationships */

/* What a visitor did happened at its timestamp, or else at the moment that stands for it. */
static Err set_moment(const Checker *checker, Fact *fact)
{
    const json_t *at = json_object_get(fact->values, TIMESTAMP.data);

    if (fact->relationship.at_us != 0)
        return OK;
    fact->relationship.at_us = checker->moment_us;
    if (at == NULL || (json_is_string(at) && time_parse(json_str(at), &fact->relationship.at_us)))
        return OK;
    return err_at(err(INVALID, "timestamp: expected a moment such as 2026-11-23T12:00:00Z"),
                  "/properties/timestamp");
}

static Err check_ends(Checker *checker, Arena *arena, const SchemaRelationship *kind, GraphRelationship *r,
                      bool *new_user)
{
    Str from_label = USER;
    Str to_label = {0};
    Err e = resolve(checker, arena, &r->from, &from_label);

    *new_user = e.code == NOT_FOUND && kind != NULL && kind->learned && is_entity_id(r->from);
    if (failed(&e) && !*new_user)
        return err_at(e, "/from");
    e = resolve(checker, arena, &r->to, &to_label);
    if (failed(&e))
        return err_at(e, "/to");
    if (*new_user)
        remember(checker, r->from, USER);
    e = schema_check(checker->schema, from_label, r->type, to_label);
    return failed(&e) ? err_at(e, "/type") : OK;
}

static Err check_relationship(Checker *checker, Arena *arena, Fact *fact, bool *new_user)
{
    GraphRelationship *r = &fact->relationship;
    const SchemaRelationship *kind = schema_relationship(checker->schema, r->type);

    TRY(in_properties(schema_check_relationship_properties(checker->schema, r->type, fact->values)));
    if (kind != NULL)
        r->repeats = !kind->once || (r->repeats && schema_is_open(checker->schema));
    if (kind != NULL && kind->learned)
        TRY(set_moment(checker, fact));
    return check_ends(checker, arena, kind, r, new_user);
}

Err checker_check(Checker *checker, Arena *arena, Str origin, Fact *fact, bool *new_user)
{
    *new_user = false;
    return fact->is_node ? check_node(checker, arena, origin, fact)
                         : check_relationship(checker, arena, fact, new_user);
}

GraphNode checker_new_user(Str id)
{
    return (GraphNode){.key = id, .labels = &USER, .label_count = 1, .properties = STR("{}")};
}
