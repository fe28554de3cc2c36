/* Configuration: one const table of options, values from defaults < file < environment < flags.
 *
 *     enum { OPTION_DATA, OPTION_LISTEN, OPTION_WORKERS, ... };
 *     static const Option ROWS[] = {
 *         [OPTION_WORKERS] = {"workers", OPTION_KIND_INT, "64", "threads for work that waits", .max = 1024},
 *         ...
 *     };
 *     Options *options = options_create((OptionTable){ROWS, COUNT, "NERDX_"});
 *     options_read_flags(options, argc - 2, argv + 2);
 *     options_read_environment(options, environ);
 *     options_read_file(options, "nerdx.conf", false);
 *     options_resolve(options);           from here on problems are counted and values can be asked for
 *
 * An option "worker_threads" is `worker_threads = 8` in a file ('#' begins a comment line),
 * NERDX_WORKER_THREADS=8 in the environment, --worker-threads 8 or --worker-threads=8 as a flag (--verbose
 * and --no-verbose for a bool). A secret is masked in print, never taken from a flag, and can come from a
 * file: `openai_key_file = PATH`, NERDX_OPENAI_KEY_FILE, --openai-key-file. All problems are collected;
 * nothing dies on the first. */
#ifndef NERDX_BASE_OPTIONS_H
#define NERDX_BASE_OPTIONS_H

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"

typedef enum OptionKind {
    OPTION_KIND_TEXT,
    OPTION_KIND_INT,
    OPTION_KIND_BOOL,     /* true/false, yes/no, on/off, 1/0 */
    OPTION_KIND_BYTES,    /* 512, 64k, 10M, 2G (powers of 1024): options_int gives bytes */
    OPTION_KIND_DURATION, /* 500us, 250ms, 10s, 5m, 2h, 1d: options_int gives microseconds */
    OPTION_KIND_PATH,
    OPTION_KIND_SECRET,
    OPTION_KIND_COUNT
} OptionKind;

typedef struct Option {
    const char *name;
    OptionKind kind;
    const char *fallback; /* as it would be written, {data} standing for what `data` says; NULL = none */
    const char *help;     /* one line: what it is for */
    const char *example;  /* what a value looks like, for help: "HOST:PORT"; NULL = by its kind */
    int64_t min;          /* for numbers, both included, in bytes or microseconds; min == max == 0: any */
    int64_t max;
    Err (*check)(Str value); /* further demands on the text; NULL = none */
} Option;

typedef struct OptionTable {
    const Option *items;
    size_t count;
    const char *prefix; /* of environment names: "NERDX_" */
} OptionTable;

typedef enum OptionSource { FROM_NOWHERE, FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_FLAG } OptionSource;

/* Something wrong with what was said, and what would be right. A name in the environment that is like no
 * option's is only a warning: others put names there too (Kubernetes: NERDX_SERVICE_HOST). */
typedef struct OptionProblem {
    bool is_warning;
    OptionSource source;
    Str where;   /* "nerdx.conf:12", "NERDX_LISTEN", "--listen" */
    Str message; /* "workers: 0 is outside 1..1024" */
} OptionProblem;

typedef struct OptionProblems {
    const OptionProblem *items;
    size_t count;
    size_t errors; /* those that aren't warnings */
} OptionProblems;

typedef struct Options Options;

Options *options_create(OptionTable table);
void options_destroy(Options *options); /* accepts NULL; wipes secrets */
OptionTable options_table(const Options *options);

/* Read in any order: a stronger source always wins. */
void options_read_flags(Options *options, int count, char *const *arguments);
void options_read_environment(Options *options, char *const *environment);
void options_read_file(Options *options, const char *path, bool must_exist);

/* What a single option says so far, before options_resolve; for finding the file to read. */
Str options_peek(const Options *options, size_t option);

/* Fills in defaults, reads secret files, checks every value. Call once, after reading. */
void options_resolve(Options *options);
OptionProblems options_problems(const Options *options);

/* The value, after options_resolve. Options are named by their index in the table. */
Str options_text(const Options *options, size_t option); /* also path and secret; absent when there is none */
const char *options_chars(const Options *options, size_t option); /* the same as a C string, or NULL */
int64_t options_int(const Options *options, size_t option);       /* also bytes, and microseconds */
bool options_bool(const Options *options, size_t option);
OptionSource options_source(const Options *options, size_t option);
/* "default", "nerdx.conf:12", "NERDX_LISTEN", "--listen"; absent when there is no value. */
Str options_where(const Options *options, size_t option);

/* Arguments that were not flags, in order ("nerdx query TEXT"); "--" ends the flags. */
const char *const *options_arguments(const Options *options, size_t *count);

/* Tables for people: name, value (secrets masked), where it came from; and flag, default, help. */
void options_print_values(const Options *options, FILE *out);
void options_print_help(OptionTable table, FILE *out);

#endif
