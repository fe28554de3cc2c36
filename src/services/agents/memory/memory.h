/* What Maeju remembers of a visitor: a summary of what came before the last exchanges, what the visitor
 * told about themselves (kept in the world model, each with the turn that said it as its source), and, when the
 * message asks back, what was said long ago. All of it is one visitor's own: every call names whose.
 *
 *     TRY(memory_listen(memory, call, &place, message, &told));             what the message tells about the visitor
 *     TRY(memory_recall(memory, call, &place, message, &recollection));     before an answer is made
 *     TRY(memory_keep(memory, tx, arena, &place, &told));                   in the transaction that stores the turn
 *     memory_deliver(memory);                                               afterwards, on any thread
 *
 * What a visitor's words may leave here, and for how long, is told in docs/privacy.md. */
#ifndef NERDX_SERVICES_AGENTS_MEMORY_MEMORY_H
#define NERDX_SERVICES_AGENTS_MEMORY_MEMORY_H

#include "api/agents.h"
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
    size_t number; /* how many turns of the session came before: phrases differ by it */
} MemoryPlace;

/* ---- what a message tells */

/* MEMORIES_MAX a visitor; when there are more the oldest that doesn't hold any more goes, then the oldest. */
enum { TOLD_MAX = 8, MEMORIES_MAX = 500 };

/* One thing that is told: the kind of memory.yaml and what it leads to. */
typedef struct ToldFact {
    Str kind;
    Str who;                 /* "self", "mother" … */
    Str entity;              /* its id in the world model; empty when it is a text */
    Str label;               /* of the entity */
    Str names[TONGUE_COUNT]; /* what was told, as it is called in each */
    double score;            /* of a taste: -1 to 1, below 0 is dislike */
    bool corrects;           /* "no, actually …": what was said before of this doesn't hold */
} ToldFact;

typedef struct Told {
    ToldFact *items; /* at most TOLD_MAX */
    size_t count;
    size_t room;
    bool only_tells;      /* the message asks nothing besides */
    bool is_of_catalogue; /* the first leads to something that there is a story about, not to a mere word */
    Str note;             /* that it is noted, as sentences in the tongue; empty when nothing was told */
    Str lead_on;          /* a question to go on with */
} Told;

/* Reads the message; keeps nothing yet. Errors: those of the world, which is asked what things are called. */
Err memory_listen(Memory *memory, Call *call, const MemoryPlace *place, Str message, Told *out);

/* The message as it may be stored: without numbers and addresses that tell a person apart. */
Str memory_mask(const Memory *memory, Arena *arena, Str message);

/* Keeps it with the turn, which is in the same transaction and stored already. What it corrects is closed; what is known already
 * is left as it is. */
Err memory_keep(Memory *memory, Tx *tx, Arena *arena, const MemoryPlace *place, const Told *told);

/* All that was told in a session, in the transaction that deletes it. */
Err memory_forget_session(const Memory *memory, Tx *tx, Arena *arena, Str user_id, Str session_id);

/* All that is remembered of one becomes another's: of what can't both hold the later does. Where their sessions have been renamed,
 * memories follow with memory_rename_session. */
Err memory_move(const Memory *memory, Tx *tx, Arena *arena, Str from, Str to, int64_t *moved);
Err memory_rename_session(Tx *tx, Str user_id, Str session_id, Str new_id);

/* The outbox: tells the world what it hasn't been told yet, and has it forget what was forgotten. What fails is left for the next
 * time. Calls run one after the other. */
void memory_deliver(Memory *memory);

/* ---- what is remembered */

/* Something that the visitor told about themselves, and that still holds. */
typedef struct Remembered {
    Str id;       /* what it is forgotten by */
    Str turn_id;  /* which turn told it */
    Str kind;     /* a key of memory.yaml's kinds: "name", "likes" … */
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
    double share; /* 0 to 1: how much of the question it has */
    bool asks;    /* it asks rather than states */
} RecalledTurn;

/* What a message wants of memory. */
typedef enum MemoryAsk {
    ASKS_NOTHING,
    ASKS_SOMETHING, /* "do you remember my name?", "what did I say about sweet drinks?" */
    ASKS_ALL,       /* "what do you know about me?" */
} MemoryAsk;

enum { BUFFER_TURNS = 8, SUMMARY_MAX_BYTES = 1500, RECALLED_MAX = 10, FACTS_MAX = 24 };

typedef struct Recollection {
    MemoryAsk ask;
    const Remembered *facts; /* at most FACTS_MAX: those that answer the question first, then newest first */
    size_t fact_count;
    size_t fitting;            /* how many of the facts answer the question; 0 unless it asks back */
    const RecalledTurn *turns; /* best first; none unless it asks back */
    size_t turn_count;
    bool found_nothing; /* it asks back, and nothing fits */
    Texts answer; /* sentences that answer what is asked of memory, in the tongue; none unless it asks back */
} Recollection;

/* What was said in the session before its last BUFFER_TURNS turns, at most SUMMARY_MAX_BYTES; may be empty. latest: the last messages of
 * the session, newest first, all there are or so many that those before must be read. Errors: those of the store. */
Err memory_sum_up(const Memory *memory, Arena *arena, const MemoryPlace *place, Texts latest, Str *out);

/* question: the message as it came. Texts are the call's. Errors: those of the store. */
Err memory_recall(Memory *memory, Call *call, const MemoryPlace *place, Str question, Recollection *out);

/* ---- operations of the contract (api/agents.yaml) */

Err memory_list(Memory *memory, Call *call, const AgentsListMemoriesInput *in, MemoryList *out);
Err memory_forget(Memory *memory, Call *call, const AgentsForgetMemoryInput *in, MemoriesForgotten *out);
Err memory_forget_all(Memory *memory, Call *call, const AgentsForgetMemoriesInput *in,
                      MemoriesForgotten *out);
Err memory_search(Memory *memory, Call *call, const AgentsRecallInput *in, RecalledList *out);

#endif
