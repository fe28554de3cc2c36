/* A tool of an agent: an operation of the contract (ToolSchema, made by tools/apigen) under the name that the agent knows it by,
 * with what isn't the agent's to choose. */
#ifndef NERDX_SERVICES_AGENTS_TOOLS_TOOL_H
#define NERDX_SERVICES_AGENTS_TOOLS_TOOL_H

#include "http/contract/binding.h"

typedef struct Tool {
    Str name;
    Str description;
    const ToolSchema *schema;
    const void *client; /* of the service that has the operation */
    const json_t *with; /* what content fills in: {agent: joon}; or NULL */
    bool hands_off;     /* its result is a Handoff, and ends the turn */
} Tool;

/* Where operations come from: the tools of one contract file, and how to reach its service. */
typedef struct ToolSource {
    const ToolSchema *tools;
    size_t count;
    const void *client;
} ToolSource;

enum { TOOL_SOURCES = 3 };

typedef struct ToolSources {
    ToolSource items[TOOL_SOURCES];
} ToolSources;

/* What a turn fills in, by the names of the contract's parameters (x-given). */
typedef struct ToolGiven {
    Str from; /* the agent */
    Str user_id;
    Str session_id;
    Str turn_id;
    Str message;
    Str language;
    Str approval_id; /* a key for what must be done once; absent when nothing was approved */
} ToolGiven;

/* row: {name, operation, description?, with?}. Errors: INVALID for an operation that isn't a tool, or wants something given that
 * neither the row nor a turn has. */
Err tool_read(const ToolSources *sources, const json_t *row, Tool *out);

/* What is given to this tool, as an object; the caller's. */
json_t *tool_given(const Tool *tool, const ToolGiven *given);

#endif
