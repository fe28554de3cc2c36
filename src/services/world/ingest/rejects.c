#include "services/world/ingest/rejects.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"

enum { MAX_TEXT = 4096 };

Err rejects_add(Rejects *rejects, Str origin, int64_t line, const Err *why, Str text)
{
    AUTO_ARENA Arena scratch = {0};
    Buf buf = {.arena = &scratch};

    rejects->count++;
    if (rejects->path == NULL)
        return OK;
    if (rejects->file == NULL && (rejects->file = fopen(rejects->path, "we")) == NULL)
        return file_error(rejects->path);
    arena_init(&scratch);
    buf_put(&buf, STR("{\"origin\":"));
    json_put_string(&buf, origin);
    buf_format(&buf, ",\"line\":%lld", (long long)line);
    json_put_member(&buf, "field", str_from(why->pointer));
    json_put_member(&buf, "reason", str_from(why->message));
    json_put_member(&buf, "text", utf8_cut_bytes(text, MAX_TEXT));
    buf_put(&buf, STR("}\n"));
    if (fwrite(buf.data, 1, buf.len, rejects->file) != buf.len)
        return file_error(rejects->path);
    return OK;
}

Err rejects_close(Rejects *rejects)
{
    FILE *file = rejects->file;

    rejects->file = NULL;
    if (file != NULL && fclose(file) != 0)
        return file_error(rejects->path);
    return OK;
}
