/* What a message wants, by classes of words, for when nothing was found for it: content/agents/maeju/wants.yaml. Read
 * once, never changed after that.
 *
 *     const Want *want = wants_hear(wants, folded, wants_words(wants, folded) | taste and talk, as they are);
 */
#ifndef NERDX_SERVICES_AGENTS_NARRATOR_WANTS_H
#define NERDX_SERVICES_AGENTS_NARRATOR_WANTS_H

#include "services/agents/phrases.h"

/* What a message speaks of. The last two aren't heard in its words alone: whoever asks adds them. */
typedef enum WordClass {
    WORDS_DRINK,
    WORDS_FOOD,
    WORDS_OCCASION,
    WORDS_PERSON,
    WORDS_ELSEWHERE,
    WORDS_TASTE,
    WORDS_TALK,
    WORDS_COUNT
} WordClass;

#define WORDS_BIT(class) (UINT32_C(1) << (class))

typedef enum WantDoes {
    WANT_RECOMMEND,
    WANT_ANOTHER,
    WANT_WEAKER,
    WANT_STRONGER,
    WANT_STORY,
    WANT_TELL,
    WANT_MISS,
    WANT_SELLER, /* a matter for whoever sells */
    WANT_DOES_COUNT
} WantDoes;

typedef struct Want {
    Listener *listener;
    uint32_t needs; /* WORDS_BITs, one of them at least; 0: none */
    WantDoes does;
    Texts about; /* ids to tell of, in this order */
    bool first;  /* counts before anything that was found */
    Texts of;    /* labels: asked of such a thing, it counts before the thing itself */
} Want;

enum { WANTS_MAX = 40 };

typedef struct Wants Wants;

/* content: wants.yaml as it was read, which is to outlive *out. Errors: INVALID naming the row and what is wrong in it. */
Err wants_create(Arena *arena, const json_t *content, Wants **out);
void wants_destroy(Wants *wants); /* accepts NULL */

/* WORDS_BITs of a folded text. */
uint32_t wants_words(const Wants *wants, Str folded);

/* Whether a message with these words speaks of something else, and of no drink. */
bool wants_are_elsewhere(uint32_t words);

/* Whether it counts before anything that was found; want may be NULL. */
bool wants_first(const Want *want);

/* The first that is heard and has what it needs; NULL without one, or when the message speaks of something else. */
const Want *wants_hear(const Wants *wants, Str folded, uint32_t words);

#endif
