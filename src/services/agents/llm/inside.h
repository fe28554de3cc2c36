/* The room from inside. Arrows: improvise -> prompt, toolbox, speech -> improviser. */
#ifndef NERDX_SERVICES_AGENTS_LLM_INSIDE_H
#define NERDX_SERVICES_AGENTS_LLM_INSIDE_H

#include "services/agents/generator.h"
#include "services/agents/grounding/grounding.h"
#include "services/agents/llm/improviser.h"

enum {
    TOOLS_MAX = 8,
    FACTS_TOLD_MAX = 6,
    MESSAGES_MAX = 2 * BUFFER_TURNS + 2 + 32,
    PARTS_MAX = FACTS_TOLD_MAX + 10
};

/* What runs a tool: fills in *result, text for the model. An error of INVALID or NOT_FOUND is told to the model. */
typedef Err (*ToolFn)(Improvisation *improvisation, const json_t *arguments, Buf *result);

struct Improviser {
    Llm *llm;
    Arena arena;
    json_t *file; /* prompt.yaml */
    Metrics *metrics;
    LlmTool tools[TOOLS_MAX];
    ToolFn runs[TOOLS_MAX];
    size_t tool_count;
};

/* One answer that is being made. */
struct Improvisation {
    const Improviser *improviser;
    Turn *turn;
    Arena *arena;
    Grounds grounds;
    LlmMessage *messages; /* as many as there is room for; MESSAGES_MAX at the most */
    size_t message_count;
    size_t message_room;
    Str parts[PARTS_MAX]; /* of the first message */
    size_t part_count;
    const Fact *facts[FACTS_TOLD_MAX]; /* what the model was told of */
    Texts aliases[FACTS_TOLD_MAX];
    size_t fact_count;
    bool handed_off;
    bool looked_up; /* by a tool, and found something */

    /* how far it is: answers that couldn't be sent; within one, requests and the calls of tools that they led to */
    size_t answers;
    size_t rounds;
    size_t calls;
    bool must_speak; /* no more is looked up */
    LlmRequest request;
    LlmAnswer answer;
    Err result; /* how it ended */

    /* what it says */
    Buf pending; /* text whose sentence isn't over */
    Buf whole;   /* all of this round's */
    bool opens;  /* the next sentence begins a paragraph */
    size_t paragraphs;
    bool is_full; /* no more is sent: four paragraphs, or as many sentences as there is room for */
    size_t withheld;
    Str missing; /* what the first sentence that didn't rest on anything claimed */
    bool began;  /* the first token was there */
};

/* improviser.c: texts of prompt.yaml, by path: ("rules", "ko"). Absent when there is none. */
Str prompt_text(const Improviser *improviser, const char *group, const char *key);
Str prompt_context(const Improviser *improviser, Tongue tongue, const char *key);

typedef enum Withheld { WITHHELD_FORBIDDEN, WITHHELD_UNGROUNDED, WITHHELD_COUNT } Withheld;
void improviser_count_withheld(const Improviser *improviser, Withheld why);
void improviser_count_regenerated(const Improviser *improviser);
void improviser_count_answer(const Improviser *improviser);
void improviser_count_fallback(const Improviser *improviser, Fallback why);

/* prompt.c: the messages before the model has said anything; what is in them may be rested on. Errors: those of the world. */
Err prompt_write(Improvisation *improvisation);
void prompt_add(Improvisation *improvisation, LlmMessage message); /* what doesn't fit is left out */
Str prompt_sheet(Improvisation *improvisation, const Fact *fact, Texts aliases);
/* Material: made harmless, and something to rest on. */
Str prompt_material(Improvisation *improvisation, Str text);

/* toolbox.c */
ToolFn toolbox_find(Str operation);
Json toolbox_parameters(Str operation);
/* Runs what the model called and adds calls and results to the messages. Errors: those that no other call would help. */
Err toolbox_run(Improvisation *improvisation, const LlmAnswer *answer);

/* speech.c: a sink for the model's text; each sentence is guarded, grounded and sent once it is whole. */
void speech_begin(Improvisation *improvisation);
Err speech_hear(void *context, Str piece); /* context: the improvisation */
Err speech_end(Improvisation *improvisation);

#endif
