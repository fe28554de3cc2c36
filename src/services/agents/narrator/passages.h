/* The sentences of an entity's text, in order, with what is needed to choose among them: which stand on their own, which
 * lean on the one before ("Both are …"), which were said, and what they tell. */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_PASSAGES_H
#define NERDX_SERVICES_AGENTS_NARRATOR_PASSAGES_H

#include "services/agents/narrator/narrator.h"

typedef struct Passage {
    Str text;
    size_t paragraph;
    bool leans;     /* can't be understood without the one before it */
    bool said;      /* in this session */
    bool forbidden; /* by the guards */
    uint32_t tells; /* bit i: it has what ask i is after, which was asked */
    const uint64_t *hashes;
    size_t hash_count;
} Passage;

typedef struct Passages {
    Passage items[NOTES_MAX];
    size_t count;
} Passages;

/* Reads the text of the fact; without one, its summary made a sentence. */
void passages_read(const Telling *telling, const Fact *fact, Passages *out);

/* How many words of a question (passages_question) a sentence has. */
size_t passages_shared(const Terms *question, const Passage *passage);

/* The words of the question; without the entity's own name where that is all named, as every sentence may have it. */
void passages_question(const Telling *telling, const Fact *fact, Terms *out);

/* The summary as a whole sentence: content knows how a fragment becomes one. */
Str passages_summary(const Telling *telling, const Fact *fact);

/* The same, calling the fact `name`. */
Str passages_portrait(const Telling *telling, const Fact *fact, Str name);

/* How far to go and what to look for. */
typedef struct Run {
    size_t first;
    size_t count;
} Run;

/* The run of new sentences around number `at`: back to where it stands on its own, then forward within its paragraph, up
 * to so many sentences and characters. count is 0 when that can't be. */
Run passages_run(const Passages *passages, size_t at, size_t most, size_t characters);

/* The first sentence from number `from` on that is new and stands on its own; count of the passages when there is none. */
size_t passages_next(const Passages *passages, size_t from);

#endif
