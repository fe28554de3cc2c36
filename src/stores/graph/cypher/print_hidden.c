/* What a query may not see, on a store that keeps its own labels and properties beside those of the world: said so that
 * the answer is as if they weren't there. */
#include "stores/graph/cypher/printer.h"
#include "stores/graph/cypher/syntax.h"
#include "stores/graph/cypher/token.h"

/* NOT … STARTS WITH the prefix, of what was just printed. */
static void print_is_hidden(Printer *printer)
{
    buf_put(&printer->out, STR(" STARTS WITH "));
    print_text(printer, printer->options.hidden_prefix);
}

static void print_is_map(Printer *printer, const CypherExpression *of)
{
    print_operand(printer, of, LEVEL_POSTFIX);
    buf_put(&printer->out, STR(" IS :: MAP"));
}

void printer_check_key(Printer *printer, Str key, CypherPlace place)
{
    for (size_t i = 0; i < printer->options.odd_count; i++)
        if (str_equal(printer->options.odd[i], key))
            printer_fail(printer,
                         cypher_error(place, "the property %.*s holds what this store can't be asked about",
                                      STR_ARG(str_slice(key, 0, 60))));
}

/* For what may ask for any property. */
static void check_no_odd(Printer *printer, CypherPlace place)
{
    if (printer->options.odd_count > 0)
        printer_fail(printer,
                     cypher_error(place,
                                  "some properties hold what this store can't be asked about: name the "
                                  "property, as in n.name"));
}

/* A map has its key, a node or relationship none that is hidden. */
static bool print_hidden_property(Printer *printer, const CypherExpression *of, Str key, CypherPlace place)
{
    if (!printer_hides(printer, key))
        return false;
    buf_put(&printer->out, STR("CASE WHEN "));
    print_is_map(printer, of);
    buf_put(&printer->out, STR(" THEN "));
    print_operand(printer, of, LEVEL_POSTFIX);
    buf_put_char(&printer->out, '.');
    print_name(printer, key, place);
    buf_put(&printer->out, STR(" END"));
    return true;
}

static bool print_hidden_index(Printer *printer, const CypherExpression *e)
{
    const CypherExpression *at = e->index.at;

    if (at->kind == CYPHER_STRING) {
        printer_check_key(printer, at->text, at->place);
        return print_hidden_property(printer, e->index.of, at->text, e->place);
    }
    check_no_odd(printer, at->place);
    print_operand(printer, e->index.of, LEVEL_POSTFIX);
    buf_put(&printer->out, STR("[CASE WHEN "));
    print_is_map(printer, e->index.of);
    buf_put(&printer->out, STR(" OR NOT toString("));
    print_expression(printer, at);
    buf_put_char(&printer->out, ')');
    print_is_hidden(printer);
    buf_put(&printer->out, STR(" THEN "));
    print_expression(printer, at);
    buf_put(&printer->out, STR(" END]"));
    return true;
}

/* Nothing that can be seen has such a label. */
static bool print_hidden_labels(Printer *printer, const CypherExpression *e)
{
    bool hidden = false;

    for (size_t i = 0; i < e->has_labels.label_count; i++)
        hidden |= printer_hides(printer, e->has_labels.labels[i]);
    if (!hidden)
        return false;
    buf_put(&printer->out, STR("CASE WHEN "));
    print_operand(printer, e->has_labels.of, LEVEL_PREDICATE + 1);
    buf_put(&printer->out, STR(" IS NOT NULL THEN false END"));
    return true;
}

/* A list of names without the hidden ones. */
static void print_shown(Printer *printer, Str function, const CypherExpression *of)
{
    buf_put(&printer->out, STR("[`"));
    buf_put(&printer->out, printer->options.hidden_prefix);
    buf_put(&printer->out, STR("name` IN "));
    buf_put(&printer->out, function);
    buf_put_char(&printer->out, '(');
    print_expression(printer, of);
    buf_put(&printer->out, STR(") WHERE NOT `"));
    buf_put(&printer->out, printer->options.hidden_prefix);
    buf_put(&printer->out, STR("name`"));
    print_is_hidden(printer);
    buf_put_char(&printer->out, ']');
}

static void print_labels_of(Printer *printer, const CypherExpression *of)
{
    if (printer->options.labels_property.len == 0) {
        print_shown(printer, STR("labels"), of);
        return;
    }
    buf_put(&printer->out, STR("coalesce("));
    print_operand(printer, of, LEVEL_POSTFIX);
    buf_put(&printer->out, STR(".`"));
    buf_put(&printer->out, printer->options.labels_property);
    buf_put(&printer->out, STR("`, "));
    print_shown(printer, STR("labels"), of);
    buf_put_char(&printer->out, ')');
}

static bool print_hidden_keys(Printer *printer, const CypherExpression *of)
{
    buf_put(&printer->out, STR("CASE WHEN "));
    print_is_map(printer, of);
    buf_put(&printer->out, STR(" THEN keys("));
    print_expression(printer, of);
    buf_put(&printer->out, STR(") ELSE "));
    print_shown(printer, STR("keys"), of);
    buf_put(&printer->out, STR(" END"));
    return true;
}

/* Neo4j's range(0, 1, -5) is [0], openCypher's is empty. */
static void check_range(Printer *printer, const CypherExpression *e)
{
    if (e->call.function == CYPHER_FN_RANGE && e->call.argument_count > 2)
        printer_fail(printer, cypher_error(e->place, "range() with a step isn't the same everywhere"));
}

static bool print_hidden_call(Printer *printer, const CypherExpression *e)
{
    check_range(printer, e);
    if (!e->call.entity)
        return false;
    switch (e->call.function) {
    case CYPHER_FN_LABELS:
        print_labels_of(printer, e->call.arguments[0]);
        return true;
    case CYPHER_FN_KEYS:
        check_no_odd(printer, e->place);
        return print_hidden_keys(printer, e->call.arguments[0]);
    case CYPHER_FN_PROPERTIES:
        printer_fail(printer,
                     cypher_error(e->place, "properties() isn't supported here: ask for each by its name"));
        return false;
    default:
        return false;
    }
}

bool print_hidden(Printer *printer, const CypherExpression *expression)
{
    if (printer->options.hidden_prefix.len == 0)
        return false;
    switch (expression->kind) {
    case CYPHER_PROPERTY:
        return expression->property.entity &&
               print_hidden_property(printer, expression->property.of, expression->property.key,
                                     expression->place);
    case CYPHER_INDEX:
        return expression->index.entity && print_hidden_index(printer, expression);
    case CYPHER_HAS_LABELS:
        return print_hidden_labels(printer, expression);
    case CYPHER_CALL:
        return print_hidden_call(printer, expression);
    default:
        return false;
    }
}
