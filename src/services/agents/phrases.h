/* Words to listen for: regular expressions of content, compiled once. In English a space is any white space and
 * a pattern stands on word boundaries; in Korean a space may be missing. What `unless` matches is taken away
 * before `says` looks, so "in order to" is no order. */
#ifndef NERDX_SERVICES_AGENTS_PHRASES_H
#define NERDX_SERVICES_AGENTS_PHRASES_H

#include "base/err.h"
#include "base/json.h"
#include "services/agents/text.h"

typedef struct Listener Listener;

/* rules: {en: {says: [..], unless: [..]}, ko: {..}}; either language may be missing. `name` is for messages.
 * Errors: INVALID naming the pattern that doesn't compile. */
Err listener_create(const json_t *rules, const char *name, Listener **out);
void listener_destroy(Listener *listener); /* accepts NULL */

/* Whether a folded text (text_fold) says it, in either language. */
bool listener_hears(const Listener *listener, Str folded);

/* What a pattern caught in a text, by the names of its groups; absent when it has none. */
typedef struct Catch {
    Str it;
    Str who;
    Str all;  /* what was caught */
    Str rest; /* the text without it */
    Str lead; /* what stands before it */
    Str tail; /* and behind it */
} Catch;

bool listener_catches(const Listener *listener, Arena *arena, Str folded, Catch *out);

/* The text with an ellipsis in place of everything that it says. */
Str listener_hide(const Listener *listener, Arena *arena, Str text);

/* The same, asked of one language only: what a sentence of ours says. */
bool listener_hears_in(const Listener *listener, Tongue tongue, Str folded);

/* The same for what protects people: a text too costly to be sure about counts as having said it. */
bool listener_touched(const Listener *listener, Str folded);

#endif
