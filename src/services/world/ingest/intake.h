/* Where the readers' facts go: checked, collected into batches, written by a thread of its own while the next batch is
 * filled, two of them at most, so that memory stays flat. What can't be taken goes to the rejects, and what refers to
 * an entity that isn't there yet waits in a spool until everything else is written.
 *
 *     intake_begin(intake, origin);  read …  intake_end(intake);      for each file
 *     intake_finish(intake, &report);                                  the spool, and the report
 */
#ifndef NERDX_SERVICES_WORLD_INGEST_INTAKE_H
#define NERDX_SERVICES_WORLD_INGEST_INTAKE_H

#include "services/world/ingest/check.h"
#include "services/world/ingest/ingest.h"
#include "services/world/ingest/rejects.h"

enum {
    INTAKE_MAX_BATCH = 32 * 1024 * 1024, /* bytes of texts in it */
    INTAKE_MAX_LINE = 1024 * 1024,       /* bytes of a line or record */
};

typedef struct Intake Intake;

/* bytes: of all the files together, for the progress. The rejects are borrowed, and not closed. */
Intake *intake_create(World *world, const IngestConfig *config, Rejects *rejects, int64_t bytes);
void intake_destroy(Intake *intake); /* accepts NULL */

/* moment_us: when the file was written; what visitors did, with no time given, is taken to have happened then, however
 * often the file is read. */
void intake_begin(Intake *intake, Str origin, int64_t moment_us);

/* What entities are called, for finding their names in prose. */
const Catalogue *intake_catalogue(const Intake *intake);
const Schema *intake_schema(const Intake *intake);
int64_t intake_now_us(const Intake *intake);
Str intake_origin(const Intake *intake); /* of the file that is being read */

/* The arena that the next fact's texts belong to. */
Arena *intake_arena(Intake *intake);

/* Takes the fact that stands in this line; an error that it deserves is written to the rejects and not returned.
 * Errors: those of the graph, after which nothing more is taken. */
Err intake_take(Intake *intake, int64_t line, Fact *fact);

/* Says that a line can't be read as a fact. text: the line, or what there is of it. */
void intake_reject(Intake *intake, int64_t line, const Err *why, Str text);

/* bytes: of this file, behind us. */
void intake_progress(Intake *intake, int64_t bytes);

Err intake_end(Intake *intake);
bool intake_has_waiting(const Intake *intake);
Err intake_finish(Intake *intake, IngestReport *report);

#endif
