/* Maeju's words: what she listens for and what she may say, read once from content/agents/maeju and never changed
 * after that. Every other file here asks this one; none holds a word of its own. */
#ifndef NERDX_SERVICES_AGENTS_VOICE_H
#define NERDX_SERVICES_AGENTS_VOICE_H

#include "api/agents.h"
#include "base/asset.h"
#include "base/template.h"
#include "services/agents/guards/guards.h"
#include "services/agents/phrases.h"

/* What a visitor may mean besides a question; the order is that of trying. */
typedef enum Intent {
    INTENT_QUESTION,
    INTENT_PURCHASE,
    INTENT_THANKS,
    INTENT_FAREWELL,
    INTENT_GREETING,
    INTENT_IDENTITY,
    INTENT_ASSENT,
    INTENT_COUNT
} Intent;

/* A kind of fact that questions are after. A relationship ends in '>' or '<': its direction, seen from the entity
 * that is asked about. */
typedef struct Ask {
    Listener *listener;
    Texts properties;
    Texts relationships;
} Ask;

enum { ASKS_MAX = 32 };

typedef struct Voice Voice;

/* content: persona.yaml, intents.yaml, asks.yaml, what guards_create reads,, words.ko.yaml, words.en.yaml below "maeju/".
 * Errors: INVALID naming the file and what is wrong in it. */
Err voice_create(AssetTable content, Voice **out);
void voice_destroy(Voice *voice); /* accepts NULL */

Str voice_character(const Voice *voice);  /* id of the entity that speaks */
Texts voice_suggests(const Voice *voice); /* relationships to what she offers when nothing was found */
Texts voice_abbreviations(const Voice *voice, Tongue tongue);
Texts voice_stop_words(const Voice *voice, Tongue tongue);

/* The guards that were read with it. */
const Guards *voice_guards(const Voice *voice);

/* What a folded message means, as far as the guards let it pass. */
Intent voice_intent(const Voice *voice, Str folded);
bool voice_points_back(const Voice *voice, Str folded); /* "it", "그건" */
bool voice_wants_more(const Voice *voice, Str folded);

/* Bit i is set when ask i of the table fits. */
uint32_t voice_asks(const Voice *voice, Str folded);
bool voice_asks_property(const Voice *voice, uint32_t asks, Str property);
bool voice_asks_relationship(const Voice *voice, uint32_t asks, Str directed);

/* Whether it is after a property and nothing that a relationship could answer. */
bool voice_asks_only_properties(const Voice *voice, uint32_t asks);

/* guards_forbid of those guards. */
bool voice_forbids(const Voice *voice, Arena *arena, Str sentence);

/* One of the phrases under a key, a different one for each turn. */
Str voice_phrase(const Voice *voice, Tongue tongue, const char *key, size_t turn);
/* The template under "properties" or "relationships"; absent when content has none. */
Str voice_template(const Voice *voice, Tongue tongue, const char *group, Str key);

/* "a, b and c" */
Str voice_list(const Voice *voice, Tongue tongue, Arena *arena, Texts items);

#endif
