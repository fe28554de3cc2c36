/* What Maeju remembers of a visitor: the last exchanges, a running summary of what came before them, what the visitor
 * told about themselves (kept in the world model, each with the turn that said it as its source), and, when the
 * message asks back, what was said long ago. All of it is one visitor's own: every call names whose.
 *
 *     TRY(memory_recall(memory, call, &place, message, &recollection));     before an answer is made
 *     TRY(memory_listen(memory, call, &place, message, &told));             what the message tells about the visitor
 *     TRY(memory_keep(memory, tx, &place, &told));                          in the transaction that stores the turn */
#ifndef NERDX_SERVICES_AGENTS_MEMORY_MEMORY_H
#define NERDX_SERVICES_AGENTS_MEMORY_MEMORY_H

#include "api/world.h"
#include "base/asset.h"
#include "services/agents/text.h"
#include "stores/sql/sql.h"

typedef struct Memory Memory;

typedef struct MemoryConfig {
    AssetTable content; /* memory.yaml below "maeju/" */
    Sql *sql;
    const WorldClient *world;
} MemoryConfig;

/* Errors: INVALID naming what is wrong in the content. */
Err memory_create(const MemoryConfig *config, Memory **out);
void memory_destroy(Memory *memory); /* accepts NULL */

/* Whose turn, and when. */
typedef struct MemoryPlace {
    Str user_id;
    Str session_id;
    Str turn_id;
    int64_t at_us;
    Tongue tongue; /* in which sentences are wanted */
} MemoryPlace;

/* A turn as it was: what the visitor said and what the answer was. */
typedef struct Exchange {
    Str message;
    Str content;
} Exchange;

/* Something that the visitor told about themselves, and that still holds. */
typedef struct Remembered {
    Str id;       /* what it is forgotten by */
    Str kind;     /* a key of memory.yaml's kinds: "name", "taste" … */
    Str who;      /* of whom: "self", "mother" … */
    Str entity;   /* its id in the world model; empty when it is a text */
    Str name;     /* what was told, in the tongue: "단맛", "Minji" */
    double score; /* of a taste: -1 to 1, below 0 is dislike */
    int64_t at_us;
    Str text; /* the whole as a sentence, in the tongue */
} Remembered;

/* An earlier turn that fits the question. */
typedef struct RecalledTurn {
    Str turn_id;
    Str session_id;
    int64_t at_us;
    Str said;     /* the visitor's own words */
    double score; /* comparable within one recollection only */
} RecalledTurn;

/* What a message wants of memory. */
typedef enum MemoryAsk {
    ASKS_NOTHING,
    ASKS_SOMETHING, /* "do you remember my name?", "what did I say about sweet drinks?" */
    ASKS_ALL,       /* "what do you know about me?" */
} MemoryAsk;

enum { BUFFER_TURNS = 8, SUMMARY_MAX_BYTES = 1500, RECALLED_MAX = 10 };

typedef struct Recollection {
    MemoryAsk ask;
    const Exchange *buffer; /* newest first, at most BUFFER_TURNS */
    size_t buffer_count;
    Str summary;             /* of the session before the buffer, at most SUMMARY_MAX_BYTES; may be empty */
    const Remembered *facts; /* those that answer the question first, then newest first */
    size_t fact_count;
    size_t fitting;            /* how many of the facts answer the question; 0 unless it asks back */
    const RecalledTurn *turns; /* best first; none unless it asks back */
    size_t turn_count;
} Recollection;

/* question: the message as it came. Texts are the call's. Errors: those of the store and of the world. */
Err memory_recall(Memory *memory, Call *call, const MemoryPlace *place, Str question, Recollection *out);

#endif
