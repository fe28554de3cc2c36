#include "stores/graph/cypher/cypher.h"

Err cypher_parse(Arena *arena, Str text, CypherMode mode, CypherQuery **out)
{
    (void)arena;
    (void)text;
    (void)mode;
    (void)out;
    return err(INVALID, "line 1, column 1: Cypher isn't supported yet");
}
