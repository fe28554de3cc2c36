#include "stores/queue/interest.h"

#include "stores/queue/inside.h"

enum { FIRST_TYPES = 8, IDLE_CALL_US = 50 * 1000 };

bool event_matches(Str pattern, Str type)
{
    return pattern.len > 0 && pattern.data[pattern.len - 1] == '*'
               ? str_starts(type, str_slice(pattern, 0, pattern.len - 1))
               : str_equal(type, pattern);
}

static bool is_subscribed(const EventConsumer *consumer, Str type)
{
    for (const char *const *pattern = consumer->types; *pattern != NULL; pattern++)
        if (event_matches(str_from(*pattern), type))
            return true;
    return false;
}

/* One that can't be asked is told, and tried again as long as that fails. */
static bool is_wanted(const EventConsumer *consumer, Arena *arena, Str type)
{
    bool wanted = is_subscribed(consumer, type);

    if (!wanted || consumer->wants == NULL)
        return wanted;
    Err e = consumer->wants(consumer->context, arena, type, &wanted);
    return failed(&e) || wanted;
}

static const Wanted *ask(const Interest *interest, Wanted *wanted)
{
    const Queue *queue = interest->queue;

    for (size_t i = 0; i < queue->subscription_count; i++) {
        wanted->by[i] = is_wanted(&queue->subscriptions[i].consumer, interest->arena, wanted->type);
        wanted->by_anybody |= wanted->by[i];
    }
    return wanted;
}

const Wanted *interest_find(Interest *interest, Str type)
{
    for (size_t i = 0; i < interest->count; i++)
        if (str_equal(interest->known[i].type, type))
            return &interest->known[i];
    ARENA_MORE(interest->arena, interest->known, interest->count, interest->capacity, FIRST_TYPES);
    interest->known[interest->count] = (Wanted){.type = type};
    return ask(interest, &interest->known[interest->count++]);
}

void interest_note(const Interest *interest)
{
    bool is_wanted = false;

    for (size_t i = 0; i < interest->count; i++)
        is_wanted |= interest->known[i].by_anybody;
    if (interest->count > 0)
        atomic_store(&interest->queue->is_unheard, !is_wanted);
}

/* Where nobody listens a worker is woken now and then only, so that it does many at once. */
void interest_call(Queue *queue)
{
    int64_t now_us = clock_monotonic_us(queue->clock);

    if (atomic_load(&queue->is_unheard) && now_us - atomic_load(&queue->called_us) < IDLE_CALL_US)
        return;
    atomic_store(&queue->called_us, now_us);
    queue_call(queue);
}
