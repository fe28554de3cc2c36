#include "stores/kv/listeners.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/kv/twin.h"

struct KvSubscription {
    Kv *kv;
    KvMessageFn on_message;
    void *context;
    KvSubscription *next;
    bool is_confirmed;
    size_t channel_len;
    char channel[];
};

void kv_listeners_init(KvListeners *listeners)
{
    *listeners = (KvListeners){0};
    pthread_mutex_init(&listeners->lock, NULL);
    cond_init(&listeners->confirmed);
}

void kv_listeners_finish(KvListeners *listeners)
{
    pthread_cond_destroy(&listeners->confirmed);
    pthread_mutex_destroy(&listeners->lock);
}

static Str channel_of(const KvSubscription *subscription)
{
    return (Str){subscription->channel, subscription->channel_len};
}

static bool has_channel(const KvSubscription *first, Str channel)
{
    for (; first; first = first->next)
        if (str_equal(channel_of(first), channel))
            return true;
    return false;
}

KvSubscription *kv_listeners_add(Kv *kv, Str channel, KvMessageFn on_message, void *context, bool *is_first)
{
    KvSubscription *subscription = memory_alloc(sizeof *subscription + channel.len);

    *subscription = (KvSubscription){kv, on_message, context, NULL, false, channel.len};
    memcpy(subscription->channel, channel.data, channel.len);
    MUTEX_HOLD(&kv->listeners.lock);
    *is_first = !has_channel(kv->listeners.first, channel);
    subscription->next = kv->listeners.first;
    kv->listeners.first = subscription;
    return subscription;
}

Kv *kv_listeners_remove(KvSubscription *subscription, Arena *arena, Str *channel)
{
    Kv *kv = subscription->kv;
    KvSubscription **link = &kv->listeners.first;

    MUTEX_HOLD(&kv->listeners.lock);
    while (*link != subscription)
        link = &(*link)->next;
    *link = subscription->next;
    *channel = has_channel(kv->listeners.first, channel_of(subscription))
                   ? (Str){0}
                   : str_copy(arena, channel_of(subscription));
    memory_free(subscription);
    return kv;
}

void kv_listeners_confirm(KvListeners *listeners, Str channel)
{
    MUTEX_HOLD(&listeners->lock);
    for (KvSubscription *one = listeners->first; one; one = one->next)
        if (str_equal(channel_of(one), channel))
            one->is_confirmed = true;
    pthread_cond_broadcast(&listeners->confirmed);
}

static bool is_confirmed(const KvSubscription *first, Str channel)
{
    for (; first; first = first->next)
        if (first->is_confirmed && str_equal(channel_of(first), channel))
            return true;
    return false;
}

void kv_listeners_wait(KvListeners *listeners, Str channel)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + KV_TIMEOUT_MS * 1000LL;

    MUTEX_HOLD(&listeners->lock);
    while (!is_confirmed(listeners->first, channel))
        if (!cond_wait_until(&listeners->confirmed, &listeners->lock, until_us))
            return;
}

void kv_listeners_tell(KvListeners *listeners, Str channel, Str message)
{
    MUTEX_HOLD(&listeners->lock);
    for (KvSubscription *one = listeners->first; one; one = one->next)
        if (str_equal(channel_of(one), channel))
            one->on_message(one->context, message);
}

void kv_listeners_each(KvListeners *listeners, void (*take)(void *context, Str channel), void *context)
{
    MUTEX_HOLD(&listeners->lock);
    for (KvSubscription *one = listeners->first; one; one = one->next)
        if (!has_channel(one->next, channel_of(one)))
            take(context, channel_of(one));
}
