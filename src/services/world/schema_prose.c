/* What may be proposed from prose: what the world is about, not what visitors do, and not the documents themselves. */
#include "services/world/schema.h"

bool schema_label_in_prose(const Schema *schema, Str label)
{
    const SchemaLabel *known = schema_label(schema, label);

    return known != NULL ? known->in_prose : schema_is_open(schema);
}

static bool any_in_prose(const Schema *schema, StrSet labels)
{
    for (size_t i = 0; i < labels.count; i++)
        if (schema_label_in_prose(schema, labels.items[i]))
            return true;
    return false;
}

bool schema_type_in_prose(const Schema *schema, Str type)
{
    const SchemaRelationship *known = schema_relationship(schema, type);

    if (known == NULL || known->learned || known->is_private)
        return known == NULL && schema_is_open(schema);
    for (size_t i = 0; i < known->join_count; i++)
        if (any_in_prose(schema, known->joins[i].from) && any_in_prose(schema, known->joins[i].to))
            return true;
    return false;
}
