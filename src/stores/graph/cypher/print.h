/* A checked query as text again: canonical Cypher for Neo4j 5. Names are quoted, columns named, brackets stand where
 * they are needed; parameters stay parameters. Parsing the text gives the same tree again.
 * Nothing the query's author wrote can become anything but a name, a number or a text in it. */
#ifndef NERDX_STORES_GRAPH_CYPHER_PRINT_H
#define NERDX_STORES_GRAPH_CYPHER_PRINT_H

#include "base/err.h"
#include "stores/graph/cypher/ast.h"
#include "stores/graph/graph.h"

/* All zero: the query as it is. */
typedef struct CypherPrintOptions {
    /* A label that all nodes have which a query may see: put into patterns of nodes that name no other. */
    Str node_label;
    /* Labels and properties of nodes and relationships that begin with this aren't shown, as if they weren't there. */
    Str hidden_prefix;
    /* Texts become parameters with this prefix and a number, so that none of them is read as Cypher. The query has no
     * parameters with this prefix. */
    Str text_prefix;
    Str labels_property; /* of nodes: has their labels in order where labels() wouldn't; absent = none */
    GraphSight sight;    /* what isn't there for the query; only with a hidden prefix */
    /* Properties that the store can't give as they are: a query that may ask for one is refused. */
    const Str *odd;
    size_t odd_count;
} CypherPrintOptions;

typedef struct CypherPrinted {
    Str text;
    const Str *texts; /* the values of the parameters <text_prefix>0, <text_prefix>1 … */
    size_t text_count;
} CypherPrinted;

/* Errors: INVALID with line and column for what the options make impossible: properties() of what may be a node, hidden
 * or odd names in patterns, odd properties, names with a backslash, parameters with the prefix. */
Err cypher_print(Arena *arena, const CypherQuery *query, CypherPrintOptions options, CypherPrinted *out);

#endif
