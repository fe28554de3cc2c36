
#include "stores/graph/cypher/functions.h"
#include "stores/graph/cypher/printer.h"
#include "stores/graph/cypher/syntax.h"

/* ---- Literals ---- */

/* The number of a text that is there already; only a few are looked at, for it is labels that come again and again. */
static size_t known_text(const Printer *printer, Str text)
{
    enum { LOOKED_AT = 64 };

    for (size_t i = 0; i < printer->text_count && i < LOOKED_AT; i++)
        if (str_equal(printer->texts[i], text))
            return i;
    return printer->text_count;
}

static void print_text_parameter(Printer *printer, Str text)
{
    size_t number = known_text(printer, text);

    ARENA_MORE(printer->out.arena, printer->texts, printer->text_count, printer->text_capacity, 4);
    buf_put_char(&printer->out, '$');
    buf_put(&printer->out, printer->options.text_prefix);
    buf_put_int(&printer->out, (int64_t)number);
    if (number == printer->text_count)
        printer->texts[printer->text_count++] = text;
}

void print_text(Printer *printer, Str text)
{
    if (printer->options.text_prefix.len > 0) {
        print_text_parameter(printer, text);
        return;
    }
    buf_put_char(&printer->out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'' || text.data[i] == '\\')
            buf_put_char(&printer->out, '\\');
        buf_put_char(&printer->out, text.data[i]);
    }
    buf_put_char(&printer->out, '\'');
}

static void print_parameter(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '$');
    print_name(printer, e->text, e->place);
}

/* ---- Lists of expressions ---- */

static void print_comma(Printer *printer, size_t number)
{
    if (number > 0)
        buf_put(&printer->out, STR(", "));
}

static void print_items(Printer *printer, CypherExpression *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_comma(printer, i);
        print_expression(printer, items[i]);
    }
}

static void print_map(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '{');
    for (size_t i = 0; i < e->map.count; i++) {
        print_comma(printer, i);
        print_name(printer, e->map.keys[i], e->place);
        buf_put(&printer->out, STR(": "));
        print_expression(printer, e->map.values[i]);
    }
    buf_put_char(&printer->out, '}');
}

static void print_call(Printer *printer, const CypherExpression *e)
{
    buf_put(&printer->out, function_name(e->call.function));
    buf_put(&printer->out, e->call.distinct ? STR("(DISTINCT ") : STR("("));
    print_items(printer, e->call.arguments, e->call.argument_count);
    buf_put_char(&printer->out, ')');
}

/* ---- Operators ---- */

static void print_operator(Printer *printer, const Operator *operator)
{
    for (size_t i = 0; i < 3 && operator->words[i].data != NULL; i++) {
        buf_put_char(&printer->out, ' ');
        buf_put(&printer->out, operator->words[i]);
    }
}

static void print_unary(Printer *printer, const CypherExpression *e)
{
    static const Str SIGNS[] = {
        [CYPHER_MINUS] = STR("- "), [CYPHER_PLUS] = STR("+ "), [CYPHER_NOT] = STR("NOT ")};
    const Operator *postfix = operator_of(OPERATOR_POSTFIX, (int)e->unary.operator);

    if (postfix != NULL) {
        print_operand(printer, e->unary.operand, LEVEL_PREDICATE + 1);
        print_operator(printer, postfix);
        return;
    }
    buf_put(&printer->out, SIGNS[e->unary.operator]);
    print_operand(printer, e->unary.operand, expression_level(e));
}

/* Operators that test something stand alone in Neo4j: a CONTAINS b IN c needs brackets there. */
static void print_binary(Printer *printer, const CypherExpression *e)
{
    const Operator *operator= operator_of(OPERATOR_BINARY, (int)e->binary.operator);

    print_operand(printer,
                  e->binary.left, operator->level == LEVEL_PREDICATE ? LEVEL_PREDICATE + 1 : operator->level);
    print_operator(printer, operator);
    buf_put_char(&printer->out, ' ');
    print_operand(printer, e->binary.right, operator->level + 1);
}

/* (n:Label) needs brackets of its own, or with < and - behind it would look like a pattern. */
static void print_compared(Printer *printer, const CypherExpression *e)
{
    print_operand(printer, e, e->kind == CYPHER_HAS_LABELS ? LEVEL_ATOM + 1 : LEVEL_COMPARISON + 1);
}

static void print_comparison(Printer *printer, const CypherComparisonChain *chain)
{
    print_compared(printer, chain->operands[0]);
    for (size_t i = 0; i < chain->count; i++) {
        print_operator(printer, operator_of(OPERATOR_COMPARISON, (int)chain->operators[i]));
        buf_put_char(&printer->out, ' ');
        print_compared(printer, chain->operands[i + 1]);
    }
}

static void print_property(Printer *printer, const CypherExpression *e)
{
    if (e->property.entity)
        printer_check_key(printer, e->property.key, e->place);
    print_operand(printer, e->property.of, LEVEL_POSTFIX);
    buf_put_char(&printer->out, '.');
    print_name(printer, e->property.key, e->place);
}

static void print_index(Printer *printer, const CypherExpression *e)
{
    print_operand(printer, e->index.of, LEVEL_POSTFIX);
    buf_put_char(&printer->out, '[');
    print_expression(printer, e->index.at);
    buf_put_char(&printer->out, ']');
}

static void print_slice(Printer *printer, const CypherExpression *e)
{
    print_operand(printer, e->slice.of, LEVEL_POSTFIX);
    buf_put_char(&printer->out, '[');
    if (e->slice.from != NULL)
        print_expression(printer, e->slice.from);
    buf_put(&printer->out, STR(" .. "));
    if (e->slice.to != NULL)
        print_expression(printer, e->slice.to);
    buf_put_char(&printer->out, ']');
}

/* Always in brackets: behind a label, | would go on with labels in Neo4j. */
static void print_has_labels(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '(');
    print_operand(printer, e->has_labels.of, LEVEL_POSTFIX);
    print_labels(printer, e->has_labels.labels, e->has_labels.label_count, e->place);
    buf_put_char(&printer->out, ')');
}

static void print_case(Printer *printer, const CypherCase *choice)
{
    buf_put(&printer->out, STR("CASE"));
    if (choice->subject != NULL) {
        buf_put_char(&printer->out, ' ');
        print_expression(printer, choice->subject);
    }
    for (size_t i = 0; i < choice->count; i++) {
        buf_put(&printer->out, STR(" WHEN "));
        print_expression(printer, choice->conditions[i]);
        buf_put(&printer->out, STR(" THEN "));
        print_expression(printer, choice->results[i]);
    }
    if (choice->otherwise != NULL) {
        buf_put(&printer->out, STR(" ELSE "));
        print_expression(printer, choice->otherwise);
    }
    buf_put(&printer->out, STR(" END"));
}

/* ---- Expressions with names of their own ---- */

static void print_source(Printer *printer, CypherName name, const CypherExpression *list)
{
    print_name(printer, name.text, name.place);
    buf_put(&printer->out, STR(" IN "));
    print_expression(printer, list);
}

static void print_part(Printer *printer, Str word, const CypherExpression *expression)
{
    if (expression == NULL)
        return;
    buf_put(&printer->out, word);
    print_expression(printer, expression);
}

static void print_comprehension(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '[');
    print_source(printer, e->comprehension.name, e->comprehension.list);
    print_part(printer, STR(" WHERE "), e->comprehension.where);
    print_part(printer, STR(" | "), e->comprehension.projection);
    buf_put_char(&printer->out, ']');
}

static void print_quantifier(Printer *printer, const CypherExpression *e)
{
    static const Str WORDS[] = {[CYPHER_ALL] = STR("all("),
                                [CYPHER_ANY] = STR("any("),
                                [CYPHER_NONE] = STR("none("),
                                [CYPHER_SINGLE] = STR("single(")};

    buf_put(&printer->out, WORDS[e->quantifier.quantifier]);
    print_source(printer, e->quantifier.name, e->quantifier.list);
    print_part(printer, STR(" WHERE "), e->quantifier.where);
    buf_put_char(&printer->out, ')');
}

static void print_reduce(Printer *printer, const CypherExpression *e)
{
    buf_put(&printer->out, STR("reduce("));
    print_name(printer, e->reduce.accumulator.text, e->reduce.accumulator.place);
    print_part(printer, STR(" = "), e->reduce.initial);
    buf_put(&printer->out, STR(", "));
    print_source(printer, e->reduce.name, e->reduce.list);
    print_part(printer, STR(" | "), e->reduce.step);
    buf_put_char(&printer->out, ')');
}

static void print_pattern(Printer *printer, const CypherExpression *e)
{
    bool guards = printer_guards_path(printer, e->pattern);

    buf_put(&printer->out, guards ? STR("EXISTS { MATCH ") : STR("exists("));
    print_found(printer, e->pattern, 1, NULL);
    buf_put(&printer->out, guards ? STR(" }") : STR(")"));
}

static void print_pattern_comprehension(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '[');
    print_found(printer, e->matching.path, 1, e->matching.where);
    print_part(printer, STR(" | "), e->matching.projection);
    buf_put_char(&printer->out, ']');
}

static void print_subquery(Printer *printer, const CypherExpression *e)
{
    buf_put(&printer->out, STR("EXISTS { "));
    print_query(printer, e->subquery);
    buf_put(&printer->out, STR(" }"));
}

/* ---- All of them ---- */

static void print_literal(Printer *printer, const CypherExpression *e)
{
    switch (e->kind) {
    case CYPHER_BOOLEAN:
        buf_put(&printer->out, e->boolean ? STR("true") : STR("false"));
        break;
    case CYPHER_INTEGER:
        buf_put_int(&printer->out, e->integer);
        break;
    case CYPHER_FLOAT:
        syntax_put_float(&printer->out, e->number);
        break;
    case CYPHER_STRING:
        print_text(printer, e->text);
        break;
    case CYPHER_PARAMETER:
        print_parameter(printer, e);
        break;
    case CYPHER_VARIABLE:
        print_name(printer, e->name.text, e->place);
        break;
    case CYPHER_COUNT_ALL:
        buf_put(&printer->out, STR("count(*)"));
        break;
    default:
        buf_put(&printer->out, STR("null"));
        break;
    }
}

/* [x IN y] and [p = (a)-->(b) | …] aren't lists of one item, so that such an item gets brackets. */
static void print_list(Printer *printer, const CypherExpression *e)
{
    buf_put_char(&printer->out, '[');
    if (e->list.count > 0)
        print_operand(printer, e->list.items[0], LEVEL_SIGN);
    for (size_t i = 1; i < e->list.count; i++) {
        print_comma(printer, i);
        print_expression(printer, e->list.items[i]);
    }
    buf_put_char(&printer->out, ']');
}

static void print_chain(Printer *printer, const CypherExpression *e)
{
    print_comparison(printer, &e->comparison);
}

static void print_choice(Printer *printer, const CypherExpression *e)
{
    print_case(printer, &e->choice);
}

typedef void (*PrintFn)(Printer *printer, const CypherExpression *expression);

static const PrintFn PRINT[] = {
    [CYPHER_NULL] = print_literal,
    [CYPHER_BOOLEAN] = print_literal,
    [CYPHER_INTEGER] = print_literal,
    [CYPHER_FLOAT] = print_literal,
    [CYPHER_STRING] = print_literal,
    [CYPHER_LIST] = print_list,
    [CYPHER_MAP] = print_map,
    [CYPHER_PARAMETER] = print_literal,
    [CYPHER_VARIABLE] = print_literal,
    [CYPHER_PROPERTY] = print_property,
    [CYPHER_INDEX] = print_index,
    [CYPHER_SLICE] = print_slice,
    [CYPHER_HAS_LABELS] = print_has_labels,
    [CYPHER_UNARY] = print_unary,
    [CYPHER_BINARY] = print_binary,
    [CYPHER_COMPARISON] = print_chain,
    [CYPHER_CASE] = print_choice,
    [CYPHER_CALL] = print_call,
    [CYPHER_COUNT_ALL] = print_literal,
    [CYPHER_LIST_COMPREHENSION] = print_comprehension,
    [CYPHER_QUANTIFIER] = print_quantifier,
    [CYPHER_REDUCE] = print_reduce,
    [CYPHER_PATTERN] = print_pattern,
    [CYPHER_PATTERN_COMPREHENSION] = print_pattern_comprehension,
    [CYPHER_EXISTS_SUBQUERY] = print_subquery,
};

void print_expression(Printer *printer, const CypherExpression *expression)
{
    if (!print_hidden(printer, expression))
        PRINT[expression->kind](printer, expression);
}

void print_operand(Printer *printer, const CypherExpression *expression, int level)
{
    bool brackets = expression_level(expression) < level;

    buf_put(&printer->out, brackets ? STR("(") : STR(""));
    print_expression(printer, expression);
    buf_put(&printer->out, brackets ? STR(")") : STR(""));
}
