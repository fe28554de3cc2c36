/* The words of grounding.yaml, ready for looking up. Made once, read from any thread. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_LEXICON_H
#define NERDX_SERVICES_AGENTS_GROUNDING_LEXICON_H

#include "base/err.h"
#include "base/json.h"
#include "base/keymap.h"
#include "services/agents/text.h"

enum { UNITS_MAX = 32 };

typedef struct UnitKind {
    bool loose; /* a few of them are a way of speaking */
    bool alone; /* a single Sino-Korean digit before it is a number */
} UnitKind;

typedef struct Lexicon {
    StrIdMap sino; /* words -> values */
    StrIdMap places;
    StrIdMap tens;
    StrIdMap ones;
    StrIdMap english;
    StrIdMap ordinals;
    StrIdMap vague;
    StrIdMap months;
    StrIdMap unit_words; /* -> row of units */
    UnitKind units[UNITS_MAX];
    size_t unit_count;
    StrIdMap native_only; /* words of units */
    StrIdMap tails;       /* -> 0: these are sets */
    StrIdMap name_tails;
    StrIdMap common;
    StrIdMap drink_unless;
    StrIdMap titles;
    StrIdMap surnames;
    StrIdMap people_unless;
    StrIdMap names; /* each form, folded, without spaces and hyphens -> row of groups */
    Texts *groups;  /* the forms of a name */
    size_t group_count;
    Texts drink_endings;
    Texts drink_verbs;
} Lexicon;

/* root: what grounding.yaml says; must stay. Errors: INVALID. */
Err lexicon_read(const json_t *root, Arena *arena, Lexicon *out);
void lexicon_finish(Lexicon *lexicon);

bool lexicon_has(const StrIdMap *set, Str word);

/* The Hangul syllables, or the Latin letters, that a text begins with. */
Str hangul_run(Str text);
Str latin_run(Str text);

/* Whether what follows a noun ends it: nothing, or a particle. */
bool lexicon_ends(const Lexicon *lexicon, Str rest);

/* The longest start of a Hangul run (two syllables at least for names) that is in the map and is ended by the rest. */
bool lexicon_find_unit(const Lexicon *lexicon, Str run, int *unit, Str *word);

/* Without spaces and hyphens. */
Str squeeze(Arena *arena, Str folded);

#endif
