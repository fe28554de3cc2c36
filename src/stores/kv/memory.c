/* In this process's memory: a hash table in shards, each with a lock of its own. What has expired is taken out by who
 * comes across it; everyone who puts, or makes an entry, looks at two more places for it. */
#include "base/clock.h"
#include "base/fingerprint.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/kv/twin.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { SHARDS = 64, FIRST_PLACES = 64, SWEPT_A_WRITE = 2, US_A_MS = 1000 };

typedef struct Entry {
    struct Entry *next;
    uint64_t hash;
    int64_t until_ms; /* monotonic; 0 = for good */
    int64_t number;   /* when text is NULL */
    char *text;
    size_t text_len;
    size_t key_len;
    char key[];
} Entry;

typedef struct Shard {
    pthread_mutex_t lock;
    Entry **places; /* a power of two of them */
    size_t place_count;
    size_t count;
    size_t swept; /* where the next look for expired ones begins */
} Shard;

typedef struct MemoryKv {
    Kv kv;
    FingerprintKey key; /* of the hash: who chooses keys can't make them meet */
    atomic_size_t count;
    Shard shards[SHARDS];
} MemoryKv;

static int64_t now_ms(void)
{
    return clock_monotonic_us(clock_system()) / US_A_MS;
}

static uint64_t hash_of(const MemoryKv *memory, Str key)
{
    return fingerprint_word(&memory->key, key);
}

static Shard *shard_of(MemoryKv *memory, uint64_t hash)
{
    return &memory->shards[hash >> 58];
}

static void drop(MemoryKv *memory, Shard *shard, Entry **link)
{
    Entry *entry = *link;

    *link = entry->next;
    memory_free(entry->text);
    memory_free(entry);
    shard->count--;
    atomic_fetch_sub_explicit(&memory->count, 1, memory_order_relaxed);
}

/* Where the key's entry is linked, or where a new one may be: at the end of its place. */
static Entry **find(MemoryKv *memory, Shard *shard, uint64_t hash, Str key, int64_t now)
{
    Entry **link = &shard->places[hash & (shard->place_count - 1)];

    while (*link) {
        Entry *entry = *link;
        if (entry->until_ms && entry->until_ms <= now)
            drop(memory, shard, link);
        else if (entry->hash == hash && entry->key_len == key.len &&
                 memcmp(entry->key, key.data, key.len) == 0)
            break;
        else
            link = &entry->next;
    }
    return link;
}

static void sweep(MemoryKv *memory, Shard *shard, int64_t now)
{
    for (int i = 0; i < SWEPT_A_WRITE; i++) {
        Entry **link = &shard->places[shard->swept++ & (shard->place_count - 1)];
        while (*link) {
            if ((*link)->until_ms && (*link)->until_ms <= now)
                drop(memory, shard, link);
            else
                link = &(*link)->next;
        }
    }
}

static void grow(Shard *shard)
{
    size_t old_count = shard->place_count;
    Entry **old = shard->places;

    shard->place_count = old_count * 2;
    shard->places = memory_zalloc(shard->place_count * sizeof(Entry *));
    for (size_t i = 0; i < old_count; i++)
        while (old[i]) {
            Entry *entry = old[i];
            Entry **place = &shard->places[entry->hash & (shard->place_count - 1)];
            old[i] = entry->next;
            entry->next = *place;
            *place = entry;
        }
    memory_free(old);
}

/* A new one at the link that find gave; NULL when there are too many. */
static Entry *add(MemoryKv *memory, Shard *shard, uint64_t hash, Str key, Entry **link)
{
    if (atomic_fetch_add_explicit(&memory->count, 1, memory_order_relaxed) >= KV_MOST_ENTRIES) {
        atomic_fetch_sub_explicit(&memory->count, 1, memory_order_relaxed);
        return NULL;
    }
    Entry *entry = memory_alloc(sizeof *entry + key.len);
    *entry = (Entry){.hash = hash, .key_len = key.len};
    memcpy(entry->key, key.data, key.len);
    *link = entry;
    if (++shard->count > shard->place_count)
        grow(shard);
    return entry;
}

static Err full(void)
{
    return err_retry_after(err(UNAVAILABLE, "the store in memory is full; try again"), 1);
}

/* --- one key --- */

static Err memory_get(Kv *kv, Arena *arena, Str key, Str *value)
{
    MemoryKv *memory = (MemoryKv *)kv;
    uint64_t hash = hash_of(memory, key);
    Shard *shard = shard_of(memory, hash);

    MUTEX_HOLD(&shard->lock);
    const Entry *entry = *find(memory, shard, hash, key, now_ms());
    if (entry && entry->text)
        *value = str_copy(arena, (Str){entry->text, entry->text_len});
    else if (entry)
        *value = str_format(arena, "%lld", (long long)entry->number);
    return OK;
}

static void set_text(Entry *entry, Str value)
{
    memory_free(entry->text);
    entry->text = memory_alloc(value.len + 1); /* an empty one is there, too */
    memcpy(entry->text, value.data, value.len);
    entry->text_len = value.len;
}

static Err memory_put(Kv *kv, Str key, Str value, int64_t ttl_ms, bool only_new, bool *is_put)
{
    MemoryKv *memory = (MemoryKv *)kv;
    uint64_t hash = hash_of(memory, key);
    Shard *shard = shard_of(memory, hash);
    int64_t now = now_ms();

    MUTEX_HOLD(&shard->lock);
    sweep(memory, shard, now);
    Entry **link = find(memory, shard, hash, key, now);
    Entry *entry = *link;
    *is_put = !entry || !only_new;
    if (!*is_put)
        return OK;
    if (!entry)
        entry = add(memory, shard, hash, key, link);
    if (!entry)
        return full();
    set_text(entry, value);
    entry->until_ms = ttl_ms ? now + ttl_ms : 0;
    return OK;
}

static Err memory_remove(Kv *kv, Str key, bool *was_there)
{
    MemoryKv *memory = (MemoryKv *)kv;
    uint64_t hash = hash_of(memory, key);
    Shard *shard = shard_of(memory, hash);

    MUTEX_HOLD(&shard->lock);
    Entry **link = find(memory, shard, hash, key, now_ms());
    *was_there = *link != NULL;
    if (*link)
        drop(memory, shard, link);
    return OK;
}

/* --- operations --- */

typedef struct Held {
    MemoryKv *memory;
    const Str *keys;
    int count;
    uint64_t hashes[KV_MOST_KEYS];
    Entry *entries[KV_MOST_KEYS]; /* once they are read; NULL: there is none */
} Held;

/* Each shard once, in the order of the shards, so that two operations can't wait for each other. */
static uint64_t shards_of(const Held *held)
{
    uint64_t bits = 0;

    for (int i = 0; i < held->count; i++)
        bits |= 1ULL << (held->hashes[i] >> 58);
    return bits;
}

static void each_shard(MemoryKv *memory, uint64_t bits, int (*act)(pthread_mutex_t *))
{
    for (; bits; bits &= bits - 1)
        (void)act(&memory->shards[__builtin_ctzll(bits)].lock);
}

static Err number_of(const Entry *entry, int64_t *out)
{
    *out = entry->number;
    if (entry->text && !str_to_int((Str){entry->text, entry->text_len}, out))
        return err(INVALID, "under this key is no whole number");
    return OK;
}

static Err read_cells(Held *held, int64_t now, KvCells *cells)
{
    for (int i = 0; i < held->count; i++) {
        Shard *shard = shard_of(held->memory, held->hashes[i]);
        Entry *entry = *find(held->memory, shard, held->hashes[i], held->keys[i], now);
        KvCell *cell = &cells->cells[i];
        held->entries[i] = entry;
        *cell = (KvCell){.is_there = entry != NULL};
        if (entry) {
            TRY(number_of(entry, &cell->value));
            cell->left_ms = entry->until_ms ? entry->until_ms - now : 0;
        }
    }
    return OK;
}

/* A new one, or one that a cell before this made; NULL when there are too many. */
static Entry *make(const Held *held, int i, int64_t now)
{
    Shard *shard = shard_of(held->memory, held->hashes[i]);

    sweep(held->memory, shard, now);
    Entry **link = find(held->memory, shard, held->hashes[i], held->keys[i], now);
    return *link ? *link : add(held->memory, shard, held->hashes[i], held->keys[i], link);
}

/* An entry that was read stays where it is: only what has expired is thrown away. */
static Err write_cell(const Held *held, int i, int64_t now, const KvCell *cell)
{
    Entry *entry = held->entries[i] ? held->entries[i] : make(held, i, now);

    if (!entry)
        return full();
    memory_free(entry->text);
    entry->text = NULL;
    entry->number = cell->value;
    entry->until_ms = cell->left_ms ? now + cell->left_ms : 0;
    return OK;
}

static Err run_held(Held *held, const KvOperation *operation, const int64_t *arguments, int64_t *results)
{
    KvCells cells; /* as many as there are keys */
    int64_t now = now_ms();

    cells.now_ms = clock_wall_us(clock_system()) / US_A_MS;
    TRY(read_cells(held, now, &cells));
    TRY(operation->embedded(&cells, arguments, results));
    for (int i = 0; i < held->count; i++)
        if (cells.cells[i].is_changed)
            TRY(write_cell(held, i, now, &cells.cells[i]));
    return OK;
}

static void hold(Held *held)
{
    for (int i = 0; i < held->count; i++)
        held->hashes[i] = hash_of(held->memory, held->keys[i]);
    each_shard(held->memory, shards_of(held), pthread_mutex_lock);
}

static void let_go(const Held *held)
{
    each_shard(held->memory, shards_of(held), pthread_mutex_unlock);
}

static Err memory_run(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
                      int64_t *results)
{
    __attribute__((cleanup(let_go))) Held held = {
        .memory = (MemoryKv *)kv, .keys = keys, .count = operation->key_count};

    hold(&held);
    return run_held(&held, operation, arguments, results);
}

static void memory_start(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
                         KvDoneFn done, void *context)
{
    int64_t results[KV_MOST_NUMBERS] = {0};
    Err e = memory_run(kv, operation, keys, arguments, results);

    done(context, e, results);
}

/* --- messages, opening, closing --- */

static Err memory_publish(Kv *kv, Str channel, Str message)
{
    kv_listeners_tell(&kv->listeners, channel, message);
    return OK;
}

static void note_nothing(Kv *kv, Str channel)
{
    (void)kv;
    (void)channel;
}

static Err memory_ready(Kv *kv)
{
    (void)kv;
    return OK;
}

static Err memory_open(const char *address, const char *password, Kv **out)
{
    (void)password;
    if (strcmp(address, ":") != 0)
        return err(INVALID, "memory: takes nothing behind the colon");
    MemoryKv *memory = memory_new(MemoryKv);
    memory->kv.twin = &KV_MEMORY_TWIN;
    memory->key = fingerprint_key_new();
    kv_listeners_init(&memory->kv.listeners);
    for (int i = 0; i < SHARDS; i++) {
        Shard *shard = &memory->shards[i];
        pthread_mutex_init(&shard->lock, NULL);
        shard->place_count = FIRST_PLACES;
        shard->places = memory_zalloc(FIRST_PLACES * sizeof(Entry *));
    }
    *out = &memory->kv;
    return OK;
}

static void empty(MemoryKv *memory, Shard *shard)
{
    for (size_t i = 0; i < shard->place_count; i++)
        while (shard->places[i])
            drop(memory, shard, &shard->places[i]);
    memory_free(shard->places);
    pthread_mutex_destroy(&shard->lock);
}

static void memory_close(Kv *kv)
{
    MemoryKv *memory = (MemoryKv *)kv;

    for (int i = 0; i < SHARDS; i++)
        empty(memory, &memory->shards[i]);
    kv_listeners_finish(&kv->listeners);
    memory_free(memory);
}

const KvTwin KV_MEMORY_TWIN = {
    .scheme = "memory",
    .open = memory_open,
    .close = memory_close,
    .ready = memory_ready,
    .get = memory_get,
    .put = memory_put,
    .remove = memory_remove,
    .start = memory_start,
    .run = memory_run,
    .publish = memory_publish,
    .listen = note_nothing,
    .leave = note_nothing,
};
