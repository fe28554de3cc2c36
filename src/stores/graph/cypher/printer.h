/* What the files of the printer share: the text so far. */
#ifndef NERDX_STORES_GRAPH_CYPHER_PRINTER_H
#define NERDX_STORES_GRAPH_CYPHER_PRINTER_H

#include "base/buf.h"
#include "stores/graph/cypher/print.h"

typedef struct Printer {
    Buf out;
    CypherPrintOptions options;
    Str *texts;
    size_t text_count;
    size_t text_capacity;
    Str made_prefix; /* of variables for what has no name in the query; none of its own begins with it */
    Err failure;     /* the first; printing goes on */
} Printer;

void printer_fail(Printer *printer, Err failure);
bool printer_hides(const Printer *printer, Str name);
char printer_and(const Printer *printer); /* what stands between two labels */

void print_name(Printer *printer, Str name, CypherPlace place);
void print_text(Printer *printer, Str text);
void print_labels(Printer *printer, const Str *labels, size_t count, CypherPlace place);

void print_expression(Printer *printer, const CypherExpression *expression);
/* With brackets where it binds less strongly than `level`. */
void print_operand(Printer *printer, const CypherExpression *expression, int level);
/* What must be said otherwise where labels and properties are hidden; false when it is printed as it is. */
bool print_hidden(Printer *printer, const CypherExpression *expression);

/* The name of an element, made up when it has none and print_guards needs one. */
void print_element(Printer *printer, const CypherName *name, bool needed);
void print_path(Printer *printer, const CypherPath *path);
/* Patterns and WHERE, from the first pattern on, with what keeps hidden things out of them. */
void print_found(Printer *printer, const CypherPath *paths, size_t count, const CypherExpression *where);
/* Whether a relationship needs a condition behind WHERE, and with it a name; and whether one of the pattern does. */
bool printer_guards(const Printer *printer, const CypherRelationshipPattern *relationship);
bool printer_guards_path(const Printer *printer, const CypherPath *path);
/* The labels of a node and those it may not have; the types of a relationship but those that can't be seen. */
void print_node_labels(Printer *printer, const CypherNodePattern *node);
void print_types(Printer *printer, const CypherRelationshipPattern *relationship);
/* Refuses a property that the store can't give. */
void printer_check_key(Printer *printer, Str key, CypherPlace place);
void print_query(Printer *printer, const CypherQuery *query);

#endif
