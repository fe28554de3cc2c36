/* Text as a storyteller needs it: which language it is in, its sentences, its words folded for comparing. */
#ifndef NERDX_SERVICES_AGENTS_TEXT_H
#define NERDX_SERVICES_AGENTS_TEXT_H

#include "base/json.h"
#include "base/texts.h"

typedef enum Tongue { KOREAN, ENGLISH, TONGUE_COUNT } Tongue;

/* "ko" or "en". */
const char *tongue_code(Tongue tongue);

/* Korean when at least TONGUE_HANGUL_PERCENT of the letters are Hangul: "soju가 뭐예요?" is. Text without any
 * letter is in the fallback. */
enum { TONGUE_HANGUL_PERCENT = 20 };
Tongue tongue_of(Str text, Tongue fallback);

/* Letter case doesn't matter. */
bool texts_have(Texts texts, Str text);

/* A JSON list of strings, which must stay; the list of them is in the arena. */
Texts texts_in(Arena *arena, const json_t *list);

/* Takes the next sentence off *rest, trimmed; false at the end. A full stop ends one only before white space or
 * the end, and not after one of the abbreviations. A line break always does. */
bool text_next_sentence(Str *rest, Texts abbreviations, Str *sentence);

/* For comparing: lower case (ASCII), full-width forms as ASCII, every run of white space one space, characters
 * that can't be seen left out. */
Str text_fold(Arena *arena, Str text);

/* A part of the folded text as it was written; the part itself where folding changed more than letters. */
Str text_as_written(Str text, Str folded_part);

/* Whether the name occurs in a folded text as a name: not inside a Latin word; spaces in Hangul don't matter. */
bool text_mentions(Arena *arena, Str folded, Str name);

/* The same in two steps, for many names in one text: each is made ready once. */
enum { TEXT_MARKS = 1024, TEXT_NO_MARK = TEXT_MARKS };

typedef struct SoughtName {
    Str name;   /* as it was given; it must stay */
    Str wanted; /* absent when the name is too short to be told from other words */
    bool is_hangul;
    uint16_t mark; /* of its first three bytes; TEXT_NO_MARK for shorter ones */
} SoughtName;

typedef struct ReadText {
    Str folded;
    Str joined; /* without its spaces */
    uint64_t
        marks[TEXT_MARKS / 64]; /* of all places of both: what begins with no mark of these isn't there */
} ReadText;

SoughtName text_seek(Arena *arena, Str name);
void text_read(Arena *arena, Str folded, ReadText *out);

bool text_has(const ReadText *text, Arena *arena, Str name);

/* *at: in bytes of the text without its spaces for a name in Hangul, of the text itself otherwise; len: of what was wanted. */
bool text_find_name(const ReadText *text, const SoughtName *name, size_t *at);

/* What a text is about, for measuring how much two have in common: stems of Latin words and numbers, pairs of
 * Hangul syllables, as hashes. Words in `stop` don't count. */
enum { TERMS_MAX = 96 };
typedef struct Terms {
    uint64_t hashes[TERMS_MAX];
    size_t count;
} Terms;

void terms_of(Str folded, Texts stop, Terms *out);
size_t terms_shared(const Terms *a, const Terms *b);
size_t terms_shared_with(const Terms *a, const uint64_t *hashes, size_t count);

#endif
