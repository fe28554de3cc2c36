/* Answers as they were written, kept while the graph stands still: an entity that many look at is read from the store and
 * encoded once for each version of the graph, what many ask is searched once in each catalogue. A place for each hash,
 * so that there is nothing to evict: at most ANSWERS_PLACES * ANSWER_MAX_BYTES. Only what depends on nothing but the
 * question and a version may be kept: what visitors do (graph_record) doesn't move the graph's. */
#ifndef NERDX_SERVICES_WORLD_ANSWERS_H
#define NERDX_SERVICES_WORLD_ANSWERS_H

#include "base/arena.h"
#include "base/str.h"

enum { ANSWERS_PLACES = 2048, ANSWER_MAX_BYTES = 16 << 10 };

typedef struct Answers Answers;

Answers *answers_create(void);
void answers_destroy(Answers *answers); /* accepts NULL */

/* The answer to the question at that version, copied into the arena; absent when there is none. */
Str answers_find(Answers *answers, Arena *arena, Str question, int64_t version);

/* version: of what was read for the answer, before it was. Larger answers aren't kept. */
void answers_keep(Answers *answers, Str question, int64_t version, Str answer);

/* A question whose answer may be kept. */
typedef struct AnswersQuestion {
    Answers *answers;
    Str text;
    int64_t version;
} AnswersQuestion;

/* Keeps it; as the `keep` of a Call, whose keep_context is an AnswersQuestion. */
void answers_keep_for(void *question, Str answer);

#endif
