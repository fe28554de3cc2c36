#include "services/auth/tokens/cache.h"

#include <sodium.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

/* Sets of a few slots, as processors have them: a print says which set, and its slots are looked through. A lock a group of
 * sets. Only tokens that were right get here, so nobody can aim at a set without signing tokens. */
enum { WAYS = 4, LOCKS = 64 };

typedef struct Slot {
    TokenPrint print;
    uint64_t version;
    uint64_t used; /* by the cache's own count; 0: free */
    Claims claims; /* in the room */
    void *room;
    size_t room_size;
} Slot;

typedef struct Set {
    Slot slots[WAYS];
    uint64_t uses;
} Set;

struct TokenCache {
    Set *sets;
    size_t set_count; /* a power of two */
    pthread_mutex_t locks[LOCKS];
};

TokenPrint token_print(Str token)
{
    TokenPrint print;

    (void)crypto_generichash(print.bytes, sizeof print.bytes, (const uint8_t *)token.data, token.len, NULL,
                             0);
    return print;
}

/* ---- claims in one piece of memory */

static size_t texts_size(const Claims *claims)
{
    size_t size =
        claims->permissions.count * sizeof(Str) + claims->subject.len + claims->session.len + claims->id.len;

    for (size_t i = 0; i < claims->permissions.count; i++)
        size += claims->permissions.items[i].len;
    return size;
}

static Str move(char **room, Str text)
{
    Str moved = {text.data != NULL ? *room : NULL, text.len};

    if (text.len > 0 && text.data != NULL)
        memcpy(*room, text.data, text.len);
    *room += text.len;
    return moved;
}

/* room: of texts_size bytes, aligned for a Str. */
static Claims copy_into(void *room, const Claims *claims)
{
    Claims copy = *claims;
    Str *items = room;
    char *rest = (char *)(items + claims->permissions.count);

    copy.permissions.items = items;
    for (size_t i = 0; i < claims->permissions.count; i++)
        items[i] = move(&rest, claims->permissions.items[i]);
    copy.subject = move(&rest, claims->subject);
    copy.session = move(&rest, claims->session);
    copy.id = move(&rest, claims->id);
    return copy;
}

/* ---- slots */

static void slot_clear(Slot *slot)
{
    if (slot->room != NULL)
        explicit_bzero(slot->room, slot->room_size);
    memory_free(slot->room);
    *slot = (Slot){0};
}

static size_t place_of(const TokenCache *cache, const TokenPrint *print)
{
    size_t number;

    memcpy(&number, print->bytes, sizeof number);
    return number & (cache->set_count - 1);
}

static Slot *slot_with(Set *set, const TokenPrint *print)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set->slots[i].used != 0 && memcmp(&set->slots[i].print, print, sizeof *print) == 0)
            return &set->slots[i];
    return NULL;
}

static Slot *slot_to_fill(Set *set)
{
    Slot *oldest = &set->slots[0];

    for (size_t i = 1; i < WAYS; i++)
        if (set->slots[i].used < oldest->used)
            oldest = &set->slots[i];
    return oldest;
}

/* ---- the whole */

TokenCache *token_cache_create(size_t entries)
{
    TokenCache *cache = memory_new(TokenCache);

    cache->set_count = 1;
    while (cache->set_count * WAYS < entries)
        cache->set_count *= 2;
    cache->sets = memory_zalloc(cache->set_count * sizeof *cache->sets);
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_init(&cache->locks[i], NULL);
    return cache;
}

void token_cache_destroy(TokenCache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < cache->set_count * WAYS; i++)
        slot_clear(&cache->sets[i / WAYS].slots[i % WAYS]);
    for (size_t i = 0; i < LOCKS; i++)
        (void)pthread_mutex_destroy(&cache->locks[i]);
    memory_free(cache->sets);
    memory_free(cache);
}

bool token_cache_get(TokenCache *cache, const TokenPrint *print, uint64_t version, Arena *arena, Claims *out)
{
    size_t place = place_of(cache, print);
    Set *set = &cache->sets[place];

    MUTEX_HOLD(&cache->locks[place % LOCKS]);
    Slot *slot = slot_with(set, print);
    if (slot == NULL || slot->version != version)
        return false;
    slot->used = ++set->uses;
    *out = copy_into(arena_alloc(arena, slot->room_size), &slot->claims);
    return true;
}

void token_cache_put(TokenCache *cache, const TokenPrint *print, uint64_t version, const Claims *claims)
{
    size_t place = place_of(cache, print);
    Set *set = &cache->sets[place];

    MUTEX_HOLD(&cache->locks[place % LOCKS]);
    Slot *slot = slot_with(set, print);
    if (slot == NULL)
        slot = slot_to_fill(set);
    slot_clear(slot);
    *slot = (Slot){.print = *print, .version = version, .used = ++set->uses, .room_size = texts_size(claims)};
    slot->room = memory_alloc(slot->room_size);
    slot->claims = copy_into(slot->room, claims);
}

static void forget_in(Set *set, Str session)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set->slots[i].used != 0 && str_equal(set->slots[i].claims.session, session))
            slot_clear(&set->slots[i]);
}

void token_cache_forget(TokenCache *cache, Str session)
{
    for (size_t place = 0; place < cache->set_count; place++) {
        MUTEX_HOLD(&cache->locks[place % LOCKS]);
        forget_in(&cache->sets[place], session);
    }
}
