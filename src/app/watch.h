/* What operators see of the whole process, whichever command it runs: what it is, the metrics that the specification names
 * for services that aren't built yet, its traces, and where its log goes. */
#ifndef NERDX_APP_WATCH_H
#define NERDX_APP_WATCH_H

#include "base/options.h"
#include "http/otlp.h"
#include "http/server.h"

typedef struct AppWatch {
    Metrics *process;
    Metrics *promised;
    Otlp *traces; /* NULL: nothing is traced */
    char *role;
} AppWatch;

/* command: which one this is, for who reads traces. Errors: INVALID. */
Err watch_begin(AppWatch *watch, const Options *options, const char *command);
void watch_end(AppWatch *watch); /* accepts a zeroed one */
#define AUTO_WATCH __attribute__((cleanup(watch_end)))

/* What is said to people when it runs: a text on stdout, or a line of the log where that has it. */
void watch_say(const Options *options, const char *message, const char *text);

#endif
