/* What the parts of `nerdx review` share: review.c has the subcommands, review_show.c prints, review_walk.c asks one by
 * one. */
#ifndef NERDX_APP_REVIEW_H
#define NERDX_APP_REVIEW_H

#include "app/app.h"
#include "services/world/review/review.h"

typedef struct Review {
    App app;
    bool korean;
    bool json;
    Str source; /* absent = of all documents */
} Review;

/* Gives each proposal, by number; what it gets is gone after the call. An error ends it and is returned. */
typedef Err (*ReviewFn)(void *context, Review *review, const Proposal *proposal);
Err review_each(Review *review, bool decided, ReviewFn on_proposal, void *context);

/* A proposal as people read it. */
Err review_print(Review *review, const Proposal *proposal);

/* As programs do: an object. */
Err review_put_json(Review *review, const Proposal *proposal, Buf *out);

/* One by one in the terminal, a key each, until there are no more or q. */
Err review_walk(Review *review);

#endif
