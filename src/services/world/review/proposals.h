/* Facts that a language model read in prose, where they wait for a person. They are kept in a database of their own, apart
 * from the graph: whatever asks the world can't come across them. `nerdx ingest` adds them, `nerdx review` decides.
 *
 *     TRY(proposals_open("sqlite:data/proposals.db", &proposals));
 *     TRY(proposals_add(proposals, &reading, drafts, count, &added));      of one passage, in one transaction
 *     TRY(proposals_list(proposals, &arena, &wanted, &items, &count)); */
#ifndef NERDX_SERVICES_WORLD_REVIEW_PROPOSALS_H
#define NERDX_SERVICES_WORLD_REVIEW_PROPOSALS_H

#include "base/err.h"
#include "base/json.h"
#include "services/world/ingest/fact.h"
#include "stores/sql/sql.h"

typedef struct Proposals Proposals;

typedef enum ProposalState {
    PROPOSAL_WAITS,
    PROPOSAL_ACCEPTED,
    PROPOSAL_REJECTED,
    PROPOSAL_STATE_COUNT
} ProposalState;

extern const char *const PROPOSAL_STATES[PROPOSAL_STATE_COUNT]; /* "waits", "accepted", "rejected" */

typedef struct Proposal {
    int64_t number; /* what people name it by; never given out twice */
    Str source;     /* the document: the origin that it was ingested as, "file:note.md" */
    int64_t line;   /* of the document, where the passage begins */
    Str part;       /* id of the Passage that it stands in */
    int64_t place;  /* where in that Passage, in code points */
    Str passage;    /* what says so, as the document has it */
    Json fact;      /* in the interchange form, with ids, keys in order */
    bool is_node;
    Str model; /* that read it */
    Str run;   /* of `nerdx ingest`, an id */
    int64_t proposed_us;
    ProposalState state;
    int64_t
        decided_us; /* of one that waits: accepting it was begun then and may be done half; 0 = it wasn't */
} Proposal;

/* Errors: those of sql_open. */
Err proposals_open(const char *url, Proposals **out);
void proposals_close(Proposals *proposals); /* accepts NULL */
/* For `nerdx doctor`. */
Err proposals_check(const char *url, Arena *arena, Str *report);

/* What the store is made of: for what works on all stores alike (migrate, export, import, backup). */
SqlMigrations proposals_tables(void);

/* The one way a fact is written here, so that the same fact is the same text. Errors: those of json_read. */
Err proposal_text(Arena *arena, const Fact *fact, Json *out);

/* Who read what, with what. */
typedef struct Reading {
    Str source;
    Str part;
    Str digest; /* of the passage and all that the model was told */
    Str model;
    Str run;
    int64_t read_us;
    bool is_whole; /* the answer wasn't cut off; otherwise the passage is read again next time */
} Reading;

/* One fact that was found in it. */
typedef struct Draft {
    int64_t line;
    int64_t place;
    Str passage;
    Json fact; /* of proposal_text */
    bool is_node;
} Draft;

/* Keeps that the passage was read, and what it gave: all of it or nothing. What its source proposed before, in whatever
 * state it is now, isn't added again; *added are new. */
Err proposals_add(Proposals *proposals, const Reading *reading, const Draft *drafts, size_t count,
                  size_t *added);
Err proposals_was_read(Proposals *proposals, Str source, Str digest, bool *out);
Err proposals_is_rejected(Proposals *proposals, Str source, Json fact, bool *out);

/* Facts of entities that this source proposed and that wait. */
Err proposals_waiting_nodes(Proposals *proposals, Arena *arena, Str source, Json **out, size_t *count);

typedef struct ProposalsWanted {
    Str source;   /* absent = of all */
    bool decided; /* also those that were accepted or rejected */
    int64_t behind;
    size_t limit;
} ProposalsWanted;

/* By number. */
Err proposals_list(Proposals *proposals, Arena *arena, const ProposalsWanted *wanted, Proposal **out,
                   size_t *count);
/* Errors: NOT_FOUND. */
Err proposals_get(Proposals *proposals, Arena *arena, int64_t number, Proposal *out);

/* Accepting has begun, at decided_us (0: it hasn't, after all). Only of one that waits. */
Err proposals_begin(Proposals *proposals, int64_t number, int64_t decided_us);
/* Errors: CONFLICT when it was decided meanwhile. */
Err proposals_decide(Proposals *proposals, int64_t number, ProposalState state, int64_t decided_us);

/* The document is forgotten: so is what it proposed, but for what was rejected. only_accepted: what was accepted of it is
 * forgotten, and may be proposed again. */
Err proposals_withdraw(Proposals *proposals, Str source, bool only_accepted);

#endif
