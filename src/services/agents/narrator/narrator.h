/* The embedded generator: an answer made of nothing but sentences of the facts it is given, and of phrases that
 * hold no fact. It knows neither the world nor HTTP, only plain structs; every line says which entity it came
 * from, so that a test can check that nothing was made up. */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_H
#define NERDX_SERVICES_AGENTS_NARRATOR_H

#include "services/agents/narrator/notes.h"
#include "services/agents/quads.h"

typedef struct Property {
    Str key;
    Str value;
} Property;

typedef struct Relation {
    Str directed; /* "HAS_INGREDIENT>": from the fact to the other; '<' the reverse */
    Str id;
    Str label;
    Str name; /* empty when it wasn't read */
    bool sample;
    Str korean; /* its Korean name, as Relation.name is in the visitor's language */
} Relation;

/* An entity in one language. */
typedef struct Fact {
    Str id;
    Str label;
    Str name;
    Str korean; /* its Korean name, whatever the language */
    Str summary;
    Str text;
    bool sample;
    Texts sources;
    const Property *properties;
    size_t property_count;
    const Relation *relations;
    size_t relation_count;
    const Notes *notes; /* of its text; NULL, or of another text: they aren't made yet */
} Fact;

/* What an answer does; the ways are a table in narrator.c. */
typedef enum Move {
    MOVE_NOTHING,   /* the world doesn't know */
    MOVE_TELL,      /* facts[0], what was asked of it first; then a little of facts[1], if any */
    MOVE_STORY,     /* facts[0] as a story, `length` long, in one of the voices */
    MOVE_COMPARE,   /* facts[0] and facts[1] */
    MOVE_LIST,      /* all of facts, by name */
    MOVE_RECOMMEND, /* facts[0], and why; facts[1] as the other choice; facts[2], if any, an occasion */
    MOVE_SUM_UP,    /* facts[0] in one sentence */
    MOVE_REMARK,    /* the phrase `remark`, then a little of facts[0], if any */
    MOVE_IMAGE,     /* brewing seen from another craft, then a little of facts[0], if any */
    MOVE_COUNT
} Move;

/* "tell", "story" …: as they are kept with a turn. */
extern const char *const MOVE_NAMES[MOVE_COUNT];

typedef enum Length { USUAL, SHORT, LONG } Length;

enum { PLAN_FACTS_MAX = 8 };

/* What is going to be told, decided before a word is chosen. */
typedef struct Plan {
    Move move;
    const Fact *facts[PLAN_FACTS_MAX];
    size_t fact_count;
    const Relation *link; /* how facts[1] is joined to facts[0]; NULL: it isn't, or that isn't worth saying */
    Length length;
    const char *remark; /* of MOVE_REMARK, and of a MOVE_STORY that stands for another: a key of the words */
    const Craft *craft; /* of MOVE_IMAGE */
    Texts reasons;      /* of MOVE_RECOMMEND: sentences of the world for facts[0] */
    Texts
        unmet; /* of MOVE_RECOMMEND: words for tastes that were wanted and that none of the facts is noted for */
    bool pairs_unknown; /* of MOVE_RECOMMEND: it is for a dish that nothing is noted for */
    const Fact *self;   /* who speaks; NULL: the world doesn't know her */
} Plan;

/* What the answer is an answer to. */
typedef struct Telling {
    const Voice *voice;
    Arena *arena;
    Tongue tongue;
    Str question; /* folded */
    uint32_t asks;
    uint32_t cues;
    size_t turn;             /* how many answers came before in this session */
    Texts said;              /* those answers, newest first */
    const Quads *said_quads; /* of all of them; NULL: they are looked through one by one */
    Texts visited;           /* ids that were told about or offered before */
} Telling;

typedef struct Line {
    Str text;
    Str entity; /* whose fact it is; absent: a phrase of content */
    bool opens_paragraph;
} Line;

enum { LINES_MAX = 32, CITED_MAX = 16 };

/* Ids or names in the order they came up, each once; at most CITED_MAX. */
typedef struct Mentioned {
    Str *items;
    size_t count;
    size_t room;
} Mentioned;

/* Its lists have as much room as they need: a turn that waits for its model has said little. */
typedef struct Narration {
    Arena *arena;
    Line *lines; /* at most LINES_MAX */
    size_t count;
    size_t room;
    Mentioned cited;   /* ids; the first is what the answer is about */
    Mentioned sample;  /* names of what is a sample */
    Mentioned choices; /* ids that were put side by side, for "the second one" */
    Str offered;       /* the id the closing question leads to; absent when it leads to none */
} Narration;

/* False: there is no room for one more. */
bool narration_put(Narration *narration, Line line);
void narration_cite(Narration *narration, Str id);

/* Does what the plan says and ends with an open question. */
void narrate(const Telling *telling, const Plan *plan, Narration *out);

/* A greeting, thanks …: the phrase of that key (or NULL), then what `self` (or NULL) says about her, and a question
 * to go on with unless the talk is over. */
void narrate_self(const Telling *telling, const char *key, size_t sentences, bool leads_on, const Fact *self,
                  Narration *out);

/* Fixed words, such as a guard's. */
void narrate_words(const Telling *telling, Str words, Narration *out);

/* At the start (opening) or end (closing) of a session's first answer: that she is an AI. */
void narrate_disclosure(const Telling *telling, const Fact *self, bool first, Narration *out);

/* The whole text: lines joined by spaces, paragraphs by an empty line. */
Str narration_text(const Narration *narration, Arena *arena);

#endif
