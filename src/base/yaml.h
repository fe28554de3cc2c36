/* The plain part of YAML 1.2 that content is written in, as JSON values. Plain scalars become numbers, true,
 * false and null by the core schema; quoted and block scalars stay text. Anchors, aliases, tags, several
 * documents, duplicate keys and keys that aren't scalars are refused; depth and size are bounded. */
#ifndef NERDX_BASE_YAML_H
#define NERDX_BASE_YAML_H

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

enum { YAML_MAX_DEPTH = 32, YAML_MAX_BYTES = 4 << 20 };

/* Errors: INVALID with the line; TOO_LARGE. An empty text is null. Release with json_decref / AUTO_JSON. */
Err yaml_read(Str text, json_t **out);

#endif
