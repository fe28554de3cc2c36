/* Which sentences about an entity answer a question: from its properties, its relationships and its text, chosen by
 * what they have in common with the question and by what has been said already. */
#ifndef NERDX_SERVICES_AGENTS_SENTENCES_H
#define NERDX_SERVICES_AGENTS_SENTENCES_H

#include "services/agents/narrator/narrator.h"

enum { SENTENCES_MAX = 4, LIST_MAX = 5 };

typedef struct Sentence {
    Str text;
    Str cites[LIST_MAX]; /* other entities it names */
    size_t cite_count;
    bool sample_link; /* it tells of a relationship that is a sample */
} Sentence;

typedef struct Sentences {
    Sentence items[SENTENCES_MAX];
    size_t count;
    bool answers; /* at least one has to do with what was asked, not only with the entity */
} Sentences;

/* Up to `most` of them: what was asked for first, then sentences of the text in their order. */
void sentences_choose(const Telling *telling, const Fact *fact, size_t most, Sentences *out);

#endif
