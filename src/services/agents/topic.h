/* What a message is about, found among what the world found for it. */
#ifndef NERDX_SERVICES_AGENTS_TOPIC_H
#define NERDX_SERVICES_AGENTS_TOPIC_H

#include "services/agents/turn.h"

enum { NAMED_MAX = 4 };

typedef struct Topic {
    const Fact *named[NAMED_MAX]; /* by a whole name or alias, in the order of the message */
    Str named_as[NAMED_MAX];      /* the words that name it */
    size_t named_count;
    const Fact *found; /* the best of what was found; NULL when nothing was */
    bool found_named;  /* the message names that, by a word of its name at least */
    const Fact *about; /* what the message is about: one of these; NULL when nothing was found */
} Topic;

Err topic_find(const Turn *turn, Topic *out);

/* Whether the message says nothing but a name: "what is eumbok?" */
bool topic_only_names(const Turn *turn, Str name);

/* Whether an entity is among what was found. */
bool topic_has(const Turn *turn, Str id);

#endif
