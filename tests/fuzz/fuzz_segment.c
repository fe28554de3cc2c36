/* Bytes as the beginning of a segment of an archive, in a file as large as they say. What is let through has commits in order, the last
 * of which ends it. */
#include <stdlib.h>

#include "stores/sql/sqlite_segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand_order(const Segment *segment)
{
    const SegmentHead *head = &segment->head;
    uint64_t last = head->first - 1;

    for (uint32_t i = 0; i < head->commits; i++) {
        if (segment->commits[i].frame <= last)
            abort();
        last = segment->commits[i].frame;
    }
    if (last != (uint64_t)head->first + head->frames - 1)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    char *copy = arena_alloc(&arena, size + 1); /* aligned, as a file's beginning is */
    Segment segment;

    if (size)
        memcpy(copy, data, size);
    Err e = segment_parse((Str){copy, size}, size, &segment);
    if (!failed(&e) || e.code == TOO_LARGE)
        demand_order(&segment);
    else if (e.message[0] == '\0')
        abort();
    return 0;
}
