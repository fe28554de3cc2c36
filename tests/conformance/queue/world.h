/* A world of the simulation: what is in it, what happens in it, and what must hold in the end. */
#ifndef NERDX_TESTS_CONFORMANCE_QUEUE_WORLD_H
#define NERDX_TESTS_CONFORMANCE_QUEUE_WORLD_H

#include "fixture.h"

enum { WORKERS = 3, HOLDS = 4, JOBS = 40, EVENTS = 40, SUBJECTS = 3, ORDERS = 3, AT_ONCE = 2, MEDDLED = 120 };

/* ---- chance: SplitMix64 (Steele, Lea, Flood 2014), so that a seed is a world on every machine */

typedef struct Dice {
    uint64_t state;
} Dice;

uint64_t roll(Dice *dice, uint64_t sides);
bool one_in(Dice *dice, uint64_t sides);

/* ---- what is simulated */

/* A process: its view of the queue, its clock, what it holds. */
typedef struct Node {
    Queue *queue;
    ManualClock clock;
    JobRun *held[HOLDS];
    bool has_run[HOLDS]; /* its function was called; the end isn't told yet */
    int beats;
} Node;

typedef struct Added {
    Str job_id;
    const char *kind;
    int order;        /* 0: none */
    bool is_in_order; /* a tree's steps */
} Added;

/* What somebody cancelled. */
typedef struct Cancelled {
    Str job_id;
    int64_t attempt; /* that it had by then */
    bool had_begun;
    bool is_over; /* it was tried again since */
} Cancelled;

typedef struct World {
    Bench bench;
    Dice dice;
    Node nodes[WORKERS];
    Added added[JOBS];
    size_t added_count;
    Cancelled cancelled[MEDDLED];
    size_t cancelled_count;
    int told[EVENTS]; /* the subject of each event that was committed */
    size_t told_count;
    bool is_calm;
} World;

extern World world; /* jobs' functions find it here */

enum { WORLD_KINDS = 6 };
extern const JobKind WORLD_KIND[WORLD_KINDS];

void add_something(void);

/* Something has happened at a node, or nearly. */
void tell_something(const Node *node);

/* Somebody cancels something or has it tried again: a job, a tree, or one of a tree while its parent waits. */
void meddle(void);
bool was_ever_cancelled(Str job_id);

/* Who hears of it, by whichever node. */
EventConsumer world_ears(void);

/* Ends the test. */
void broken(const char *promise, Str job_id);

/* The promises: at any moment, in the end, and in the end where nobody cancelled or revived. */
void check_limit(void);
void check_effects(void);
void check_events(void);
void check_trees(void);
void check_cancelled(void);
void check_nobody_meddled(void);

#endif
