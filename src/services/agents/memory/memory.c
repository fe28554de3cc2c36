#include "services/agents/memory/memory.h"

#include "base/memory.h"
#include "services/agents/memory_sql.h"

struct Memory {
    MemoryConfig config;
};

Err memory_create(const MemoryConfig *config, Memory **out)
{
    Memory *memory = memory_new(Memory);

    memory->config = *config;
    *out = memory;
    return OK;
}

void memory_destroy(Memory *memory)
{
    memory_free(memory);
}

static Err read_buffer(const Memory *memory, Arena *arena, const MemoryPlace *place, Recollection *out)
{
    MemorySqlListBuffer *rows;
    Exchange *buffer = arena_array(arena, Exchange, BUFFER_TURNS);

    TRY(memory_sql_list_buffer(memory->config.sql, NULL, arena, place->user_id, place->session_id,
                               BUFFER_TURNS, &rows, &out->buffer_count));
    for (size_t i = 0; i < out->buffer_count; i++)
        buffer[i] = (Exchange){rows[i].message, rows[i].content};
    out->buffer = buffer;
    return OK;
}

Err memory_recall(Memory *memory, Call *call, const MemoryPlace *place, Str question, Recollection *out)
{
    (void)question;
    *out = (Recollection){.summary = STR("")};
    return read_buffer(memory, call->arena, place, out);
}
