/* What options.c keeps and options_read.c fills from flags, environment and files; for these two only. */
#ifndef NERDX_BASE_OPTIONS_INSIDE_H
#define NERDX_BASE_OPTIONS_INSIDE_H

#include "base/options.h"

/* What was said about an option by its strongest source so far. */
typedef struct OptionValue {
    OptionSource source;
    Str where;
    Str text;
    bool is_path_of_secret; /* NAME_FILE: text is where the value is to be read from */
    int64_t number;
} OptionValue;

struct Options {
    Arena arena;
    OptionTable table;
    OptionValue *values;
    const char **names; /* for near misses */
    OptionProblem *problems;
    size_t problem_count;
    size_t error_count;
    const char **arguments;
    size_t argument_count;
    bool resolved;
};

/* Which option a name means: `workers`, or for secrets also `api_key_file`. */
typedef struct OptionMeant {
    bool known;
    bool is_path_of_secret;
    size_t option;
} OptionMeant;

OptionMeant options_find(const Options *options, Str name);

void options_add_problem(Options *options, OptionProblem problem);
__attribute__((format(printf, 4, 5))) void options_note(Options *options, OptionSource source, Str where,
                                                        const char *format, ...);

#endif
