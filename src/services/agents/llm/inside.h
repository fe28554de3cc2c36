/* The room from inside. Arrows: improvise -> prompt, toolbox, speech -> improviser. */
#ifndef NERDX_SERVICES_AGENTS_LLM_INSIDE_H
#define NERDX_SERVICES_AGENTS_LLM_INSIDE_H

#include "services/agents/generator.h"
#include "services/agents/grounding/grounding.h"
#include "services/agents/llm/improviser.h"

enum { FACTS_TOLD_MAX = 6, MESSAGES_MAX = 2 * BUFFER_TURNS + 2 + 32, PARTS_MAX = FACTS_TOLD_MAX + 10 };

struct Improviser {
    Llm *llm;
    Str name;      /* of the agent */
    json_t *file;  /* its prompt */
    json_t *house; /* the house's, for what it doesn't say; or NULL */
    Metrics *metrics;
    LlmTool offered[AGENT_TOOLS_MAX]; /* the agent's tools, as a model is told of them */
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
    size_t prompt_count;  /* of these: before the model had said anything */
    Str parts[PARTS_MAX]; /* of the first message */
    size_t part_count;
    Str earlier;                       /* of the session, in few words */
    const Fact *facts[FACTS_TOLD_MAX]; /* what the model was told of */
    Texts aliases[FACTS_TOLD_MAX];
    size_t fact_count;
    bool handed_off;
    bool looked_up; /* by a tool, and found something */

    /* how far it is: answers that couldn't be sent; within one, requests */
    size_t answers;
    int64_t rounds;
    bool must_speak; /* no more is looked up */
    LlmRequest request;
    LlmAnswer answer;
    const Err *result; /* how it ended (err_keep) */

    /* what it says */
    Buf pending; /* text whose sentence isn't over */
    Buf whole;   /* all of this round's */
    bool opens;  /* the next sentence begins a paragraph */
    size_t paragraphs;
    bool is_full; /* no more is sent: four paragraphs, or as many sentences as there is room for */
    size_t withheld;
    Str missing;   /* what the first sentence that didn't rest on anything claimed */
    bool began;    /* the first token was there */
    bool is_spent; /* the turn's tokens */
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
/* Runs what the model called, all at the same time, and adds calls and results to the messages in the order of the calls. What
 * fails is told to the model. Errors: those of the turn's log. */
Err toolbox_run(Improvisation *improvisation, const LlmAnswer *answer);
/* The call that waited: it is made when it was approved, and the model is told when not. */
Err toolbox_run_decided(Improvisation *improvisation);

/* talk.c: what was said and called since the prompt, to go on with in another process. */
Json talk_write(const Improvisation *improvisation);
Err talk_read(Improvisation *improvisation, Json talk);

/* speech.c: a sink for the model's text; each sentence is guarded, grounded and sent once it is whole. */
void speech_begin(Improvisation *improvisation);
Err speech_hear(void *context, Str piece); /* context: the improvisation */
Err speech_end(Improvisation *improvisation);

#endif
