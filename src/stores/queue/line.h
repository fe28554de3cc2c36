/* Runs in a row, first in first out. A run is in one line at a time. */
#ifndef NERDX_STORES_QUEUE_LINE_H
#define NERDX_STORES_QUEUE_LINE_H

#include "stores/queue/run.h"

typedef struct Line {
    JobRun *first;
    JobRun **end; /* where the next goes; NULL: nothing was ever added */
    size_t count;
} Line;

void line_add(Line *line, JobRun *run);
JobRun *line_take(Line *line); /* NULL when there is none */
void line_remove(Line *line, JobRun *run);
void line_move(Line *from, Line *to); /* all of them, behind what is there */

#endif
