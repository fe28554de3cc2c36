/* How a file becomes facts: one reader a format, chosen by the file's ending. */
#ifndef NERDX_SERVICES_WORLD_INGEST_READER_H
#define NERDX_SERVICES_WORLD_INGEST_READER_H

#include "services/world/ingest/intake.h"

typedef struct FileReader {
    const char *ending; /* ".jsonl" */
    const char *what;   /* for messages: "interchange JSON Lines" */
    /* Gives every fact of the file to the intake, and says what it refuses. Errors: what stops the whole file. */
    Err (*read)(Intake *intake, const char *path);
} FileReader;

/* Errors: UNSUPPORTED lists what there is. */
Err reader_of(const char *path, const FileReader **out);

Err read_jsonl(Intake *intake, const char *path);
Err read_csv(Intake *intake, const char *path);
Err read_cypher(Intake *intake, const char *path);
Err read_markdown(Intake *intake, const char *path);

#endif
