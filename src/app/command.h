/* A subcommand of the program: `nerdx <name> …`. main.c has the table; each has a file of its own.
 * A command gets the options, already read and without problems, prints results on stdout and says what is wrong
 * on stderr, and returns one of the exit codes below. */
#ifndef NERDX_APP_COMMAND_H
#define NERDX_APP_COMMAND_H

#include "base/err.h"
#include "base/options.h"

/* As in sysexits.h, so that service managers and scripts can tell what happened. */
typedef enum ExitCode {
    EXIT_DONE = 0,
    EXIT_FOUND_WRONG = 1,  /* `doctor` found something; the output says what */
    EXIT_USAGE_WRONG = 64, /* a command, a flag or a value that isn't known */
    EXIT_DATA_WRONG = 65,  /* the input breaks the contract */
    EXIT_NOT_THERE = 69,   /* what was asked for doesn't exist, or a server can't be reached */
    EXIT_FAULT = 70,       /* damaged data, or a fault of ours */
    EXIT_TRY_LATER = 75,   /* busy or full: another try makes sense */
    EXIT_NO_RIGHT = 77,    /* a file or port that isn't ours */
} ExitCode;

typedef struct Command {
    const char *name;
    const char *usage; /* what follows the name: "TEXT [--lang ko|en]" */
    const char *help;  /* one line */
    bool takes_text;   /* arguments that are no flags */
    ExitCode (*run)(const Options *options);
} Command;

ExitCode serve_run(const Options *options);
ExitCode agents_run(const Options *options);
ExitCode chat_run(const Options *options);
ExitCode query_run(const Options *options);
ExitCode recommend_run(const Options *options);
ExitCode cypher_run(const Options *options);
ExitCode ingest_run(const Options *options);
ExitCode review_run(const Options *options);
ExitCode graph_run(const Options *options);
ExitCode account_run(const Options *options);
ExitCode token_run(const Options *options);
ExitCode keys_run(const Options *options);
ExitCode migrate_run(const Options *options);
ExitCode worker_run(const Options *options);
ExitCode jobs_run(const Options *options);
ExitCode backup_run(const Options *options);
ExitCode restore_run(const Options *options);
ExitCode export_run(const Options *options);
ExitCode import_run(const Options *options);
ExitCode doctor_run(const Options *options);
ExitCode top_run(const Options *options);

/* What `query` does with --batch (batch.c). Errors: NOT_FOUND, UNAVAILABLE for the file; those of opening the world. */
Err query_batch(const Options *options, const char *path);

/* The row that --format names in a table whose rows begin with their names: the first when it names none, NULL when it is
 * none of these. size: of a row. */
const void *command_format(const Options *options, const void *rows, size_t count, size_t size);

/* Says on stderr what failed and why, and gives the exit code for it. */
ExitCode command_fail(const char *what, const Err *error);

#endif
