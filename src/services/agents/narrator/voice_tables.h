/* What voice_read.c reads from content and its readers ask: voice_listen.c (what was meant) and voice_say.c (how it is
 * put). For these and voice.c only. */
#ifndef NERDX_SERVICES_AGENTS_VOICE_TABLES_H
#define NERDX_SERVICES_AGENTS_VOICE_TABLES_H

#include "services/agents/narrator/voice.h"

/* What a sentence or word of a text is like; keys of moves.yaml. */
typedef enum SentenceShape {
    SHAPE_LEANS,
    SHAPE_OF_TOPIC,
    SHAPE_SENTENCE,
    SHAPE_NOUN_PHRASE,
    SHAPE_NOISE,
    SHAPE_COUNT
} SentenceShape;

struct Voice {
    Arena arena; /* the lists */
    json_t *persona;
    json_t *intents;
    json_t *moves;
    json_t *asks;
    json_t *want_rows;
    json_t *words[TONGUE_COUNT];

    Str character;
    Texts suggests;
    Texts recommends_by;
    Texts keeps_from;
    Texts favourites;
    Str house;
    Texts abbreviations[TONGUE_COUNT];
    Texts stop[TONGUE_COUNT];
    Texts common[TONGUE_COUNT];
    Texts marks[TONGUE_COUNT];
    Listener *listeners[INTENT_COUNT];
    Listener *cue[CUE_COUNT];
    Listener *shape[SHAPE_COUNT];
    Guards *guards;
    Wants *wants;
    Ask ask[ASKS_MAX];
    size_t ask_count;
    Craft craft[CRAFTS_MAX];
    size_t craft_count;
    StoryVoice story[STORY_VOICES_MAX];
    size_t story_count;
    Taste taste[TASTES_MAX];
    size_t taste_count;
};

/* Reads the files and makes the tables above (voice_read.c). */
Err voice_read(Voice *voice, AssetTable content, const Clock *clock);

#endif
