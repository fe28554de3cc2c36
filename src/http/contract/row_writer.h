/* An answer made of rows, as many as there are (x-rows): as CSV (RFC 4180, a line of names first) or as a line of JSON each. In CSV a text
 * that a spreadsheet would take for a formula has ' before it (OWASP, CSV Injection); JSON has every text as it is. */
#ifndef NERDX_HTTP_CONTRACT_ROW_WRITER_H
#define NERDX_HTTP_CONTRACT_ROW_WRITER_H

#include "http/contract/shape.h"

typedef enum RowForm { ROWS_CSV, ROWS_NDJSON } RowForm;

/* Takes some rows of an answer, one after the other. */
typedef struct RowWriter RowWriter;
struct RowWriter {
    RowForm form;
    Buf out; /* its arena is for what making them takes; it begins anew with the next ones */
};

/* "text/csv; charset=utf-8; header=present". */
const char *row_form_content_type(RowForm form);

/* The line of names, where the form has one. shape: of a row, an object of single values. */
void row_writer_begin(RowWriter *rows, const Shape *shape);

/* Errors: INTERNAL when the row breaks the contract. */
Err row_writer_put(RowWriter *rows, const Shape *shape, const void *row);

#endif
