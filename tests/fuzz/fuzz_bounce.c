/* Bytes as a letter that came back: what is told of it is short and clean enough to be looked for. */
#include <stdlib.h>

#include "mail/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    Bounce bounce = bounce_read(&arena, (Str){(const char *)data, size});
    if (bounce.status.len > 16 || bounce.letter_id.len > 64 || bounce.status.data == NULL ||
        bounce.letter_id.data == NULL)
        abort();
    return 0;
}
