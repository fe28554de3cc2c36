/* A Markdown file cut into its front matter and its sections. */
#ifndef NERDX_SERVICES_WORLD_FRONT_MATTER_H
#define NERDX_SERVICES_WORLD_FRONT_MATTER_H

#include "base/err.h"
#include "base/json.h"

typedef struct FrontMatter {
    Str yaml; /* between the lines of --- */
    Str body; /* behind them */
} FrontMatter;

/* Errors: INVALID when the file doesn't begin with --- or there is no second one. */
Err front_matter_split(Str file, FrontMatter *out);

/* The text under "## <name>", without blanks at its ends; absent when there is no such section. */
Str markdown_section(Str body, Str name);

/* The line of the file where a key of the front matter stands, or 1. */
size_t front_matter_line(Str file, const char *key);

#endif
