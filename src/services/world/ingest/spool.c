#include "services/world/ingest/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

void spool_init(Spool *spool)
{
    *spool = (Spool){0};
    pthread_mutex_init(&spool->lock, NULL);
}

void spool_finish(Spool *spool)
{
    if (spool->file != NULL)
        (void)fclose(spool->file);
    pthread_mutex_destroy(&spool->lock);
}

static Err no_room(void)
{
    return err(UNAVAILABLE, "a temporary file can't be written: %s; TMPDIR says where it is",
               strerror(errno));
}

Err spool_add(Spool *spool, Str origin, int64_t line, const Fact *fact)
{
    AUTO_ARENA Arena scratch = {0};
    Buf buf = {.arena = &scratch};

    arena_init(&scratch);
    buf_put(&buf, STR("{\"origin\":"));
    json_put_string(&buf, origin);
    buf_format(&buf, ",\"line\":%lld,\"fact\":", (long long)line);
    fact_to_json(&buf, fact);
    buf_put(&buf, STR("}\n"));
    MUTEX_HOLD(&spool->lock);
    if (spool->file == NULL && (spool->file = tmpfile()) == NULL)
        return no_room();
    spool->count++;
    return fwrite(buf.data, 1, buf.len, spool->file) == buf.len ? OK : no_room();
}

static Err replay_line(Str line, const SpoolReader *reader)
{
    AUTO_JSON json_t *entry = NULL;
    const json_t *origin;
    Arena *arena;
    Fact fact;

    TRY(json_read(line, &entry));
    origin = json_object_get(entry, "origin");
    TRY(reader->begin(reader->context, json_str(origin), &arena));
    TRY(fact_from_json(arena, json_object_get(entry, "fact"), &fact));
    return reader->take(reader->context, json_integer_value(json_object_get(entry, "line")), &fact);
}

Err spool_replay(Spool *spool, const SpoolReader *reader)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    Err e = OK;

    if (spool->file == NULL)
        return OK;
    if (fflush(spool->file) != 0 || fseek(spool->file, 0, SEEK_SET) != 0)
        return no_room();
    while (!failed(&e) && (length = getline(&line, &room, spool->file)) > 0)
        e = replay_line((Str){line, (size_t)length}, reader);
    free(line);
    return e;
}
