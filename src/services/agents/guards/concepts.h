/* The language that rules are written in, made into regular expressions: {name} is any alternative of that concept,
 * " … " is a little text between two parts, " ~ " is the same in either order. Concepts may use concepts. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_CONCEPTS_H
#define NERDX_SERVICES_AGENTS_GUARDS_CONCEPTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "services/agents/guards/letters.h"
#include "services/agents/text.h"

typedef struct Lexicon {
    const json_t *concepts; /* {en: {drink: [..]}, ko: {..}} */
    const Letters *letters; /* patterns are written as texts are read */
} Lexicon;

/* rules: {en: {says: [..], unless: [..]}, ko: {..}}; *out is the same, expanded, for listener_create. loose: English too is
 * heard without spaces and inside longer words. Errors: INVALID naming the concept that is missing or goes in circles.
 * Release *out with json_decref. */
Err lexicon_expand(const Lexicon *lexicon, const json_t *rules, bool loose, const char *name, json_t **out);

#endif
