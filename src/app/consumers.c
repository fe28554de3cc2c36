/* Who hears events (stores/queue/events.h): every service that does has a row here. */
#include "app/app.h"

/* Of a service: who it is to events. It is there in each process, or its hear is NULL. */
typedef EventConsumer (*ConsumerOf)(const App *app);

static const ConsumerOf CONSUMERS[] = {
    NULL, /* the end */
};

static Err subscribe(const App *app, Queue *queue)
{
    for (const ConsumerOf *of = CONSUMERS; *of != NULL; of++) {
        EventConsumer consumer = (*of)(app);
        TRY(queue_subscribe(queue, &consumer));
    }
    return OK;
}

Err app_subscribe(App *app)
{
    app->queues[app->queue_count++] = auth_queue(app->auth);
    for (size_t i = 0; i < app->queue_count; i++)
        TRY(subscribe(app, app->queues[i]));
    return OK;
}
