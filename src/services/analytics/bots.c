#include "services/analytics/bots.h"

#include <ctype.h>

#include "base/memory.h"

enum { MOST_FRAGMENTS = 200, LONGEST_AGENT = 512 };

struct Bots {
    Str fragments[MOST_FRAGMENTS];
    size_t count;
};

static Err read_lines(Bots *bots, Str text)
{
    Str line;

    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (bots->count == MOST_FRAGMENTS)
            return err(INVALID, "bots.txt: at most %d fragments", MOST_FRAGMENTS);
        bots->fragments[bots->count++] = line;
    }
    return bots->count > 0 ? OK : err(INVALID, "bots.txt has no fragment");
}

Err bots_create(AssetTable content, Bots **out)
{
    const Asset *asset = asset_find(content, STR("bots.txt"));
    Bots *bots = memory_new(Bots);
    Err e =
        asset != NULL ? read_lines(bots, asset->bytes) : err(INVALID, "content/analytics has no bots.txt");

    *out = failed(&e) ? NULL : bots;
    if (failed(&e))
        bots_destroy(bots);
    return e;
}

void bots_destroy(Bots *bots)
{
    memory_free(bots);
}

bool bots_has(const Bots *bots, Str user_agent)
{
    char lower[LONGEST_AGENT];
    Str agent = {lower, user_agent.len < sizeof lower ? user_agent.len : sizeof lower};

    if (agent.len == 0)
        return true;
    for (size_t i = 0; i < agent.len; i++)
        lower[i] = (char)tolower((unsigned char)user_agent.data[i]);
    for (size_t i = 0; i < bots->count; i++)
        if (str_find(agent, bots->fragments[i], 0) != SIZE_MAX)
            return true;
    return false;
}
