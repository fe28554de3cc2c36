#include "services/analytics/walk.h"

#include <string.h>

#include "base/keymap.h"
#include "services/analytics/analytics_sql.h"
#include "services/analytics/room.h"

enum { SHARDS = 16, FIRST_BYTES = 256, A_SHARD = FIRST_BYTES / SHARDS };

/* A visitor's events of a day. */
typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;
    Str events;
};

typedef struct Person {
    Str visitor;
    Chunk *first, *last;
    size_t events;
} Person;

typedef struct Shard {
    Arena arena;
    StrIdMap numbers;
    Person *people;
    size_t count, capacity;
    WalkEvent *events;
    size_t events_capacity;
} Shard;

static void shard_finish(Shard *shard)
{
    keymap_finish(&shard->numbers);
    arena_finish(&shard->arena);
}

static Person *person_of(Shard *shard, Str visitor)
{
    uint32_t number = keymap_get(&shard->numbers, visitor);

    if (number != KEYMAP_NONE)
        return &shard->people[number];
    visitor = str_copy(&shard->arena, visitor);
    *keymap_place(&shard->numbers, visitor) = (uint32_t)shard->count;
    ARENA_MORE(&shard->arena, shard->people, shard->count, shard->capacity, 1024);
    Person *person = &shard->people[shard->count++];
    *person = (Person){.visitor = visitor};
    return person;
}

/* Days come in their order. */
static Err add_row(void *context, const AnalyticsSqlScanVisits *row)
{
    Shard *shard = context;
    Person *person = person_of(shard, (Str){row->visitor.data, row->visitor.len});
    Chunk *chunk = arena_new(&shard->arena, Chunk);

    chunk->events = str_copy(&shard->arena, (Str){row->events.data, row->events.len});
    if (person->last != NULL)
        person->last->next = chunk;
    else
        person->first = chunk;
    person->last = chunk;
    person->events += row_count(row->events.len);
    return OK;
}

typedef struct Walk {
    Sql *sql;
    int64_t from_ms, to_ms;
    void (*on_visitor)(void *context, const Visited *visited);
    void *context;
} Walk;

static size_t read_chunk(const Walk *walk, Str bytes, WalkEvent *out)
{
    size_t count = 0;

    for (size_t at = 0; at + EVENT_BYTES <= bytes.len; at += EVENT_BYTES) {
        const uint8_t *id = (const uint8_t *)bytes.data + at;
        int64_t at_ms = event_id_ms(id);
        if (at_ms >= walk->from_ms && at_ms < walk->to_ms)
            out[count++] = (WalkEvent){at_ms, id[EVENT_ID_BYTES]};
    }
    return count;
}

static void show(const Walk *walk, Shard *shard, const Person *person)
{
    size_t count = 0;

    if (person->events > shard->events_capacity) {
        shard->events_capacity = 2 * person->events;
        shard->events = arena_array(&shard->arena, WalkEvent, shard->events_capacity);
    }
    for (const Chunk *chunk = person->first; chunk != NULL; chunk = chunk->next)
        count += read_chunk(walk, chunk->events, shard->events + count);
    if (count > 0)
        walk->on_visitor(walk->context, &(Visited){
                                            .visitor = person->visitor,
                                            .events = shard->events,
                                            .count = count,
                                            .is_known = person->visitor.len == VISITOR_BYTES,
                                        });
}

/* Visitors whose first byte is of the shard; behind the last there is nothing but longer than any visitor. */
static Err read_shard(const Walk *walk, Shard *shard, unsigned number)
{
    uint8_t first = (uint8_t)(number * A_SHARD), behind[VISITOR_BYTES + 1];
    SqlBlob end = {behind, 1};

    memset(behind, UINT8_MAX, sizeof behind);
    if (number + 1 < SHARDS)
        behind[0] = (uint8_t)((number + 1) * A_SHARD);
    else
        end.len = sizeof behind;
    for (int64_t day = walk->from_ms / ANALYTICS_DAY_MS; day * ANALYTICS_DAY_MS < walk->to_ms; day++)
        TRY(analytics_sql_scan_visits(walk->sql, NULL, day, (SqlBlob){&first, 1}, end, add_row, shard));
    return OK;
}

static Err walk_shard(const Walk *walk, unsigned number)
{
    __attribute__((cleanup(shard_finish))) Shard shard = {0};

    arena_init(&shard.arena);
    TRY(read_shard(walk, &shard, number));
    for (size_t i = 0; i < shard.count; i++)
        show(walk, &shard, &shard.people[i]);
    return OK;
}

Err walk(Sql *sql, int64_t from_ms, int64_t to_ms, void (*on_visitor)(void *context, const Visited *visited),
         void *context)
{
    const Walk all = {sql, from_ms, to_ms, on_visitor, context};

    for (unsigned number = 0; number < SHARDS; number++)
        TRY(walk_shard(&all, number));
    return OK;
}
