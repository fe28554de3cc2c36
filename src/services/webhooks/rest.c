#include "services/webhooks/rest.h"

#include "base/thread.h"

static const int64_t SLOW_US = 2 * US_PER_S;
static const int64_t FIRST_REST_US = 60 * US_PER_S;
static const int64_t LONGEST_REST_US = 900 * US_PER_S;

typedef struct Beginning {
    Str webhook_id;
    int64_t seen_us;
    int64_t until_us;
    int64_t begun;
} Beginning;

static Err begin(void *context, Tx *tx)
{
    Beginning *beginning = context;

    return webhooks_sql_try_rested(tx, beginning->webhook_id, beginning->seen_us, beginning->until_us,
                                   &beginning->begun);
}

/* Until what comes of it is noted, the others wait; should its worker die, for as long as it might have taken. */
Err rest_ask(const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, RestTurn *out)
{
    int64_t now_us = webhooks_now_us(webhooks), try_us = WEBHOOK_TRY_S * US_PER_S;
    Beginning beginning = {webhook->webhook_id, webhook->resting_until_us, now_us + try_us, 0};

    *out = (RestTurn){0};
    if (webhook->resting_until_us == 0)
        return OK;
    out->wait_us = webhook->resting_until_us - now_us;
    if (out->wait_us > 0)
        return OK;
    TRY(sql_transact(webhooks->sql, begin, &beginning));
    out->seen_us = beginning.until_us;
    out->wait_us = beginning.begun > 0 ? 0 : try_us;
    return OK;
}

Err rest_give_back(const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, const RestTurn *turn)
{
    Beginning before = {webhook->webhook_id, turn->seen_us, webhook->resting_until_us, 0};

    return turn->seen_us == 0 ? OK : sql_transact(webhooks->sql, begin, &before);
}

static int64_t rest_of(int64_t hangs)
{
    int64_t rest_us = FIRST_REST_US;

    for (int64_t i = 1; i < hangs && rest_us < LONGEST_REST_US; i++)
        rest_us *= 2;
    return rest_us < LONGEST_REST_US ? rest_us : LONGEST_REST_US;
}

/* One that takes what it is given, and is slow, rests for as long as it works. */
Err rest_note(Tx *tx, const Webhooks *webhooks, const WebhooksSqlEndpoint *webhook, const RestTurn *turn)
{
    bool is_soon = turn->took_us < SLOW_US;
    int64_t hangs = is_soon || turn->is_taken ? 0 : webhook->hangs + 1;
    int64_t rest_us = turn->is_taken ? turn->took_us : rest_of(hangs);

    if (is_soon && turn->seen_us == 0)
        return OK;
    return webhooks_sql_rest(tx, webhook->webhook_id, turn->seen_us, hangs,
                             is_soon ? 0 : webhooks_now_us(webhooks) + rest_us, NULL);
}

/* ---- those that are under way */

static bool is_slow(const Webhooks *webhooks, const RestPost *post)
{
    return clock_monotonic_us(webhooks->config.clock) - post->begun_us >= SLOW_US;
}

static const RestPost *first_to(const Webhooks *webhooks, Str webhook_id)
{
    const RestPost *post = webhooks->posts;

    while (post != NULL && !str_equal(post->webhook_id, webhook_id))
        post = post->next;
    return post;
}

/* The link that leads to it; NULL: the last one. */
static RestPost **link_to(Webhooks *webhooks, const RestPost *post)
{
    RestPost **link = &webhooks->posts;

    while (*link != post)
        link = &(*link)->next;
    return link;
}

bool rest_begin_post(Webhooks *webhooks, RestPost *post)
{
    MUTEX_HOLD(&webhooks->lock);
    const RestPost *first = first_to(webhooks, post->webhook_id);

    if (first != NULL && is_slow(webhooks, first))
        return false;
    *link_to(webhooks, NULL) = post;
    return true;
}

bool rest_gives_way(Webhooks *webhooks, const RestPost *post)
{
    MUTEX_HOLD(&webhooks->lock);
    return is_slow(webhooks, post) && first_to(webhooks, post->webhook_id) != post;
}

void rest_end_post(Webhooks *webhooks, const RestPost *post)
{
    MUTEX_HOLD(&webhooks->lock);
    *link_to(webhooks, post) = post->next;
}
