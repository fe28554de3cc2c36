/* What to recommend to one person, and why. The score of a thing adds up
 *  - what others who like the same say of it (recommend/model.h),
 *  - what it shares with what the person likes: stories, ingredients. It fades as people come to like the thing: then they
 *    know better,
 *  - preferences that its words fit, for it or against it, and a trace of how many like it, which decides when nothing else does.
 * The reason is the largest of these parts, and in it what has the largest part. */
#ifndef NERDX_SERVICES_WORLD_ADVICE_H
#define NERDX_SERVICES_WORLD_ADVICE_H

#include "services/world/guide.h"

/* Something the person did, with whatever of the guide it is. */
typedef struct Liking {
    Str id;
    uint32_t liked;   /* its number in the model, or GUIDE_NONE */
    uint32_t item;    /* or GUIDE_NONE */
    uint32_t feature; /* or GUIDE_NONE */
    float value;      /* -1 to 1 */
} Liking;

/* Something that the person likes things to be, in all the words that there are for it. */
typedef struct Preference {
    StrSet words; /* in either language */
    double value; /* -1 to 1: below 0 things should not be so */
} Preference;

typedef struct AdviceQuery {
    const Liking *likings;
    size_t liking_count;
    const Preference *preferences;
    size_t preference_count;
    Str category;   /* in either language; absent = all */
    double abv_min; /* from 0 to 100, both 0 to 100 = all, without abv too */
    double abv_max;
    bool with_seen; /* what the person did something with already, too */
    bool explain;
    size_t limit;
    const float
        *model_scores; /* of the model's items, where they are known already; NULL = to be found out */
} AdviceQuery;

typedef enum AdviceKind {
    ADVICE_LIKED,    /* people who liked because[0] liked it */
    ADVICE_DISLIKED, /* people who disliked because[0] liked it */
    ADVICE_SHARED, /* it shares because[1] with because[0]; or is joined to because[0], which the person likes */
    ADVICE_TASTE, /* its word is one of the preferences */
    ADVICE_POPULAR,
    ADVICE_THERE, /* nothing speaks for it but that it is there */
    ADVICE_KIND_COUNT
} AdviceKind;

typedef struct Advice {
    const GuideItem *item;
    double score;
    AdviceKind kind;
    Str because[2];
    size_t because_count;
    Str shared; /* the feature's kind: "shared_story" */
    Str word;   /* of the thing, as it is written there */
} Advice;

/* Best first, of equal ones the more liked, then by id. Ids and words are the guide's. */
size_t advise(const Guide *guide, Arena *arena, const AdviceQuery *query, Advice **out);

/* What a person's likes are in the guide; count of `likes` and their ids, which the model may not know. */
Liking guide_liking(const Guide *guide, Str id, const Like *like);

#endif
