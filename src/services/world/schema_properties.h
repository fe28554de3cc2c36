/* Which properties a label or a relationship has, and what they may hold: the tables `properties` of
 * content/world/schema.yaml. A property that no table names may hold anything. */
#ifndef NERDX_SERVICES_WORLD_SCHEMA_PROPERTIES_H
#define NERDX_SERVICES_WORLD_SCHEMA_PROPERTIES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

typedef enum SchemaKind {
    SCHEMA_TEXT,
    SCHEMA_NUMBER,
    SCHEMA_INTEGER,
    SCHEMA_LIST, /* of texts */
    SCHEMA_BOOLEAN,
    SCHEMA_MAP,
    SCHEMA_KIND_COUNT
} SchemaKind;

typedef struct SchemaProperty {
    Str name; /* the same in Korean, name_ko, holds the same kind */
    SchemaKind kind;
    bool is_required;
    double min; /* of numbers; -INFINITY and INFINITY when there is none */
    double max;
} SchemaProperty;

typedef struct SchemaProperties {
    const SchemaProperty *items;
    size_t count;
} SchemaProperties;

/* How much of an entity the properties are. */
typedef enum SchemaExtent {
    SCHEMA_PART, /* what one more origin says of it: what is required may be missing */
    SCHEMA_WHOLE
} SchemaExtent;

/* name: kind, or name: {type: kind, required, min, max}; an absent map has no properties. INVALID begins with owner,
 * as in "labels.Product.properties.abv: …". */
Err schema_properties_read(Arena *arena, const char *owner, const json_t *map, SchemaProperties *out);

/* owner is the label or the type, for the message. null counts as missing. INVALID names the property and says what
 * would be right; its pointer leads to it ("/abv"). */
Err schema_properties_check(SchemaProperties table, Str owner, const json_t *properties, SchemaExtent extent);

#endif
