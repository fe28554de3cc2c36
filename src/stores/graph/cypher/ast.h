/* What a Cypher query says, as a tree that one arena owns. The parser makes it, the checker resolves its names, then
 * the engine runs it (engine/execute.h) or the printer writes it for Neo4j (print.h).
 * Names are resolved to slots: each variable a query declares, named or not, has one of its own, so that what is
 * shadowed or projected never meets. A row is an array of slot_count values.
 * An absent Str is an anonymous element; a NULL pointer is a part that wasn't written. */
#ifndef NERDX_STORES_GRAPH_CYPHER_AST_H
#define NERDX_STORES_GRAPH_CYPHER_AST_H

#include "base/str.h"

typedef struct CypherExpression CypherExpression;
typedef struct CypherQuery CypherQuery;

/* Where something begins in the text, from 1; columns count characters, not bytes. */
typedef struct CypherPlace {
    uint32_t line;
    uint32_t column;
} CypherPlace;

/* A variable where it is declared or repeated. */
typedef struct CypherName {
    CypherPlace place;
    Str text;    /* absent when anonymous */
    size_t slot; /* given to anonymous ones too */
    bool bound;  /* it had a value before the clause it stands in */
} CypherName;

/* ---- Patterns ---- */

enum { CYPHER_NO_LIMIT = -1 };

typedef struct CypherNodePattern {
    CypherPlace place;
    CypherName name;
    const Str *labels; /* all of them must be there */
    size_t label_count;
    CypherExpression *properties; /* a CYPHER_MAP; or NULL */
} CypherNodePattern;

/* As written: (a)-->(b) is RIGHT, (a)<--(b) is LEFT, (a)--(b) and (a)<-->(b) are EITHER. */
typedef enum CypherDirection { CYPHER_RIGHT, CYPHER_LEFT, CYPHER_EITHER } CypherDirection;

typedef struct CypherRelationshipPattern {
    CypherPlace place;
    CypherName name; /* of a list of relationships when var_length */
    CypherDirection direction;
    const Str *types; /* one of them; none = any */
    size_t type_count;
    CypherExpression *properties; /* a CYPHER_MAP; or NULL. When var_length: of each */
    bool var_length;              /* *, *2, *1..3, *..3, *2.. */
    int64_t min;                  /* 1 where nothing is written */
    int64_t max;                  /* or CYPHER_NO_LIMIT */
} CypherRelationshipPattern;

/* nodes[0] relationships[0] nodes[1] … : one node more than relationships. */
typedef struct CypherPath {
    CypherPlace place;
    CypherName name; /* p in p = (a)-->(b). Absent: has no slot */
    bool called;     /* in an expression: written as exists((a)-->(b)) */
    CypherNodePattern *nodes;
    CypherRelationshipPattern *relationships;
    size_t relationship_count;
} CypherPath;

/* ---- Functions ---- */

/* Those that the checker knows (functions.h has their names and numbers of arguments). */
typedef enum CypherFunction {
    /* aggregations */
    CYPHER_FN_COUNT, /* count(*) is CYPHER_COUNT_ALL */
    CYPHER_FN_COLLECT,
    CYPHER_FN_SUM,
    CYPHER_FN_AVG,
    CYPHER_FN_MIN,
    CYPHER_FN_MAX,
    CYPHER_FN_PERCENTILE_CONT,
    CYPHER_FN_PERCENTILE_DISC,
    CYPHER_FN_ST_DEV,
    CYPHER_FN_ST_DEV_P,
    /* numbers */
    CYPHER_FN_ABS,
    CYPHER_FN_CEIL,
    CYPHER_FN_FLOOR,
    CYPHER_FN_ROUND,
    CYPHER_FN_SIGN,
    CYPHER_FN_SQRT,
    CYPHER_FN_EXP,
    CYPHER_FN_LOG,
    CYPHER_FN_LOG10,
    CYPHER_FN_E,
    CYPHER_FN_PI,
    CYPHER_FN_SIN,
    CYPHER_FN_COS,
    CYPHER_FN_TAN,
    CYPHER_FN_ASIN,
    CYPHER_FN_ACOS,
    CYPHER_FN_ATAN,
    CYPHER_FN_RAND,
    /* conversions */
    CYPHER_FN_TO_INTEGER,
    CYPHER_FN_TO_FLOAT,
    CYPHER_FN_TO_BOOLEAN,
    CYPHER_FN_TO_STRING,
    /* text */
    CYPHER_FN_TO_UPPER,
    CYPHER_FN_TO_LOWER,
    CYPHER_FN_TRIM,
    CYPHER_FN_LTRIM,
    CYPHER_FN_RTRIM,
    CYPHER_FN_REPLACE,
    CYPHER_FN_SUBSTRING,
    CYPHER_FN_LEFT,
    CYPHER_FN_RIGHT,
    CYPHER_FN_SPLIT,
    /* lists, maps */
    CYPHER_FN_SIZE,
    CYPHER_FN_HEAD,
    CYPHER_FN_LAST,
    CYPHER_FN_TAIL,
    CYPHER_FN_REVERSE, /* of text too */
    CYPHER_FN_RANGE,
    CYPHER_FN_COALESCE,
    CYPHER_FN_KEYS,
    CYPHER_FN_PROPERTIES,
    CYPHER_FN_EXISTS, /* never: exists(n.key) becomes n.key IS NOT NULL, exists((a)-->(b)) a CYPHER_PATTERN */
    /* the graph */
    CYPHER_FN_LABELS,
    CYPHER_FN_TYPE,
    CYPHER_FN_NODES,
    CYPHER_FN_RELATIONSHIPS,
    CYPHER_FN_LENGTH,
    CYPHER_FN_START_NODE,
    CYPHER_FN_END_NODE,
    CYPHER_FUNCTION_COUNT
} CypherFunction;

/* ---- Expressions ---- */

typedef enum CypherExpressionKind {
    CYPHER_NULL,
    CYPHER_BOOLEAN,               /* boolean */
    CYPHER_INTEGER,               /* integer */
    CYPHER_FLOAT,                 /* number */
    CYPHER_STRING,                /* text: the escapes are undone */
    CYPHER_LIST,                  /* list */
    CYPHER_MAP,                   /* map */
    CYPHER_PARAMETER,             /* text: the name without $ */
    CYPHER_VARIABLE,              /* name */
    CYPHER_PROPERTY,              /* property: of.key */
    CYPHER_INDEX,                 /* index: of[at] */
    CYPHER_SLICE,                 /* slice: of[from..to] */
    CYPHER_HAS_LABELS,            /* has_labels: of:A:B; of a relationship, whether it has the type */
    CYPHER_UNARY,                 /* unary */
    CYPHER_BINARY,                /* binary: all operators but comparisons */
    CYPHER_COMPARISON,            /* comparison: a < b <= c is a < b AND b <= c, each evaluated once */
    CYPHER_CASE,                  /* choice */
    CYPHER_CALL,                  /* call */
    CYPHER_COUNT_ALL,             /* count(*): an aggregation */
    CYPHER_LIST_COMPREHENSION,    /* comprehension: [x IN list WHERE … | …] */
    CYPHER_QUANTIFIER,            /* quantifier: any(x IN list WHERE …) */
    CYPHER_REDUCE,                /* reduce: reduce(sum = 0, x IN list | sum + x) */
    CYPHER_PATTERN,               /* pattern: true when it is found; its named variables are bound outside */
    CYPHER_PATTERN_COMPREHENSION, /* matching: [p = (a)-->(b) WHERE … | …] */
    CYPHER_EXISTS_SUBQUERY        /* subquery: EXISTS { … }; it may lack a RETURN */
} CypherExpressionKind;

typedef enum CypherUnary {
    CYPHER_MINUS,
    CYPHER_PLUS,
    CYPHER_NOT,
    CYPHER_IS_NULL,
    CYPHER_IS_NOT_NULL
} CypherUnary;

typedef enum CypherBinary {
    CYPHER_OR,
    CYPHER_XOR,
    CYPHER_AND,
    CYPHER_ADD,
    CYPHER_SUBTRACT,
    CYPHER_MULTIPLY,
    CYPHER_DIVIDE,
    CYPHER_MODULO,
    CYPHER_POWER,
    CYPHER_IN,
    CYPHER_CONTAINS,
    CYPHER_STARTS_WITH,
    CYPHER_ENDS_WITH
} CypherBinary;

typedef enum CypherComparison {
    CYPHER_EQUAL,
    CYPHER_UNEQUAL,
    CYPHER_LESS,
    CYPHER_LESS_EQUAL,
    CYPHER_GREATER,
    CYPHER_GREATER_EQUAL
} CypherComparison;

typedef enum CypherQuantifier { CYPHER_ALL, CYPHER_ANY, CYPHER_NONE, CYPHER_SINGLE } CypherQuantifier;

typedef struct CypherList {
    CypherExpression **items;
    size_t count;
} CypherList;

/* A key said twice keeps its last value. */
typedef struct CypherMap {
    const Str *keys;
    CypherExpression **values;
    size_t count;
} CypherMap;

typedef struct CypherComparisonChain {
    CypherExpression **operands;       /* count + 1 */
    const CypherComparison *operators; /* count */
    size_t count;
} CypherComparisonChain;

typedef struct CypherCase {
    CypherExpression *subject; /* NULL: the conditions are predicates; otherwise values it is compared with */
    CypherExpression **conditions;
    CypherExpression **results;
    size_t count;
    CypherExpression *otherwise; /* or NULL */
} CypherCase;

typedef struct CypherCall {
    Str name; /* as written */
    CypherFunction function;
    bool distinct; /* of aggregations only */
    bool entity;   /* the first argument may be a node or relationship */
    CypherExpression **arguments;
    size_t argument_count;
} CypherCall;

struct CypherExpression {
    CypherExpressionKind kind;
    CypherPlace place;
    bool aggregates; /* it is, or has within, an aggregation */
    uint16_t height; /* of the tree, at most CYPHER_MAX_HEIGHT */
    union {
        bool boolean;
        int64_t integer;
        double number;
        Str text;
        CypherList list;
        CypherMap map;
        CypherName name;
        struct {
            CypherExpression *of;
            Str key;
            bool entity; /* it may be of a node or relationship */
        } property;
        struct {
            CypherExpression *of;
            CypherExpression *at;
            bool entity; /* it may be a property of a node or relationship */
        } index;
        struct {
            CypherExpression *of;
            CypherExpression *from; /* or NULL */
            CypherExpression *to;   /* or NULL */
        } slice;
        struct {
            CypherExpression *of;
            const Str *labels;
            size_t label_count;
        } has_labels;
        struct {
            CypherUnary operator;
            CypherExpression *operand;
        } unary;
        struct {
            CypherBinary operator;
            CypherExpression *left;
            CypherExpression *right;
        } binary;
        CypherComparisonChain comparison;
        CypherCase choice;
        CypherCall call;
        struct {
            CypherName name;
            CypherExpression *list;
            CypherExpression *where;      /* or NULL */
            CypherExpression *projection; /* NULL: the item itself */
        } comprehension;
        struct {
            CypherQuantifier quantifier;
            CypherName name;
            CypherExpression *list;
            CypherExpression *where;
        } quantifier;
        struct {
            CypherName accumulator;
            CypherExpression *initial;
            CypherName name;
            CypherExpression *list;
            CypherExpression *step;
        } reduce;
        CypherPath *pattern;
        struct {
            CypherPath *path;
            CypherExpression *where; /* or NULL */
            CypherExpression *projection;
        } matching;
        CypherQuery *subquery;
    };
};

/* ---- Clauses ---- */

typedef struct CypherMatch {
    bool optional;
    CypherPath *paths; /* no relationship twice in all of them */
    size_t path_count;
    CypherExpression *where; /* or NULL */
} CypherMatch;

typedef struct CypherUnwind {
    CypherExpression *list;
    CypherName name;
} CypherUnwind;

/* One column: name is the alias, or the text of the expression as written. */
typedef struct CypherItem {
    CypherExpression *expression;
    CypherName name;
    bool named; /* by AS */
} CypherItem;

typedef struct CypherSort {
    CypherExpression *expression;
    bool descending;
} CypherSort;

/* WITH and RETURN. The items read the slots before, and set slots of their own. Those without an aggregation are the
 * grouping key when `aggregates`; what an item with an aggregation has besides depends on the grouping key only, so
 * that any row of the group gives it. A `*` is expanded into the items it stands for (named variables, by name).
 * ORDER BY and WHERE are evaluated after the items. They may read slots of the row before too, unless distinct or
 * aggregates: then what they need is an item, and they refer to that item's slot. */
typedef struct CypherProjection {
    bool distinct;
    bool star; /* as written: the first star_count items are what it stands for */
    size_t star_count;
    bool aggregates;
    CypherItem *items;
    size_t item_count;
    CypherSort *order;
    size_t order_count;
    CypherExpression *skip;  /* constant; or NULL */
    CypherExpression *limit; /* constant; or NULL */
    CypherExpression *where; /* of WITH; or NULL */
} CypherProjection;

typedef enum CypherClauseKind {
    CYPHER_MATCH,
    CYPHER_UNWIND,
    CYPHER_WITH,
    CYPHER_RETURN,
    CYPHER_CREATE /* of the loader; never in a query that cypher_parse gave */
} CypherClauseKind;

typedef struct CypherClause {
    CypherClauseKind kind;
    CypherPlace place;
    union {
        CypherMatch match;
        CypherUnwind unwind;
        CypherProjection projection; /* WITH and RETURN */
        struct {
            CypherPath *paths;
            size_t path_count;
        } create;
    };
} CypherClause;

/* One part of a UNION. */
typedef struct CypherSingle {
    CypherClause *clauses; /* the last is RETURN */
    size_t clause_count;
    bool all; /* UNION ALL stands before this part; of the first: false */
} CypherSingle;

/* All parts have the same columns, in the order of the first. All but the first of a UNION are either ALL or not. */
struct CypherQuery {
    CypherSingle *parts;
    size_t part_count;
    size_t slot_count;     /* of all parts together, subqueries too */
    const Str *parameters; /* the names it uses, each once */
    size_t parameter_count;
};

#endif
