#include "stores/queue/line.h"

#include <assert.h>

void line_add(Line *line, JobRun *run)
{
    if (line->count == 0)
        line->end = &line->first;
    run->next = NULL;
    *line->end = run;
    line->end = &run->next;
    line->count++;
}

JobRun *line_take(Line *line)
{
    JobRun *run = line->first;

    if (run != NULL)
        line_remove(line, run);
    return run;
}

void line_remove(Line *line, JobRun *run)
{
    JobRun **at = &line->first;

    while (*at != run) {
        assert(*at != NULL);
        at = &(*at)->next;
    }
    *at = run->next;
    if (run->next == NULL)
        line->end = at;
    run->next = NULL;
    line->count--;
}

void line_move(Line *from, Line *to)
{
    JobRun *run;

    while ((run = line_take(from)) != NULL)
        line_add(to, run);
}
