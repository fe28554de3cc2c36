/* Files of CREATE statements (stores/graph/cypher/load.h). */
#include "base/file.h"
#include "services/world/ingest/reader.h"
#include "stores/graph/cypher/load.h"

/* The checker looks at the properties as values. */
static Err take(Intake *intake, int64_t line, Fact *fact, Json properties)
{
    AUTO_JSON json_t *values = NULL;

    TRY(json_read(properties, &values));
    fact->values = values;
    return intake_take(intake, line, fact);
}

static Err take_nodes(Intake *intake, const CypherLoad *load)
{
    for (size_t i = 0; i < load->node_count; i++) {
        Fact fact = {.is_node = true, .node = load->nodes[i]};

        TRY(take(intake, fact.node.line, &fact, fact.node.properties));
    }
    return OK;
}

/* Two that are alike may stand in one line. Where the schema doesn't say that they are one, their numbers tell them
 * apart instead of their lines. */
static Err take_relationships(Intake *intake, const CypherLoad *load)
{
    const Schema *schema = intake_schema(intake);

    for (size_t i = 0; i < load->relationship_count; i++) {
        Fact fact = {.relationship = load->relationships[i]};
        bool known = schema_relationship(schema, fact.relationship.type) != NULL && !schema_is_open(schema);

        TRY(take(intake, known ? fact.relationship.line : (int64_t)i + 1, &fact,
                 fact.relationship.properties));
    }
    return OK;
}

static Err take_load(Intake *intake, const CypherLoad *load)
{
    TRY(take_nodes(intake, load));
    return take_relationships(intake, load);
}

static Err read_text(Intake *intake, Arena *arena, const char *path)
{
    CypherLoadOptions options = {
        .now_us = intake_now_us(intake),
        .key_prefix = str_format(arena, "%s%.*s:", CYPHER_MADE_KEY, STR_ARG(intake_origin(intake))),
    };
    CypherLoad load;
    Str text;
    Err e;

    TRY(file_read(arena, path, CYPHER_LOAD_MAX_BYTES, &text));
    e = cypher_load(arena, text, options, &load);
    if (failed(&e))
        return err(e.code, "%s: %s", path, e.message);
    TRY(take_load(intake, &load));
    intake_progress(intake, (int64_t)text.len);
    return intake_end(intake); /* before the arena that its facts are in goes */
}

Err read_cypher(Intake *intake, const char *path)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    return read_text(intake, &arena, path);
}
