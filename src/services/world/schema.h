/* What the world may hold: labels, relationships, what they may join (content/world/schema.yaml, where the format is
 * described). schema_read makes it, then it is only read. */
#ifndef NERDX_SERVICES_WORLD_SCHEMA_H
#define NERDX_SERVICES_WORLD_SCHEMA_H

#include "base/err.h"
#include "services/world/analysis.h"
#include "services/world/schema_properties.h"

typedef struct Schema Schema;

typedef struct StrSet {
    const Str *items;
    size_t count;
} StrSet;

typedef struct SchemaLabel {
    Str name;
    Str description; /* for people, and for models that read prose */
    bool in_catalogue;
    bool is_personal;      /* somebody's own */
    bool in_prose;         /* facts of such things may be proposed from prose */
    Words words;           /* what people call such a thing */
    StrSet recommended_by; /* properties that tell what it is like; none = it isn't recommended */
    SchemaProperties properties;
} SchemaLabel;

typedef struct SchemaJoin {
    StrSet from;
    StrSet to;
} SchemaJoin;

typedef struct SchemaRelationship {
    Str name;
    const SchemaJoin *joins;
    size_t join_count;
    bool once;
    bool learned;
    bool is_private; /* seen from its beginning only: what somebody did is theirs */
    double step;     /* how much of a hit flows along it in search, 0 to 1 */
    bool words;      /* what it leads to is a word for what its user likes */
    double taste;    /* how much it says of what its user likes, 0 to 1 */
    Str shared;      /* the kind of reason for a recommendation that it gives; empty = none */
    SchemaProperties properties;
} SchemaRelationship;

/* Errors: INVALID says what in the file is wrong and what would be right. */
Err schema_read(Str yaml, Schema **out);
void schema_destroy(Schema *schema); /* accepts NULL */

/* From now on any label may exist and any relationship may join any two: for collections that aren't of this world. What
 * the file says of those that it knows still holds, but for what they may join. */
void schema_open(Schema *schema);
bool schema_is_open(const Schema *schema);

const SchemaLabel *schema_labels(const Schema *schema, size_t *count);
const SchemaLabel *schema_label(const Schema *schema, Str name); /* NULL when unknown */
bool schema_shows(const Schema *schema, Str label);              /* is it one that people search for? */
bool schema_is_personal(const Schema *schema, Str label);        /* is it somebody's own? */
const SchemaRelationship *schema_relationships(const Schema *schema, size_t *count);
const SchemaRelationship *schema_relationship(const Schema *schema, Str type);

/* May facts of this label, or relationships of this type, be proposed from prose? Of relationships those that may join two
 * such labels, and that are told. What an open schema doesn't know may be. */
bool schema_label_in_prose(const Schema *schema, Str label);
bool schema_type_in_prose(const Schema *schema, Str type);

/* What every label may have. */
SchemaProperties schema_shared_properties(const Schema *schema);

/* The types that are seen from both ends: what the world is about, not what users do. */
StrSet schema_told_types(const Schema *schema);

/* The types that say something of taste. */
StrSet schema_taste_types(const Schema *schema);

/* May the relationship join these labels? INVALID (with what would be allowed) when not or unknown. */
Err schema_check(const Schema *schema, Str from_label, Str type, Str to_label);

/* Do the properties fit the label (and what all labels share)? INVALID names the one that doesn't and says what would
 * be right, with a pointer to it ("/abv"). An open schema and a label it doesn't know allow anything. */
Err schema_check_properties(const Schema *schema, Str label, const json_t *properties, SchemaExtent extent);
/* The same for a relationship of this type. */
Err schema_check_relationship_properties(const Schema *schema, Str type, const json_t *properties);

/* May a user do this with such an entity? UNPROCESSABLE, naming what users may do with such an entity. */
Err schema_check_learned(const Schema *schema, Str type, Str to_label);

#endif
