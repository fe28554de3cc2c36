/* What the words of a text are about: each meaning is a list of words of both languages that say it (meanings.yaml). "word*" is any
 * word that begins so; Korean ones stand anywhere, since what comes before and behind them varies, and "^word" where one begins. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_MEANINGS_H
#define NERDX_SERVICES_AGENTS_GUARDS_MEANINGS_H

#include "base/err.h"
#include "base/json.h"
#include "base/keymap.h"
#include "services/agents/guards/letters.h"
#include "services/agents/guards/wording.h"
#include "services/agents/text.h"

enum { MEANINGS_MAX = 64, MEANING_STARTS = 4096 };

/* Bit i: the i-th meaning. */
typedef uint64_t MeaningSet;

/* What a word means as a part of others, and where one begins; Latin ones as a whole, and as the beginning of one. */
typedef struct Sense {
    MeaningSet anywhere[2]; /* [1]: as the beginning of a word too */
    MeaningSet at_start[2];
} Sense;

typedef struct Meanings {
    StrIdMap words; /* -> senses */
    Sense *senses;
    size_t sense_count;
    size_t sense_capacity;
    uint8_t longest[MEANING_STARTS]; /* in bytes, of the words that begin alike */
    Str names[MEANINGS_MAX];
    size_t count;
    Arena *arena;
} Meanings;

/* map: {name: {en: [..], ko: [..]}}; of it nothing is needed afterwards. Errors: INVALID saying what is wrong in it. */
Err meanings_read(const json_t *map, const Letters *letters, Arena *arena, Meanings *out);
void meanings_finish(Meanings *meanings);

/* The meaning of that name; MEANINGS_MAX when there is none. */
size_t meanings_index(const Meanings *meanings, Str name);

MeaningSet meanings_in(const Meanings *meanings, const Wording *wording);

#endif
