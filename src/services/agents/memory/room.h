/* What the files of this folder share. */
#ifndef NERDX_SERVICES_AGENTS_MEMORY_ROOM_H
#define NERDX_SERVICES_AGENTS_MEMORY_ROOM_H

#include <pthread.h>

#include "base/recent.h"
#include "services/agents/memory/memory.h"
#include "services/agents/memory/rules.h"
#include "services/agents/memory_sql.h"

typedef struct WordSet {
    uint64_t bits[MEMORY_WORDS_MAX / 64];
} WordSet;

/* taken.c: what seeking takes of a turn's words, kept by the turn's id. Thread-safe. */
typedef struct TakenTurn {
    Str folded;
    const uint64_t *terms;
    size_t term_count;
    bool asks;
    WordSet looked_for; /* words of memory.yaml that it was asked for, by their numbers: */
    WordSet says;       /* of these it has */
} TakenTurn;

typedef struct Taken Taken;

Taken *taken_create(void);
void taken_destroy(Taken *taken);                                         /* accepts NULL */
bool taken_find(Taken *taken, Arena *arena, Str turn_id, TakenTurn *out); /* a copy */
void taken_keep(Taken *taken, Str turn_id, const TakenTurn *turn);
void taken_note(Taken *taken, Str turn_id, const TakenTurn *turn); /* which words it has */
void taken_clear(Taken *taken);                                    /* somebody wants something forgotten */

struct Memory {
    MemoryConfig config;
    MemoryRules *rules;
    Taken *taken;
    Recent *sayings;            /* which sentence of a message says most */
    pthread_mutex_t delivering; /* one delivery at a time: what is forgotten mustn't be told after that */
};

/* As the column has it (migrations/0002_memories.sql). */
typedef enum MemoryState {
    MEMORY_PENDING,
    MEMORY_KNOWN,
    MEMORY_REFUSED,
    MEMORY_FORGOTTEN,
    MEMORY_MOVED, /* the world knows it of somebody else: it is to forget that, then to be told anew */
} MemoryState;

static const Str SELF = STR("self");

/* things.c: what of the world a text names. */
typedef struct Thing {
    Str id;
    Str label;
    Str names[TONGUE_COUNT];
} Thing;

enum { THINGS_MAX = 4 };

/* Entities with one of the labels that the text names, longest names first; a name within another one doesn't count. */
Err things_named(const Memory *memory, Call *call, Str text, const Str *labels, size_t label_count,
                 Thing out[THINGS_MAX], size_t *count);
/* Its names and label. NOT_FOUND when the world doesn't have it. */
Err thing_read(const Memory *memory, Call *call, Str id, Thing *out);

/* tell.c: a memory as a sentence. */
Remembered remembered_of(const Memory *memory, Arena *arena, const MemorySqlItem *row, Tongue tongue);
/* That it is noted: a sentence for each kind of thing that was told. */
Str told_note(const Memory *memory, Arena *arena, const Told *told, Tongue tongue);
/* What is asked of memory, answered. turn: how many came before, so that phrases differ. */
Texts recollection_answer(const Memory *memory, Arena *arena, Tongue tongue, size_t turn,
                          const Recollection *recollection);

/* How much of the question a turn must have to be quoted. */
static const double RECALL_SURE_SHARE = 0.25;

/* forget.c: forgets memories of one visitor, and erases the turns that told or repeated them. */
Err memory_let_go(const Memory *memory, Tx *tx, Arena *arena, const MemorySqlItem *items, size_t count);

/* seek.c: old turns. Best first, at most RECALLED_MAX. */
enum { SEEK_TURNS_MAX = 10000 };
Err seek_turns(const Memory *memory, Arena *arena, Str user_id, Str question, RecalledTurn **out,
               size_t *count);

/* summary.c: how far back it goes, and what it keeps of messages. */
enum { SUMMARY_TURNS_MAX = 512, SAYING_BYTES = 12, SAYINGS_KEPT = 8192 };

/* Whether a sentence, folded, may be kept and recalled. */
bool memory_is_sensitive(const Memory *memory, Str folded);

#endif
