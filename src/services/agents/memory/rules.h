/* What can be remembered, how it is told and asked for: content/agents/maeju/memory.yaml as tables of listeners. Read once,
 * then only read. For the files of this folder. */
#ifndef NERDX_SERVICES_AGENTS_MEMORY_RULES_H
#define NERDX_SERVICES_AGENTS_MEMORY_RULES_H

#include "base/asset.h"
#include "services/agents/phrases.h"

typedef enum MemoryOf { OF_TEXT, OF_PLACE, OF_TASTE, OF_OCCASION, OF_COUNT } MemoryOf;

typedef struct MemoryKind {
    Str id;
    MemoryOf of;
    bool once; /* a newer one closes the one before, of the same person */
    Str group; /* kinds of which a newer one about the same thing closes the older; its own id unless said */
    double score;     /* of a taste */
    Str relationship; /* from the visitor to a trait, region or occasion; absent: none */
    Str thing;        /* the relationship to another thing of the world */
    Str how;          /* a property of the relationship */
    Str property;     /* of the visitor, where there is nothing to lead to */
    const json_t *tells;
    const json_t *tells_of; /* of somebody else; NULL: nothing is kept of others */
    const json_t *notes;
    Listener *asked;
} MemoryKind;

typedef struct MemoryRule {
    const MemoryKind *kind;
    bool reads_sensitive;
    Listener *listener;
} MemoryRule;

/* A person, trait or occasion, and what it is called. */
typedef struct MemoryWord {
    Str id;
    Str opposite;
    bool weak;          /* tells little by itself */
    size_t number;      /* among all words */
    const json_t *name; /* as it is called in a sentence, in both languages; NULL: as in the world */
    Listener *listener;
} MemoryWord;

typedef struct MemoryWords {
    MemoryWord *items;
    size_t count;
} MemoryWords;

enum { MEMORY_WORDS_MAX = 128 }; /* of all kinds together */

typedef struct MemoryRules {
    json_t *content;
    json_t *rows; /* of rules, with their parts filled in */
    Arena arena;
    MemoryKind *kinds;
    size_t kind_count;
    MemoryRule *rules;
    size_t rule_count;
    MemoryWords people; /* the first is who speaks */
    MemoryWords traits;
    MemoryWords occasions;
    MemoryWords topics; /* what asks for each kind; their listeners are the kinds' */
    MemoryWords alike;  /* words for the same in both languages */
    size_t word_count;  /* of all of these */
    Listener *sensitive;
    Listener *identifiers;
    Listener *noise; /* what is only asking */
    Listener *question;
    Listener *correction;
    Listener *asks_all;
    Listener *asks_something;
    Listener *asks_maybe;
} MemoryRules;

/* Errors: INVALID naming what is wrong. */
Err memory_rules_create(AssetTable content, MemoryRules **out);
void memory_rules_destroy(MemoryRules *rules); /* accepts NULL */

const MemoryKind *memory_rules_kind(const MemoryRules *rules, Str id); /* NULL when there is none */
/* The first word that the text says, NULL when it says none. */
const MemoryWord *memory_words_heard(MemoryWords words, Str folded);
const MemoryWord *memory_words_find(MemoryWords words, Str id);
/* One of the phrases under a key, a different one for each turn. */
Str memory_rules_phrase(const MemoryRules *rules, Tongue tongue, const char *key, size_t turn);
/* "en" or "ko" of a map. */
Str memory_rules_text(const json_t *by_tongue, Tongue tongue);

#endif
