/* `nerdx review` in a terminal: each proposal is shown, and a key says what becomes of it. */
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "app/review.h"

enum { CTRL_C = 3, CTRL_D = 4 };

typedef struct Walk {
    int64_t accepted;
    int64_t rejected;
    bool is_over;
} Walk;

/* One key, without waiting for Enter. The terminal is as it was before the call returns; CTRL_C and the end of input
 * count as q. */
static char read_key(void)
{
    struct termios before;
    struct termios raw;
    char key = 'q';

    (void)fflush(stdout);
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return key;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    if (read(STDIN_FILENO, &key, 1) != 1 || key == CTRL_C || key == CTRL_D)
        key = 'q';
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    return key;
}

/* What can't be accepted now is said, and waits on. */
static Err decide(Walk *walk, Review *review, const Proposal *proposal, bool accepts)
{
    Err e = accepts ? review_accept(review->app.world, review->app.proposals, proposal)
                    : review_reject(review->app.world, review->app.proposals, proposal);

    if (e.code == UNPROCESSABLE || e.code == CONFLICT) {
        printf("%s\n\n", e.message);
        return OK;
    }
    TRY(e);
    walk->accepted += accepts;
    walk->rejected += !accepts;
    puts(accepts ? "accepted\n" : "rejected\n");
    return OK;
}

static Err ask(void *context, Review *review, const Proposal *proposal)
{
    Walk *walk = context;

    if (walk->is_over)
        return OK;
    TRY(review_print(review, proposal));
    for (;;) {
        (void)fputs("[a]ccept, [r]eject, [s]kip, [q]uit? ", stdout);
        switch (read_key()) {
        case 'a':
            return decide(walk, review, proposal, true);
        case 'r':
            return decide(walk, review, proposal, false);
        case 's':
            puts("skipped\n");
            return OK;
        case 'q':
            puts("");
            walk->is_over = true;
            return OK;
        default:
            puts("");
        }
    }
}

Err review_walk(Review *review)
{
    Walk walk = {0};

    TRY(review_each(review, false, ask, &walk));
    printf("%lld accepted, %lld rejected\n", (long long)walk.accepted, (long long)walk.rejected);
    return OK;
}
