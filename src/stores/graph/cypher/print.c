#include "stores/graph/cypher/print.h"

#include <string.h>

#include "stores/graph/cypher/printer.h"
#include "stores/graph/cypher/token.h"

void printer_fail(Printer *printer, Err failure)
{
    if (!failed(&printer->failure))
        printer->failure = failure;
}

bool printer_hides(const Printer *printer, Str name)
{
    return printer->options.hidden_prefix.len > 0 && str_starts(name, printer->options.hidden_prefix);
}

/* Neo4j takes :A:B or :A&!B, not both in one query. */
char printer_and(const Printer *printer)
{
    return printer->options.hidden_prefix.len > 0 ? '&' : ':';
}

/* ---- Names ---- */

/* Neo4j undoes \u escapes before it looks for quotes, in names too: a name with a backslash can't be quoted safely. */
void print_name(Printer *printer, Str name, CypherPlace place)
{
    if (printer->options.text_prefix.len > 0 && memchr(name.data, '\\', name.len) != NULL)
        printer_fail(printer, cypher_error(place, "names with a backslash aren't supported"));
    buf_put_char(&printer->out, '`');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '`')
            buf_put_char(&printer->out, '`');
        buf_put_char(&printer->out, name.data[i]);
    }
    buf_put_char(&printer->out, '`');
}

void print_labels(Printer *printer, const Str *labels, size_t count, CypherPlace place)
{
    for (size_t i = 0; i < count; i++) {
        buf_put_char(&printer->out, i == 0 ? ':' : printer_and(printer));
        print_name(printer, labels[i], place);
    }
}

/* ---- Patterns ---- */

static void print_properties(Printer *printer, const CypherExpression *properties)
{
    if (properties == NULL)
        return;
    for (size_t i = 0; i < properties->map.count; i++) {
        if (printer_hides(printer, properties->map.keys[i]))
            printer_fail(printer, cypher_error(properties->place, "properties can't begin with %.*s here",
                                               STR_ARG(printer->options.hidden_prefix)));
        printer_check_key(printer, properties->map.keys[i], properties->place);
    }
    buf_put_char(&printer->out, ' ');
    print_expression(printer, properties);
}

static void print_node(Printer *printer, const CypherNodePattern *node)
{
    buf_put_char(&printer->out, '(');
    print_element(printer, &node->name, false);
    print_node_labels(printer, node);
    print_properties(printer, node->properties);
    buf_put_char(&printer->out, ')');
}

static void print_length(Printer *printer, const CypherRelationshipPattern *relationship)
{
    if (!relationship->var_length)
        return;
    buf_put_char(&printer->out, '*');
    buf_put_int(&printer->out, relationship->min);
    buf_put(&printer->out, STR(".."));
    if (relationship->max != CYPHER_NO_LIMIT)
        buf_put_int(&printer->out, relationship->max);
}

static void print_relationship(Printer *printer, const CypherRelationshipPattern *relationship)
{
    buf_put(&printer->out, relationship->direction == CYPHER_LEFT ? STR("<-[") : STR("-["));
    print_element(printer, &relationship->name, printer_guards(printer, relationship));
    print_types(printer, relationship);
    print_length(printer, relationship);
    print_properties(printer, relationship->properties);
    buf_put(&printer->out, relationship->direction == CYPHER_RIGHT ? STR("]->") : STR("]-"));
}

void print_path(Printer *printer, const CypherPath *path)
{
    if (path->name.text.data != NULL) {
        print_name(printer, path->name.text, path->name.place);
        buf_put(&printer->out, STR(" = "));
    }
    for (size_t i = 0; i < path->relationship_count; i++) {
        print_node(printer, &path->nodes[i]);
        print_relationship(printer, &path->relationships[i]);
    }
    print_node(printer, &path->nodes[path->relationship_count]);
}

/* ---- Clauses ---- */

/* A word and an expression, unless there is none. */
static void print_part(Printer *printer, Str word, const CypherExpression *expression)
{
    if (expression == NULL)
        return;
    buf_put(&printer->out, word);
    print_expression(printer, expression);
}

static void print_match(Printer *printer, const CypherMatch *match)
{
    buf_put(&printer->out, match->optional ? STR("OPTIONAL MATCH ") : STR("MATCH "));
    print_found(printer, match->paths, match->path_count, match->where);
}

static void print_item(Printer *printer, const CypherItem *item)
{
    print_expression(printer, item->expression);
    if (item->expression->kind == CYPHER_VARIABLE && str_equal(item->expression->name.text, item->name.text))
        return;
    buf_put(&printer->out, STR(" AS "));
    print_name(printer, item->name.text, item->name.place);
}

static void print_order(Printer *printer, const CypherProjection *projection)
{
    for (size_t i = 0; i < projection->order_count; i++) {
        buf_put(&printer->out, i == 0 ? STR(" ORDER BY ") : STR(", "));
        print_expression(printer, projection->order[i].expression);
        buf_put(&printer->out, projection->order[i].descending ? STR(" DESC") : STR(""));
    }
}

static void print_projection(Printer *printer, const CypherProjection *projection)
{
    buf_put(&printer->out, projection->distinct ? STR("DISTINCT ") : STR(""));
    if (projection->item_count == 0)
        buf_put_char(&printer->out, '*');
    for (size_t i = 0; i < projection->item_count; i++) {
        buf_put(&printer->out, i > 0 ? STR(", ") : STR(""));
        print_item(printer, &projection->items[i]);
    }
    print_order(printer, projection);
    print_part(printer, STR(" SKIP "), projection->skip);
    print_part(printer, STR(" LIMIT "), projection->limit);
    print_part(printer, STR(" WHERE "), projection->where);
}

static void print_clause(Printer *printer, const CypherClause *clause)
{
    switch (clause->kind) {
    case CYPHER_MATCH:
        print_match(printer, &clause->match);
        break;
    case CYPHER_UNWIND:
        print_part(printer, STR("UNWIND "), clause->unwind.list);
        buf_put(&printer->out, STR(" AS "));
        print_name(printer, clause->unwind.name.text, clause->unwind.name.place);
        break;
    case CYPHER_WITH:
    case CYPHER_RETURN:
        buf_put(&printer->out, clause->kind == CYPHER_WITH ? STR("WITH ") : STR("RETURN "));
        print_projection(printer, &clause->projection);
        break;
    case CYPHER_CREATE:
        break;
    }
}

void print_query(Printer *printer, const CypherQuery *query)
{
    for (size_t i = 0; i < query->part_count; i++) {
        const CypherSingle *part = &query->parts[i];

        if (i > 0)
            buf_put(&printer->out, part->all ? STR(" UNION ALL ") : STR(" UNION "));
        for (size_t k = 0; k < part->clause_count; k++) {
            buf_put(&printer->out, k > 0 ? STR(" ") : STR(""));
            print_clause(printer, &part->clauses[k]);
        }
    }
}

/* ---- All of it ---- */

static void check_parameters(Printer *printer, const CypherQuery *query)
{
    for (size_t i = 0; i < query->parameter_count; i++)
        if (printer->options.text_prefix.len > 0 &&
            str_starts(query->parameters[i], printer->options.text_prefix))
            printer_fail(printer, err(INVALID, "the parameter %.*s can't begin with %.*s",
                                      STR_ARG(str_slice(query->parameters[i], 0, 60)),
                                      STR_ARG(printer->options.text_prefix)));
}

/* One that no name of the query begins with: all its names stand in its plain text, in quotes. */
static void choose_made_prefix(Printer *printer, const CypherQuery *query)
{
    Printer plain = {.out = {.arena = printer->out.arena}, .failure = OK};
    Str quoted = STR("`_");

    if (printer->options.hidden_prefix.len == 0)
        return;
    print_query(&plain, query);
    while (str_find(buf_str(&plain.out), quoted, 0) != SIZE_MAX)
        quoted = str_format(printer->out.arena, "%.*s_", STR_ARG(quoted));
    printer->made_prefix = str_slice(quoted, 1, quoted.len);
}

Err cypher_print(Arena *arena, const CypherQuery *query, CypherPrintOptions options, CypherPrinted *out)
{
    Printer printer = {.out = {.arena = arena}, .options = options, .failure = OK};

    choose_made_prefix(&printer, query);
    check_parameters(&printer, query);
    print_query(&printer, query);
    *out = (CypherPrinted){
        .text = buf_str(&printer.out), .texts = printer.texts, .text_count = printer.text_count};
    return printer.failure;
}
