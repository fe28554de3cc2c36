/* What is ingested: whatever the bytes are, a fact is read or refused, and what is read is written the same again; a record
 * is cut into cells and prose into passages within the text. */
#include <stdlib.h>

#include "base/utf8.h"
#include "services/world/ingest/csv_row.h"
#include "services/world/ingest/fact.h"
#include "services/world/ingest/passages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Str written(Arena *arena, const Fact *fact)
{
    Buf text = {.arena = arena};

    fact_to_json(&text, fact);
    return buf_str(&text);
}

static void check_fact(Arena *arena, Str text)
{
    AUTO_JSON json_t *object = NULL;
    AUTO_JSON json_t *copy = NULL;
    Fact fact;
    Fact again;
    Err e = json_read(text, &object);

    if (!failed(&e))
        e = fact_from_json(arena, object, &fact);
    if (failed(&e))
        return;
    e = json_read(written(arena, &fact), &copy);
    if (!failed(&e))
        e = fact_from_json(arena, copy, &again);
    if (failed(&e) || !str_equal(written(arena, &fact), written(arena, &again)))
        abort();
}

static void check_passages(Arena *arena, Str text)
{
    Passage *passages;
    size_t count = passages_of(arena, text, &passages);
    const char *end = text.data;

    for (size_t i = 0; i < count; i++) {
        if (passages[i].text.data < end || passages[i].text.len > PASSAGE_MAX_BYTES)
            abort();
        end = passages[i].text.data + passages[i].text.len;
    }
    if (end > text.data + text.len)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str text = {(const char *)data, size};
    CsvRow row;

    arena_init(&arena);
    check_fact(&arena, text);
    (void)csv_split(&arena, text, &row);
    if (size > 0 && utf8_valid(text))
        check_passages(&arena, text);
    return 0;
}
