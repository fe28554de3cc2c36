/* What keeps out of a pattern that which the query may not see. Labels and types are said in the pattern itself, so that it
 * holds wherever the pattern stands; what is on the way of a path of variable length has a condition behind WHERE. */
#include "stores/graph/cypher/printer.h"
#include "stores/graph/cypher/syntax.h"
#include "stores/graph/cypher/token.h"

static bool is_among(Str name, const Str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(names[i], name))
            return true;
    return false;
}

/* ---- Nodes ---- */

static bool has_shown_label(const Printer *printer, const CypherNodePattern *node)
{
    for (size_t i = 0; i < node->label_count; i++)
        if (!printer_hides(printer, node->labels[i]))
            return true;
    return false;
}

static void print_label(Printer *printer, Str before, Str label, CypherPlace place, bool *first)
{
    if (*first)
        buf_put_char(&printer->out, ':');
    else
        buf_put_char(&printer->out, printer_and(printer));
    buf_put(&printer->out, before);
    print_name(printer, label, place);
    *first = false;
}

/* Nodes of the store's own have hidden labels only, so that a label which isn't hidden is enough. What a name stands for
 * since an earlier clause was seen there. */
void print_node_labels(Printer *printer, const CypherNodePattern *node)
{
    const CypherPrintOptions *options = &printer->options;
    bool first = true;

    if (options->node_label.len > 0 && !has_shown_label(printer, node))
        print_label(printer, STR(""), options->node_label, node->place, &first);
    for (size_t i = 0; i < node->label_count; i++) {
        print_label(printer, STR(""), node->labels[i], node->place, &first);
        if (options->node_label.len > 0 && str_equal(node->labels[i], options->node_label))
            printer_fail(printer, cypher_error(node->place, "the label %.*s can't be asked for",
                                               STR_ARG(node->labels[i])));
    }
    for (size_t i = 0; i < options->sight.hidden_label_count && !node->name.bound; i++)
        print_label(printer, STR("!"), options->sight.hidden_labels[i], node->place, &first);
}

/* ---- Relationships ---- */

static void print_other_types(Printer *printer, CypherPlace place)
{
    const GraphSight *sight = &printer->options.sight;

    for (size_t i = 0; i < sight->hidden_type_count; i++) {
        buf_put(&printer->out, i == 0 ? STR(":!") : STR("&!"));
        print_name(printer, sight->hidden_types[i], place);
    }
}

/* Of variable length a relationship can't be said to be of any type but some. */
void print_types(Printer *printer, const CypherRelationshipPattern *relationship)
{
    const GraphSight *sight = &printer->options.sight;
    char before = ':';

    if (relationship->type_count == 0 && !relationship->var_length)
        print_other_types(printer, relationship->place);
    for (size_t i = 0; i < relationship->type_count; i++) {
        if (is_among(relationship->types[i], sight->hidden_types, sight->hidden_type_count))
            continue;
        buf_put_char(&printer->out, before);
        print_name(printer, relationship->types[i], relationship->place);
        before = '|';
    }
    if (relationship->type_count > 0 && before == ':') /* none is left, and no relationship is called so */
        buf_format(&printer->out, ":`%.*snone`", STR_ARG(printer->options.hidden_prefix));
}

/* ---- Ways of variable length: nodes that the pattern doesn't name, and relationships of the store's own ---- */

void print_element(Printer *printer, const CypherName *name, bool needed)
{
    if (name->text.data != NULL)
        print_name(printer, name->text, name->place);
    else if (needed)
        buf_format(&printer->out, "`%.*s%zu`", STR_ARG(printer->made_prefix), name->slot);
}

bool printer_guards(const Printer *printer, const CypherRelationshipPattern *relationship)
{
    return relationship->var_length && printer->options.hidden_prefix.len > 0 &&
           (relationship->type_count == 0 || printer->options.sight.hidden_label_count > 0);
}

bool printer_guards_path(const Printer *printer, const CypherPath *path)
{
    for (size_t i = 0; i < path->relationship_count; i++)
        if (printer_guards(printer, &path->relationships[i]))
            return true;
    return false;
}

static void print_step(Printer *printer)
{
    buf_format(&printer->out, "`%.*sstep`", STR_ARG(printer->made_prefix));
}

static void print_join(Printer *printer, Str word, bool *first)
{
    if (!*first)
        buf_put(&printer->out, STR(" AND "));
    buf_put(&printer->out, word);
    *first = false;
}

static void print_type_condition(Printer *printer, Str word, Str operator, Str text, bool *first)
{
    print_join(printer, word, first);
    print_step(printer);
    buf_put(&printer->out, operator);
    print_text(printer, text);
}

static void print_end_condition(Printer *printer, Str end, Str label, bool *first)
{
    print_join(printer, STR("NOT "), first);
    buf_put(&printer->out, end);
    print_step(printer);
    buf_put(&printer->out, STR("):"));
    print_name(printer, label, (CypherPlace){0});
}

static void print_guard(Printer *printer, const CypherRelationshipPattern *relationship)
{
    const GraphSight *sight = &printer->options.sight;
    bool first = true;

    buf_put(&printer->out, STR("all("));
    print_step(printer);
    buf_put(&printer->out, STR(" IN "));
    print_element(printer, &relationship->name, true);
    buf_put(&printer->out, STR(" WHERE "));
    if (relationship->type_count == 0) {
        print_type_condition(printer, STR("NOT type("), STR(") STARTS WITH "), printer->options.hidden_prefix,
                             &first);
        for (size_t i = 0; i < sight->hidden_type_count; i++)
            print_type_condition(printer, STR("type("), STR(") <> "), sight->hidden_types[i], &first);
    }
    for (size_t i = 0; i < sight->hidden_label_count; i++) {
        print_end_condition(printer, STR("startNode("), sight->hidden_labels[i], &first);
        print_end_condition(printer, STR("endNode("), sight->hidden_labels[i], &first);
    }
    buf_put_char(&printer->out, ')');
}

static void print_guards(Printer *printer, const CypherPath *path, bool *first)
{
    for (size_t i = 0; i < path->relationship_count; i++) {
        if (!printer_guards(printer, &path->relationships[i]))
            continue;
        buf_put(&printer->out, *first ? STR(" WHERE ") : STR(" AND "));
        print_guard(printer, &path->relationships[i]);
        *first = false;
    }
}

void print_found(Printer *printer, const CypherPath *paths, size_t count, const CypherExpression *where)
{
    bool guards = false;
    bool first = where == NULL;

    for (size_t i = 0; i < count; i++) {
        buf_put(&printer->out, i > 0 ? STR(", ") : STR(""));
        print_path(printer, &paths[i]);
        guards |= printer_guards_path(printer, &paths[i]);
    }
    if (where != NULL) {
        buf_put(&printer->out, STR(" WHERE "));
        print_operand(printer, where, guards ? LEVEL_AND : LEVEL_OR);
    }
    for (size_t i = 0; i < count; i++)
        print_guards(printer, &paths[i], &first);
}
