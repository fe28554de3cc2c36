/* What the files of the checker share: the names in scope, and what is allowed at the place. */
#ifndef NERDX_STORES_GRAPH_CYPHER_CHECKER_H
#define NERDX_STORES_GRAPH_CYPHER_CHECKER_H

#include "stores/graph/cypher/check.h"
#include "stores/graph/cypher/types.h"

typedef struct Binding {
    Str name;
    size_t slot;
    Type type;
} Binding;

/* Whether count() and its like may stand here. */
typedef enum Aggregation { AGGREGATION_REFUSED, AGGREGATION_ALLOWED, AGGREGATION_WITHIN } Aggregation;

typedef struct Checker {
    Arena *arena;
    Binding *bindings; /* all names in scope; a later one hides an earlier one */
    size_t count;
    size_t capacity;
    size_t outer; /* so many come from outside a subquery, and stay */
    size_t bound; /* so many had a value before the clause */
    size_t ready; /* in a pattern's properties: those from `bound` up to here have no value yet */
    size_t slots;
    Aggregation aggregation;
    bool constant; /* SKIP and LIMIT: no variables */
    Str *parameters;
    size_t parameter_count;
    size_t parameter_capacity;
} Checker;

size_t checker_new_slot(Checker *checker);
Binding *checker_find(Checker *checker, Str name); /* NULL when it isn't in scope */
/* Declares a name, which gets a slot. */
void checker_declare(Checker *checker, CypherName *name, Type type);
void checker_use_parameter(Checker *checker, Str name);

Err check_query(Checker *checker, CypherQuery *query, bool subquery);
Err check_match(Checker *checker, CypherMatch *match);
Err check_projection(Checker *checker, CypherProjection *projection, CypherPlace place, bool with);
/* Whether items that aggregate depend on nothing but grouping keys besides. */
Err check_grouping(const CypherProjection *projection);

Err check_expression(Checker *checker, CypherExpression *expression, Type *type);
/* An expression that must be a boolean; a pattern may be one. */
Err check_predicate(Checker *checker, CypherExpression *expression, const char *what);
/* The same, where aggregations are refused. */
Err check_where(Checker *checker, CypherExpression *where);
Err check_call(Checker *checker, CypherExpression *expression, Type *type);

/* A pattern in an expression: all its names are known. */
Err check_pattern(Checker *checker, CypherPath *path);
/* [(a)-->(b) | …]: its new names are known until checker->count is set back. */
Err check_matching(Checker *checker, CypherPath *path);

#endif
