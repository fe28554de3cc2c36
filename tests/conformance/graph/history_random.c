#include "conformance/graph/history_random.h"

#include <stdlib.h>
#include <string.h>

const char *const HISTORY_KEY[HISTORY_KEYS] = {"g0", "g1", "e0", "e1", "e2", "e3", "u0", "u1"};
static const char *const LABELS[] = {"Drink", "Story", "Sample"};
const char *const HISTORY_ORIGIN[HISTORY_ORIGINS] = {"A", "B", "C"};
const char *const HISTORY_EVENT[HISTORY_EVENTS] = {
    "event:0",  "event:1",  "event:2",  "event:3",  "event:4",  "event:5",  "event:6",
    "event:7",  "event:8",  "event:9",  "event:10", "event:11", "event:12", "event:13",
    "event:14", "event:15", "event:16", "event:17", "event:18", "event:19", "event:20",
    "event:21", "event:22", "event:23", "event:24"};

int chance_below(Chance *chance, size_t limit)
{
    return (int)((unsigned)rand_r(&chance->seed) % (unsigned)limit);
}

static Values some_values(Chance *chance)
{
    Values values = {0};

    for (int i = 0; i < PROPERTIES; i++)
        values.of[i] = chance_below(chance, 2) * (1 + chance_below(chance, 2));
    return values;
}

static int64_t some_time(Chance *chance)
{
    return (int64_t)chance_below(chance, 2) * chance_below(chance, 8);
}

Said chance_node(Chance *chance, const char *origin)
{
    Said said = {
        .origin = origin,
        .is_node = true,
        .key = HISTORY_KEY[2 + chance_below(chance, HISTORY_KEYS - 2)],
        .type = LABELS[chance_below(chance, COUNT(LABELS))],
        .values = some_values(chance),
        .since_us = some_time(chance),
        .until_us = GRAPH_FOREVER,
        .now_us = chance->now_us,
        .line = 1 + chance_below(chance, 2),
    };

    if (chance_below(chance, 12) == 0)
        said.until_us = said.since_us + 1 + chance_below(chance, 4);
    return said;
}

/* What has an end is said of the two nodes that are always there only: HAS may miss its ends, now and then. */
Said chance_relationship(Chance *chance, const char *origin)
{
    static const char *const types[] = {"HAS", "HAS", "SAW", "LIKES", "WAS"};
    Said said = {
        .origin = origin,
        .type = types[chance_below(chance, COUNT(types))],
        .key = HISTORY_KEY[chance_below(chance, HISTORY_KEYS)],
        .to = HISTORY_KEY[chance_below(chance, HISTORY_KEYS)],
        .values = some_values(chance),
        .since_us = some_time(chance),
        .until_us = GRAPH_FOREVER,
        .now_us = chance->now_us,
    };

    if (strcmp(said.type, "SAW") == 0) {
        said.repeats = true;
        said.line = 1 + chance_below(chance, 3);
    } else if (strcmp(said.type, "WAS") == 0) {
        said.key = HISTORY_KEY[chance_below(chance, 2)];
        said.to = HISTORY_KEY[chance_below(chance, 2)];
        said.until_us = said.since_us + 1 + chance_below(chance, 5);
    }
    return said;
}

Said chance_event(Chance *chance)
{
    bool once = chance_below(chance, 2) == 0;

    return (Said){
        .origin = HISTORY_EVENT[chance_below(chance, HISTORY_EVENTS)],
        .by_event = true,
        .type = once ? "LIKES" : "MET",
        .key = HISTORY_KEY[HISTORY_KEYS - 2 + (size_t)chance_below(chance, 2)],
        .to = HISTORY_KEY[chance_below(chance, HISTORY_KEYS - 2)],
        .values = some_values(chance),
        .since_us = 1 + chance_below(chance, 8),
        .until_us = GRAPH_FOREVER,
        .repeats = !once,
    };
}
