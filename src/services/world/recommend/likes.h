/* Who liked what, and how much: everybody's tastes, person by person. Filled by likes_add in any order, then sealed, then
 * only read. */
#ifndef NERDX_SERVICES_WORLD_RECOMMEND_LIKES_H
#define NERDX_SERVICES_WORLD_RECOMMEND_LIKES_H

#include "base/keymap.h"
#include "base/str.h"

/* Something somebody did with an item. */
typedef struct Like {
    uint32_t item;
    uint32_t newer; /* how many of the same person's are newer: 0 = the latest; of the same moment, none is */
    float score;    /* -1 to 1; below 0 is dislike */
} Like;

typedef struct LikesDeed LikesDeed;

typedef struct Likes {
    Arena text;
    Str *people; /* in the order of their keys */
    size_t people_count;
    Str *items; /* likewise */
    size_t item_count;
    size_t *first; /* of each person, and one behind the last */
    Like *likes;   /* by item within a person */
    StrIdMap by_person;
    StrIdMap by_item;
    LikesDeed *deeds; /* until it is sealed */
    size_t deed_count;
    size_t deed_capacity;
} Likes;

void likes_init(Likes *likes);
void likes_finish(Likes *likes); /* accepts a zeroed one */

/* Of what a person did with one item the scores add up, to between -1 and 1, and the latest moment counts. */
void likes_add(Likes *likes, Str person, Str item, double score, int64_t at_us);
void likes_seal(Likes *likes);

/* Keeps only what the items are called. */
void likes_forget_people(Likes *likes);

/* How many people liked each item (a score above 0). */
uint32_t *likes_popularity(const Likes *likes);

/* Fills in `newer` of one person's likes, from their moments. */
void likes_rank(Like *likes, const int64_t *at_us, size_t count);

#endif
