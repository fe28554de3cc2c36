/* Which sentences about an entity answer a question: from its properties, its relationships and its text, chosen by
 * what they have in common with the question and by what has been said already. */
#ifndef NERDX_SERVICES_AGENTS_SENTENCES_H
#define NERDX_SERVICES_AGENTS_SENTENCES_H

#include "services/agents/narrator/narrator.h"

enum { SENTENCES_MAX = 8, LIST_MAX = 5 };

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

/* What was asked for of the fact, then up to `most` sentences of its text that go on from there. May be none. */
void sentences_choose(const Telling *telling, const Fact *fact, size_t most, Sentences *out);

/* Only what was asked for, from properties and relationships. */
void sentences_asked(const Telling *telling, const Fact *fact, Sentences *out);

/* The properties that were asked for, calling the fact `name`. */
void sentences_properties(const Telling *telling, const Fact *fact, Str name, Sentences *out);

/* Up to `most` new sentences of its text from the first that is new, as they stand there. */
void sentences_read_on(const Telling *telling, const Fact *fact, size_t most, Sentences *out);

/* What one kind of relationship of the fact says, as a sentence that calls it `name`; its text is absent when there is
 * none. */
Sentence sentences_relationship(const Telling *telling, const Fact *fact, Str name, Str directed);

/* Whether one of them tells of a relationship that is a sample. */
bool sentences_have_sample_link(const Sentences *sentences);

/* Whether the text of the fact has what is asked. */
bool sentences_tell(const Telling *telling, const Fact *fact);

/* How many sentences of its text this session hasn't heard. */
size_t sentences_left(const Telling *telling, const Fact *fact);

#endif
