/* Who hears events (stores/queue/events.h): every service that does has a row here. */
#include "app/app.h"

#include <assert.h>

/* Of a service: who it is to events. It is there in each process, or its hear is NULL. */
typedef EventConsumer (*ConsumerOf)(const App *app);

static EventConsumer of_webhooks(const App *app)
{
    return webhooks_consumer(app->webhooks);
}

static EventConsumer of_notices(const App *app)
{
    return notify_consumer(app->notify);
}

static EventConsumer of_analytics(const App *app)
{
    return analytics_consumer(app->analytics);
}

static const ConsumerOf CONSUMERS[] = {
    of_webhooks,
    of_notices,
    of_analytics,
};

enum { CONSUMER_COUNT = sizeof CONSUMERS / sizeof *CONSUMERS };

static Err subscribe(const App *app, Queue *queue)
{
    for (size_t i = 0; i < CONSUMER_COUNT; i++) {
        EventConsumer consumer = CONSUMERS[i](app);
        TRY(queue_subscribe(queue, &consumer));
    }
    return OK;
}

EventConsumer app_consumer(size_t i)
{
    static const App NOBODY;

    return i < CONSUMER_COUNT ? CONSUMERS[i](&NOBODY) : (EventConsumer){0};
}

static void add_queue(App *app, Queue *queue)
{
    assert(app->queue_count < APP_QUEUES);
    app->queues[app->queue_count++] = queue;
}

Err app_subscribe(App *app)
{
    add_queue(app, auth_queue(app->auth));
    add_queue(app, webhooks_queue(app->webhooks));
    add_queue(app, notify_queue(app->notify));
    if (app->agents != NULL)
        add_queue(app, agents_queue(app->agents));
    if (app->world != NULL)
        add_queue(app, world_queue(app->world));
    for (size_t i = 0; i < app->queue_count; i++)
        TRY(subscribe(app, app->queues[i]));
    return OK;
}
