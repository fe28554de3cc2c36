/* Maeju's words: what she listens for and what she may say, read once from content/agents/maeju and never changed
 * after that. Every other file here asks this one; none holds a word of its own. */
#ifndef NERDX_SERVICES_AGENTS_VOICE_H
#define NERDX_SERVICES_AGENTS_VOICE_H

#include "api/agents.h"
#include "base/asset.h"
#include "base/template.h"
#include "services/agents/guards/guards.h"
#include "services/agents/narrator/wants.h"
#include "services/agents/phrases.h"

/* What a visitor may mean besides a question; the order is that of trying. */
typedef enum Intent {
    INTENT_QUESTION,
    INTENT_PURCHASE, /* the guards' to hear, and a want's */
    INTENT_THANKS,
    INTENT_FAREWELL,
    INTENT_GREETING,
    INTENT_IDENTITY,
    INTENT_ASSENT,
    INTENT_ELSEWHERE, /* the weather, tickets, code: what no world of drinks is about; guards find that out */
    INTENT_COUNT
} Intent;

/* What a message wants done, or points to; moves.yaml has what they sound like. A message may have several. */
typedef enum Cue {
    CUE_COMPARE,
    CUE_WHICH, /* of those: the stronger, the older … */
    CUE_STORY,
    CUE_SHORTER,
    CUE_LONGER,
    CUE_ANOTHER,
    CUE_OTHER, /* of two */
    CUE_FIRST,
    CUE_SECOND,
    CUE_THIRD,
    CUE_LAST,
    CUE_WHY, /* and nothing else */
    CUE_LIST,
    CUE_SHELF, /* of what the house itself has */
    CUE_RECOMMEND,
    CUE_LIKING,   /* the visitor likes or dislikes something */
    CUE_REACTION, /* "wow" */
    CUE_REFUSAL,
    CUE_INSULT,
    CUE_OPINION, /* hers is asked for */
    CUE_WELLBEING,
    CUE_AGAIN,    /* said again, more simply */
    CUE_LIKENESS, /* brewing and something else */
    CUE_MINE,     /* the visitor speaks of what they do */
    CUE_MOST,     /* the strongest of all */
    CUE_LEAST,
    CUE_TRUTH, /* whether what was told is true */
    CUE_SOBER, /* the visitor doesn't drink */
    CUE_HOUSE, /* where the house is, since when, whether one may come */
    CUE_PRONOUN,
    CUE_MORE,
    CUE_COUNT
} Cue;

#define CUE_BIT(cue) (UINT32_C(1) << (cue))

/* A kind of fact that questions are after. A relationship ends in '>' or '<': its direction, seen from the entity
 * that is asked about. */
typedef struct Ask {
    Str key;
    Listener *listener;
    Listener *told; /* what a sentence sounds like that has it; NULL: none is known */
    Texts properties;
    Texts relationships;
    Texts through; /* relationships to those whose text may have it */
    bool compares; /* a respect in which two things are compared */
    bool flavour;  /* what a thing is like to drink */
} Ask;

/* Another craft that brewing is seen from. */
typedef struct Craft {
    Str key;
    Listener *listener;
    Str entity; /* what the picture rests on */
} Craft;

/* A way of telling stories. */
typedef struct StoryVoice {
    Str key;
    Listener *listener;
    const json_t *endings[2]; /* by tongue: ends of sentences and what they become; NULL: as they are */
} StoryVoice;

/* A word for what somebody likes to drink, and how strong that is. */
typedef struct Taste {
    Listener *listener;
    Str word[2]; /* by tongue, as products have it; absent when it is only a strength */
    double abv_min;
    double abv_max;
} Taste;

enum { ASKS_MAX = 32, CRAFTS_MAX = 24, STORY_VOICES_MAX = 8, TASTES_MAX = 24 };

typedef struct Voice Voice;

/* content: persona.yaml, intents.yaml, moves.yaml, asks.yaml, wants.yaml, words.ko.yaml, words.en.yaml below "maeju/", and what
 * guards_create reads; clock: as there. Errors: INVALID naming the file and what is wrong in it. */
Err voice_create(AssetTable content, const Clock *clock, Voice **out);
void voice_destroy(Voice *voice); /* accepts NULL */

/* --- who she is (voice.c) --- */
Str voice_character(const Voice *voice); /* id of the entity that speaks */
Str voice_introduction(const Voice *voice,
                       Tongue tongue);         /* property in which that entity speaks of itself */
Texts voice_suggests(const Voice *voice);      /* relationships to what she offers when nothing was found */
Texts voice_favourites(const Voice *voice);    /* ids of the stories she likes to tell */
Str voice_house(const Voice *voice);           /* id of what the brand tells of itself */
Texts voice_keeps_from(const Voice *voice);    /* relationships that nobody is led along */
Texts voice_recommends_by(const Voice *voice); /* relationships that are a why of a recommendation */
Texts voice_abbreviations(const Voice *voice, Tongue tongue);
Texts voice_stop_words(const Voice *voice, Tongue tongue);
Texts voice_common_words(const Voice *voice, Tongue tongue); /* in names: small letters inside a sentence */
Texts voice_marks(const Voice *voice, Tongue tongue); /* in brackets behind names, and never left out */
const Guards *voice_guards(const Voice *voice);
const Wants *voice_wants(const Voice *voice);

/* --- what was meant (voice_listen.c); texts are folded --- */
Intent voice_intent(const Voice *voice, Str folded); /* as far as the guards let it pass */
uint32_t voice_cues(const Voice *voice, Str folded); /* CUE_BITs */
uint32_t voice_asks(const Voice *voice, Str folded); /* bit i is set when ask i of the table fits */
uint32_t voice_tells(const Voice *voice, Tongue tongue, uint32_t asks,
                     Str folded);                                /* which of those a sentence answers */
uint32_t voice_tastes(const Voice *voice, Str folded);           /* bit i: taste i */
bool voice_leans(const Voice *voice, Tongue tongue, Str folded); /* a sentence that needs the one before it */
bool voice_is_of_topic(const Voice *voice, Tongue tongue, Str folded); /* "It …": of what the text is about */
bool voice_is_sentence(const Voice *voice, Tongue tongue, Str folded);
bool voice_is_noun_phrase(const Voice *voice, Tongue tongue,
                          Str folded);                        /* of a summary that is none: "A takju of …" */
Str voice_gist(const Voice *voice, Arena *arena, Str folded); /* without words that only ask for a story */
Str voice_without_asks(const Voice *voice, Arena *arena, uint32_t asks,
                       Str folded);                       /* what else a message says */
bool voice_is_noise(const Voice *voice, Str folded);      /* one of those words */
const Craft *voice_craft(const Voice *voice, Str folded); /* NULL: none */
const StoryVoice *voice_story(const Voice *voice, Str folded,
                              size_t turn); /* the one asked for, else another each turn */

/* --- the table of asks (voice_listen.c) --- */
size_t voice_ask_count(const Voice *voice);
Str voice_ask_key(const Voice *voice, size_t i);
uint32_t voice_compares(const Voice *voice);
uint32_t voice_flavour(const Voice *voice);
bool voice_asks_property(const Voice *voice, uint32_t asks, Str property);
bool voice_asks_relationship(const Voice *voice, uint32_t asks, Str directed);
size_t voice_asks_rank(const Voice *voice, uint32_t asks,
                       Str directed); /* 0: asked for first; SIZE_MAX: not at all */
bool voice_asks_through(const Voice *voice, uint32_t asks, Str directed);
const Taste *voice_taste(const Voice *voice, size_t i); /* NULL behind the last */
Str voice_craft_key(const Craft *craft);
Str voice_story_key(const StoryVoice *story);
const StoryVoice *voice_story_at(const Voice *voice, size_t i); /* NULL behind the last */

/* guards_forbid of those guards. */
bool voice_forbids(const Voice *voice, Arena *arena, Str sentence);

/* --- how it is put (voice_say.c) --- */
/* The phrases under words[group], or words[group][key] when there is a key; a single one is a list of one. */
Texts voice_phrases(const Voice *voice, Arena *arena, Tongue tongue, const char *group, Str key);

/* One of the phrases under a key, a different one for each turn. */
Str voice_phrase(const Voice *voice, Tongue tongue, const char *key, size_t turn);

/* The one template under words[group][key]; absent when content has none, or several. */
Str voice_template(const Voice *voice, Tongue tongue, const char *group, Str key);

/* "a, b and c" */
Str voice_list(const Voice *voice, Tongue tongue, Arena *arena, Texts items);

/* A sentence as that voice of stories ends it. */
Str voice_retell(const Voice *voice, Arena *arena, const StoryVoice *story, Tongue tongue, Str sentence);

#endif
