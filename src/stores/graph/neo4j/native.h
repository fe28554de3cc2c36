/* What Neo4j itself sees of properties: it keeps whole numbers, floats, texts, truths and lists of one of these; maps and
 * mixed or nested lists it can't, and names that begin with _ are ours. What is left out is named, so that a query that
 * asks for it is refused rather than answered wrongly. */
#ifndef NERDX_STORES_GRAPH_NEO4J_NATIVE_H
#define NERDX_STORES_GRAPH_NEO4J_NATIVE_H

#include "base/json.h"
#include "base/keymap.h"

/* A set of names that grows. */
typedef struct NativeNames {
    StrIdMap map;
    Str *items;
    size_t count;
    size_t capacity;
    bool changed;
} NativeNames;

void native_names_read(NativeNames *names, Arena *arena, const json_t *list);
void native_names_add(NativeNames *names, Arena *arena, Str name);
void native_names_put(const NativeNames *names, Buf *buf); /* a JSON array */
void native_names_finish(NativeNames *names);

/* Appends `,"name":value` for each property that Neo4j can keep, and notes the names of the others.
 * id: shown as the property id; absent for relationships and for keys that were made up. Errors: those of json_read. */
Err native_put(Buf *buf, Json properties, Str id, NativeNames *odd, Arena *arena);

/* What lists show: the property name, else title, else the key (as SQLite's ->> gives them as text). */
Err native_name(Arena *arena, Json properties, Str key, Str *out);

#endif
