/* A record of CSV cut into its cells: RFC 4180, section 2. */
#ifndef NERDX_SERVICES_WORLD_INGEST_CSV_ROW_H
#define NERDX_SERVICES_WORLD_INGEST_CSV_ROW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { CSV_MAX_COLUMNS = 256 };

typedef struct CsvRow {
    Str cells[CSV_MAX_COLUMNS]; /* slices of the record, or the arena's where there were quotes */
    size_t count;
} CsvRow;

/* Errors: INVALID. */
Err csv_split(Arena *arena, Str record, CsvRow *row);

#endif
