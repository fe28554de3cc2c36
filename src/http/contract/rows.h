/* An answer made of rows, as many as there are (x-rows): as CSV (RFC 4180, a line of names first) or as a line of JSON each. In CSV a text
 * that a spreadsheet would take for a formula has ' before it (OWASP, CSV Injection); JSON has every text as it is. */
#ifndef NERDX_HTTP_CONTRACT_ROWS_H
#define NERDX_HTTP_CONTRACT_ROWS_H

#include "http/contract/shape.h"

typedef enum RowsForm { ROWS_CSV, ROWS_NDJSON } RowsForm;

/* Some rows of an answer, on their way out. */
typedef struct Rows Rows;
struct Rows {
    RowsForm form;
    Buf out; /* its arena is for what making them takes; it begins anew with the next ones */
};

/* "text/csv; charset=utf-8; header=present". */
const char *rows_content_type(RowsForm form);

/* The line of names, where the form has one. shape: of a row, an object of single values. */
void rows_begin(Rows *rows, const Shape *shape);

/* Errors: INTERNAL when the row breaks the contract. */
Err rows_put(Rows *rows, const Shape *shape, const void *row);

#endif
