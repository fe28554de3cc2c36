/* One message and its answer: a small graph of nodes that a table ties together (turn.c). A node reads and fills in
 * the Turn; what goes out goes out by the sink of generators (generator.h), after the guards. */
#ifndef NERDX_SERVICES_AGENTS_TURN_H
#define NERDX_SERVICES_AGENTS_TURN_H

#include "base/pool.h"
#include "base/random.h"
#include "base/recent.h"
#include "api/auth.h"
#include "services/agents/agent.h"
#include "services/agents/agents_sql.h"
#include "services/agents/core/budget.h"
#include "services/agents/core/checkpoints.h"
#include "services/agents/core/graph.h"
#include "services/agents/narrator/facts.h"
#include "services/agents/elsewhere.h"
#include "services/agents/live.h"
#include "services/agents/memory/memory.h"
#include "services/agents/order/order.h"
#include "services/agents/grounding/sheets.h"
#include "services/agents/outcomes.h"
#include "services/agents/record.h"
#include "stores/queue/queue.h"

/* What a turn needs of the service. */
typedef struct TurnTools {
    const AgentBook *agents;
    const Voice *voice;
    const WorldClient *world;
    const AuthClient *accounts; /* NULL, or without a service: nobody's age is known */
    FactShelf *shelf;
    Sql *sql;
    Queue *queue; /* what others are told goes through it */
    LiveTurns *live;
    Elsewhere *elsewhere; /* NULL: this node is alone */
    Recorder *recorder;
    Memory *memory;
    const Grounding *grounding;
    const OrderBook *orders;
    Sheets *sheets;
    Recent *rested; /* sentences that rest on their own fact alone: true */
    Checkpoints *checkpoints;
    const char *dies_after; /* for tests of being killed: a node's name; else NULL */
    Pool *turners;          /* where turns run that nobody waits for */
    Pool *hands;            /* where tools run; NULL: in the turn's own thread */
    Metrics *outcomes;
    const Clock *clock;
} TurnTools;

enum {
    TURN_EVENTS_MAX_BYTES = 256 << 10,
    TURN_ID_TEXT = ID_TEXT,
    TURN_TOOLS_MAX = 32,
    HISTORY_MAX = 24,
};

/* What of a turn can't be found out again: who spoke, and what is said already. The rest (what the message is, what the
 * world knows of it, what was decided) are pure reads: a turn that is resumed does them again. */
typedef struct Kept {
    Narration narration;
    Generator generator;
    bool has_fallback;
    Fallback fallback;
    ChatReplyOutcome outcome;
    Move move;
    Str focus;
} Kept;

/* Called once, as the last, when a turn is over. */
typedef struct TurnOver {
    void (*over)(void *context, Err result); /* as turn_run returns it */
    void *context;
} TurnOver;

/* Which turn a record is of. */
typedef struct KeptPlace {
    Str agent;
    Str turn_id;
    int64_t at_us;
    bool is_minor;
} KeptPlace;

/* A tool that isn't called before the visitor has agreed (wait.c). */
typedef enum Decision { UNDECIDED, APPROVED, REFUSED } Decision;

typedef struct Waiting {
    const Tool *tool; /* NULL: nothing waits */
    Str call_id;
    Str arguments;
    Json talk; /* of the generator: what it needs to go on */
    Str approval_id;
    int64_t until_us;
    Decision decision;
    bool is_new;      /* it is to be decided */
    bool is_taken_up; /* the turn has been here before, and goes on */
} Waiting;

typedef struct Turn {
    const TurnTools *tools;
    const Agent *agent;
    Call *call;
    const ChatInput *in;
    Str id;
    int64_t at_us;
    AgentBudget budget;
    EventLog *live;    /* what the visitor follows */
    EventLog *stored;  /* the same, a little ahead: what is in it is kept before the visitor sees it */
    uint64_t released; /* events that are in both */
    Checkpoint checkpoint;
    size_t lines_kept; /* of the narration, in the checkpoint */
    Waiting waiting;
    const Kept *kept; /* of a turn that is resumed; else NULL */
    AgentRun run;
    TurnOver over;
    bool is_minor;    /* by the year of birth that the account knows */
    bool trace;       /* the reply shows the steps */
    bool interrupted; /* its visitor wanted no more, and something wasn't said for that */

    ToolCall *called; /* room for TURN_TOOLS_MAX; NULL before the first */
    size_t called_count;
    bool is_introduced; /* it was told who speaks: */
    Generator introduced;

    /* guard the input, beside earlier turns of the session, newest first */
    AgentsSqlTurn *history;
    size_t history_count;
    size_t number; /* how many turns came before, those that history leaves out too */
    Str folded;
    ReadText read; /* the same, for names to be looked for */
    Tongue tongue;
    Verdict verdict;
    Intent intent;
    uint32_t asks;
    uint32_t cues;
    uint32_t words;   /* WORDS_BITs: what it speaks of */
    uint32_t tastes;  /* bit i: taste i */
    const Want *want; /* what it wants by the kind of its words; NULL: nothing of us */

    /* gather context: what was said and been to in them, and who is speaking */
    Texts said;
    Texts visited;
    Told told; /* what the message tells about the visitor */
    Recollection recollection;
    FactBook *book;   /* what it reads of the world; given back with its end, so that the answer has copies */
    const Fact *self; /* NULL when the world doesn't know her */

    /* retrieve */
    QueryResult found;

    /* decide */
    Plan plan;
    ChatReplyOutcome outcome;
    Str focus;

    /* generate, record */
    Narration narration;
    Grounds *grounds; /* what the narrator may rest on; NULL until a sentence claims something */
    bool grounds_have_talk;
    Grounds *own_grounds; /* of the fact of the line that was looked at last; NULL before the first: */
    Str own_entity;
    size_t spoken;  /* lines of it that are on their way to the visitor */
    Line *composed; /* by the narrator, to be weighed one after another: */
    size_t composed_count;
    size_t weighed;
    Generator generator;
    size_t asked;                 /* generators that didn't speak */
    Improvisation *improvisation; /* NULL until a language model is to speak */
    bool has_fallback;            /* another generator was to speak and couldn't, and this is why */
    Fallback fallback;
    const Approval *approval; /* what it waits for; in the arena */
    const Handoff *handoff;   /* NULL unless it is one; in the arena, as the reply outlives the turn */
    ChatReply *reply;
} Turn;

/* Runs a turn to its end. While it waits for a language model it holds no thread; over is called once, as the last, on whatever thread it
 * ended, possibly before turn_start returns. */
void turn_start(Turn *turn, ChatReply *out, TurnOver over);
void turn_go_on(Turn *turn); /* what a node waited for is there */

/* Answers a caller who wants events with them, if that hasn't been done yet: with the first ones, or when they have to be waited for. */
void turn_open_stream(Turn *turn);

/* The same, and waits for it: *out is the answer, the events are in turn->live, the turn is durable. On an error the
 * last event says so. The caller has set tools, call, in, id, at_us, both logs and the checkpoint. */
Err turn_run(Turn *turn, ChatReply *out);

extern const AgentGraph TURN_GRAPH;

/* Nodes that live in files of their own. */
Err turn_hear(Turn *turn, Way *way);           /* hear.c */
Err turn_gather_context(Turn *turn, Way *way); /* context.c */
Err turn_retrieve(Turn *turn, Way *way);       /* retrieve.c */
Err turn_decide(Turn *turn, Way *way);         /* decide.c: turn->plan */
/* handoff.c. target NULL: where the agent sends purchases, else the first it has. chosen: what a language model says is wanted; NULL:
 * nobody does. */
Err turn_hand_off(Turn *turn, const AgentHandoff *target, const ToolHandOff *chosen);
Err turn_record(Turn *turn, Way *way); /* store.c */

Err turn_wait(Turn *turn, Way *way); /* wait.c: until the visitor has decided */
Err turn_make_reply(Turn *turn);     /* store.c: *turn->reply */

/* The two records of a whole turn, for one that waits (keep.c): turn_read_message and turn_restore read them. */
Json turn_message_record(const Turn *turn);
Json turn_state_record(const Turn *turn);

void turn_make_room_for_calls(Turn *turn); /* called.c */

/* keep.c: the checkpoint of a turn. The message, before anything is done about it; then, before a visitor sees them, the events
 * that are new in the stored log, with what was said. */
Err turn_keep_message(Turn *turn);
Err turn_release(Turn *turn);
/* What the records of a turn that was cut off say: its message and place, then its events (in both logs) and what was kept. Texts are
 * the arena's. Errors: INVALID for records of another version. */
Err turn_read_message(Arena *arena, Str record, ChatInput *in, KeptPlace *place);
Err turn_restore(Turn *turn, const Str *records, size_t count);

/* trace.c */
Str turn_saw(const void *state, const AgentNode *node);
TraceStepList turn_trace(const Turn *turn);

Language turn_language(const Turn *turn);
Telling turn_telling(const Turn *turn);
FactReader turn_reader(const Turn *turn);
MemoryPlace turn_place(const Turn *turn);

/* The visitor tells something about themselves and asks nothing. */
static inline bool turn_only_tells(const Turn *turn)
{
    return turn->told.count > 0 && turn->told.only_tells && turn->recollection.ask == ASKS_NOTHING;
}

/* Whether the message names something: by its name or an alias; for a hit also by a word of its name that the search
 * found, slips of spelling included. naming.c */
bool turn_mentions(const Turn *turn, Str name, Texts aliases);
bool turn_names(const Turn *turn, const QueryHit *hit, Texts aliases);

/* TIMED_OUT when whoever asked doesn't wait any more. What he never saw isn't kept either: asked before each node,
 * and once more when the store is his. */
Err turn_in_time(const Turn *turn);

#endif
