/* Bytes as a message: read in every way, judged, hidden and defused. Nothing may crash, hang, or leave the limits; what comes
 * out is UTF-8 when what came in was. */
#include <stdlib.h>

#include "base/utf8.h"
#include "services/agents/guards/guards.h"
#include "services/agents/guards/looks.h"
#include "services/agents/guards/plain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const AssetTable AGENTS_CONTENT;

static Guards *guards_of_content(void)
{
    static Guards *guards;
    Err e = OK;

    if (guards == NULL)
        e = guards_create(AGENTS_CONTENT, &guards);
    if (failed(&e))
        abort();
    return guards;
}

static void demand_looks(Arena *arena, Str text)
{
    static const Reading nothing_special;
    Looks looks;

    looks_of(&nothing_special, arena, text, &looks);
    if (looks.count > LOOKS_MAX)
        abort();
    for (size_t i = 0; i < looks.count; i++)
        if (!utf8_valid(looks.items[i].text))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Guards *guards = guards_of_content();
    Str text = {(const char *)data, size};
    Verdict verdict;

    if (size == 0 || size > 8000 || !utf8_valid(text))
        return 0;
    arena_init(&arena);
    demand_looks(&arena, text);
    guards_judge(guards, &arena, text, (Texts){&text, 1}, &verdict);
    (void)guards_forbid(guards, &arena, text, NULL);
    if (!utf8_valid(guards_defuse(guards, &arena, text)) || !utf8_valid(guards_redact(guards, &arena, text)))
        abort();
    return 0;
}
