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
    size_t made_names; /* for variables that the query doesn't have */
    Err failure;       /* the first; printing goes on */
} Printer;

void printer_fail(Printer *printer, Err failure);
bool printer_hides(const Printer *printer, Str name);

void print_name(Printer *printer, Str name, CypherPlace place);
void print_text(Printer *printer, Str text);
void print_labels(Printer *printer, const Str *labels, size_t count, CypherPlace place);

void print_expression(Printer *printer, const CypherExpression *expression);
/* With brackets where it binds less strongly than `level`. */
void print_operand(Printer *printer, const CypherExpression *expression, int level);
/* What must be said otherwise where labels and properties are hidden; false when it is printed as it is. */
bool print_hidden(Printer *printer, const CypherExpression *expression);

void print_path(Printer *printer, const CypherPath *path);
void print_query(Printer *printer, const CypherQuery *query);

#endif
