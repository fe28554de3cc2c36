/* The embedded generator: an answer made of nothing but sentences of the facts it is given, and of phrases that
 * hold no fact. It knows neither the world nor HTTP, only plain structs; every line says which entity it came
 * from, so that a test can check that nothing was made up. */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_H
#define NERDX_SERVICES_AGENTS_NARRATOR_H

#include "services/agents/narrator/voice.h"

typedef struct Property {
    Str key;
    Str value;
} Property;

typedef struct Relation {
    Str directed; /* "HAS_INGREDIENT>": from the fact to the other; '<' the reverse */
    Str id;
    Str label;
    Str name;
    bool sample;
} Relation;

/* An entity in one language. */
typedef struct Fact {
    Str id;
    Str label;
    Str name;
    Str summary;
    Str text;
    bool sample;
    Texts sources;
    const Property *properties;
    size_t property_count;
    const Relation *relations;
    size_t relation_count;
} Fact;

/* What the answer is an answer to. */
typedef struct Telling {
    const Voice *voice;
    Arena *arena;
    Tongue tongue;
    Str question; /* folded */
    uint32_t asks;
    size_t turn;   /* how many answers came before in this session */
    Texts said;    /* those answers */
    Texts visited; /* ids that were told about or offered before */
} Telling;

typedef struct Line {
    Str text;
    Str entity; /* whose fact it is; absent: a phrase of content */
    bool opens_paragraph;
} Line;

enum { LINES_MAX = 24, CITED_MAX = 16 };

typedef struct Narration {
    Line lines[LINES_MAX];
    size_t count;
    Str cited[CITED_MAX]; /* ids, in the order they came up; the first is what the answer is about */
    size_t cited_count;
    Str sample[CITED_MAX]; /* names of what is a sample */
    size_t sample_count;
    Str offered; /* the id the closing question leads to; absent when it leads to none */
} Narration;

/* Tells about `main` (its answer to the question first), then a little about `beside` (or NULL), and ends with an
 * open question. */
void narrate_facts(const Telling *telling, const Fact *main, const Fact *beside, Narration *out);

/* A greeting, thanks …: the phrase of that key, then what `self` (or NULL: the world doesn't know her) says about her. */
void narrate_self(const Telling *telling, const char *key, size_t sentences, const Fact *self,
                  Narration *out);

/* Nothing was found: says so, and what there is instead. */
void narrate_nothing(const Telling *telling, const Fact *self, Narration *out);

/* Fixed words, such as a guard's. */
void narrate_words(const Telling *telling, Str words, Narration *out);

/* At the start (opening) or end (closing) of a session's first answer: that she is an AI. */
void narrate_disclosure(const Telling *telling, const Fact *self, bool first, Narration *out);

/* The whole text: lines joined by spaces, paragraphs by an empty line. */
Str narration_text(const Narration *narration, Arena *arena);

#endif
