/* How it is decided what a turn tells: planners are asked one after the other (decide.c) until one has a plan. Each
 * looks at the message's cues and topic, and at what the talk has been about. */
#ifndef NERDX_SERVICES_AGENTS_PLANNING_H
#define NERDX_SERVICES_AGENTS_PLANNING_H

#include "services/agents/topic.h"

/* Leaves turn->plan.move at MOVE_NOTHING when it has no plan. */
typedef Err Planner(Turn *turn, const Topic *topic);

Planner plan_first;          /* plan_wants.c: what search would answer with something beside the point */
Planner plan_image;          /* plan_remarks.c: brewing seen from the visitor's craft */
Planner plan_remark;         /* plan_remarks.c: no question about the world */
Planner plan_comparison;     /* plan_things.c: two things side by side */
Planner plan_extreme;        /* plan_things.c: the strongest bottle */
Planner plan_list;           /* plan_things.c: what there is of a kind */
Planner plan_match;          /* plan_match.c: what goes with a dish, or is of a place */
Planner plan_manner;         /* plan_match.c: how a drink is served, kept … */
Planner plan_recommendation; /* plan_picks.c: what to try */
Planner plan_story;          /* plan_story.c */
Planner plan_choice;         /* plan_answer.c: "the second one", "the other one" */
Planner plan_answer;         /* plan_answer.c: what was asked of the topic */
Planner plan_step;           /* plan_wants.c: "gentler?", when something was recommended */
Planner plan_want;           /* plan_wants.c: what is wanted by the kind of words, when nothing was found */

/* For turn->want, when the rest of what was heard is there (plan_wants.c). */
const Want *turn_want(const Turn *turn);

/* --- what to try (plan_picks.c) --- */
typedef struct Picking {
    bool any_taste; /* else by the tastes of the message, or what is known of the visitor's */
    double abv_min; /* in per cent */
    double abv_max; /* 0: any */
    bool fresh;     /* only what nobody has been to */
    bool for_food;  /* it is for a dish */
} Picking;

/* Products that may suit, at most so many. Errors: those of the world. */
Err plan_offers(const Turn *turn, const Picking *picking, int64_t limit, Recommendations *out);

/* Recommends of those; leaves the move at MOVE_NOTHING when there is none. */
Err plan_pick(Turn *turn, const Picking *picking);

/* --- the talk so far (talk.c) --- */
bool turn_heard(const Turn *turn, Cue cue);
Str talk_focus(const Turn *turn);                  /* what was talked about last; empty: nothing yet */
Str talk_focus_before(const Turn *turn, Str than); /* the latest other than that */
Texts talk_choices(const Turn *turn);              /* what was last put side by side, in that order */
bool talk_last_was(const Turn *turn, Move move);   /* whether the last answer did that */
bool talk_been_to(const Turn *turn, Str id);       /* told about, or offered */
Str talk_first_told(const Turn *turn,
                    size_t back);         /* what the answer so many turns back was about; empty: nothing */
bool talk_told(const Turn *turn, Str id); /* told about as what an answer was about */

/* Adds an entity to the plan; nothing when the world doesn't know it (any more), or it is in the plan. */
Err plan_add(Turn *turn, Str id);
void plan_add_fact(Turn *turn, const Fact *fact);

/* The first neighbour with that label which nobody has been to, of those the visitor may hear about; empty: none. */
Str plan_neighbour(const Turn *turn, const Fact *fact, Str label);

/* Whether the fact itself has what was asked, in its properties, relationships or text (plan_answer.c). */
bool plan_has_answer(const Turn *turn, const Fact *fact);

/* A story to tell when no word says which (plan_story.c); empty: all were told. */
Str plan_favourite(const Turn *turn);

#endif
