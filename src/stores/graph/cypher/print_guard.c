/* What keeps out of a pattern that which the query may not see: conditions behind WHERE, which apply to subqueries,
 * optional matches and comprehensions as they do to MATCH. */
#include "stores/graph/cypher/printer.h"
#include "stores/graph/cypher/syntax.h"

/* ---- What needs one ---- */

/* A node that has been seen is seen again. */
bool printer_guards_node(const Printer *printer, const CypherNodePattern *node)
{
    return printer->options.limited && !node->name.bound;
}

static bool has_types(const Printer *printer, const CypherRelationshipPattern *relationship)
{
    return printer->options.limited || relationship->type_count > 0;
}

/* On the way of a path there are nodes that the pattern doesn't name, and relationships of the store's own. */
bool printer_guards_relationship(const Printer *printer, const CypherRelationshipPattern *relationship)
{
    if (!relationship->var_length || printer->options.hidden_prefix.len == 0)
        return false;
    return printer->options.limited || !has_types(printer, relationship);
}

bool printer_guards(const Printer *printer, const CypherPath *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k <= paths[i].relationship_count; k++)
            if (printer_guards_node(printer, &paths[i].nodes[k]))
                return true;
        for (size_t k = 0; k < paths[i].relationship_count; k++)
            if (printer_guards_relationship(printer, &paths[i].relationships[k]))
                return true;
    }
    return false;
}

/* ---- Names and types ---- */

void print_element(Printer *printer, const CypherName *name, bool needed)
{
    if (name->text.data != NULL)
        print_name(printer, name->text, name->place);
    else if (needed)
        buf_format(&printer->out, "`%.*s%zu`", STR_ARG(printer->made_prefix), name->slot);
}

static bool is_among(Str name, const Str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(names[i], name))
            return true;
    return false;
}

void print_types(Printer *printer, const CypherRelationshipPattern *relationship)
{
    const CypherPrintOptions *options = &printer->options;
    bool all = relationship->type_count == 0;
    const Str *types = all && options->limited ? options->types : relationship->types;
    size_t count = all && options->limited ? options->type_count : relationship->type_count;
    char before = ':';

    for (size_t i = 0; i < count; i++) {
        if (options->limited && !is_among(types[i], options->types, options->type_count))
            continue;
        buf_put_char(&printer->out, before);
        print_name(printer, types[i], relationship->place);
        before = '|';
    }
    if (options->limited && before == ':') /* no type is left, and none is called so */
        buf_format(&printer->out, ":`%.*snone`", STR_ARG(options->hidden_prefix));
}

/* ---- Conditions ---- */

static void print_texts(Printer *printer, const Str *texts, size_t count)
{
    buf_put_char(&printer->out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_put(&printer->out, i > 0 ? STR(", ") : STR(""));
        print_text(printer, texts[i]);
    }
    buf_put_char(&printer->out, ']');
}

/* Of the labels of a node that aren't hidden there is one, and each is among those that can be seen. */
static void print_labels_seen(Printer *printer, Str node)
{
    static const Str QUANTIFIERS[] = {STR("all("), STR(" AND any(")};

    for (size_t i = 0; i < 2; i++) {
        buf_put(&printer->out, QUANTIFIERS[i]);
        buf_format(&printer->out, "`%.*slabel` IN labels(%.*s) WHERE `%.*slabel`",
                   STR_ARG(printer->made_prefix), STR_ARG(node), STR_ARG(printer->made_prefix));
        if (i == 0) {
            buf_put(&printer->out, STR(" STARTS WITH "));
            print_text(printer, printer->options.hidden_prefix);
            buf_format(&printer->out, " OR `%.*slabel`", STR_ARG(printer->made_prefix));
        }
        buf_put(&printer->out, STR(" IN "));
        print_texts(printer, printer->options.labels, printer->options.label_count);
        buf_put_char(&printer->out, ')');
    }
}

static Str element_text(Printer *printer, const CypherName *name)
{
    Printer plain = {
        .out = {.arena = printer->out.arena}, .made_prefix = printer->made_prefix, .failure = OK};

    print_element(&plain, name, true);
    return buf_str(&plain.out);
}

static void print_node_guard(Printer *printer, const CypherNodePattern *node)
{
    print_labels_seen(printer, element_text(printer, &node->name));
}

static void print_relationship_guard(Printer *printer, const CypherRelationshipPattern *relationship)
{
    Str made = printer->made_prefix;
    Str start = str_format(printer->out.arena, "startNode(`%.*son_the_way`)", STR_ARG(made));
    Str end = str_format(printer->out.arena, "endNode(`%.*son_the_way`)", STR_ARG(made));

    buf_format(&printer->out, "all(`%.*son_the_way` IN %.*s WHERE ", STR_ARG(made),
               STR_ARG(element_text(printer, &relationship->name)));
    if (printer->options.limited) {
        print_labels_seen(printer, start);
        buf_put(&printer->out, STR(" AND "));
        print_labels_seen(printer, end);
    } else {
        buf_format(&printer->out, "NOT type(`%.*son_the_way`) STARTS WITH ", STR_ARG(made));
        print_text(printer, printer->options.hidden_prefix);
    }
    buf_put_char(&printer->out, ')');
}

/* Whether a node stood before in the same clause: one condition is enough. */
static bool is_repeated(const CypherPath *paths, size_t path, size_t node)
{
    size_t slot = paths[path].nodes[node].name.slot;

    for (size_t i = 0; i <= path; i++)
        for (size_t k = 0; k <= paths[i].relationship_count && (i < path || k < node); k++)
            if (paths[i].nodes[k].name.slot == slot)
                return true;
    return false;
}

static void print_join(Printer *printer, bool *first)
{
    buf_put(&printer->out, *first ? STR(" WHERE ") : STR(" AND "));
    *first = false;
}

static void print_guards(Printer *printer, const CypherPath *paths, size_t count, bool *first)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k <= paths[i].relationship_count; k++) {
            if (!printer_guards_node(printer, &paths[i].nodes[k]) || is_repeated(paths, i, k))
                continue;
            print_join(printer, first);
            print_node_guard(printer, &paths[i].nodes[k]);
        }
        for (size_t k = 0; k < paths[i].relationship_count; k++) {
            if (!printer_guards_relationship(printer, &paths[i].relationships[k]))
                continue;
            print_join(printer, first);
            print_relationship_guard(printer, &paths[i].relationships[k]);
        }
    }
}

void print_found(Printer *printer, const CypherPath *paths, size_t count, const CypherExpression *where)
{
    bool first = true;

    for (size_t i = 0; i < count; i++) {
        buf_put(&printer->out, i > 0 ? STR(", ") : STR(""));
        print_path(printer, &paths[i]);
    }
    if (where != NULL) {
        print_join(printer, &first);
        print_operand(printer, where, printer_guards(printer, paths, count) ? LEVEL_AND : LEVEL_OR);
    }
    print_guards(printer, paths, count, &first);
}
