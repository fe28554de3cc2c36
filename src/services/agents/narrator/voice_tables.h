/* What voice.c reads from content and its two readers ask: voice_listen.c (what was meant) and voice_say.c (how it is
 * put). For these three only. */
#ifndef NERDX_SERVICES_AGENTS_VOICE_TABLES_H
#define NERDX_SERVICES_AGENTS_VOICE_TABLES_H

#include "services/agents/narrator/voice.h"

struct Voice {
    Arena arena; /* the lists */
    json_t *persona;
    json_t *intents;
    json_t *asks;
    json_t *words[TONGUE_COUNT];

    Str character;
    Texts suggests;
    Texts abbreviations[TONGUE_COUNT];
    Texts stop[TONGUE_COUNT];
    Listener *listeners[INTENT_COUNT];
    Listener *pronoun;
    Listener *more;
    Guards *guards;
    Ask ask[ASKS_MAX];
    size_t ask_count;
};

/* The text of a JSON string, without copying; absent for anything else. */
static inline Str voice_text(const json_t *value)
{
    return (Str){json_string_value(value), json_string_length(value)};
}

#endif
