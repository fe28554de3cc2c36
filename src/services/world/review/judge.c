#include "services/world/review/judge.h"

#include "services/world/review/quote.h"

const char JUDGE_ACCEPTED[] = "accepted";

static const char PASSAGE[] = "passage";

static Err read_passage(const Judge *judge, json_t *object, Str *out)
{
    Str quote = json_str(json_object_get(object, PASSAGE));

    if (str_trim(quote).len == 0 || quote.len > JUDGE_MAX_PASSAGE)
        return err_at(
            err(INVALID, "passage: expected the words that say so, 1 to %d bytes", JUDGE_MAX_PASSAGE),
            "/passage");
    *out = quote_find(judge->text, quote);
    if (out->data == NULL)
        return err_at(err(INVALID, "passage: it doesn't stand in the text that was read"), "/passage");
    (void)json_object_del(object, PASSAGE);
    return OK;
}

static Err check_node(const Judge *judge, const Fact *fact)
{
    for (size_t i = 0; i < fact->node.label_count; i++) {
        Str label = fact->node.labels[i];

        if (schema_label(judge->schema, label) != NULL && !schema_label_in_prose(judge->schema, label))
            return err_at(err(INVALID, "label: a %.*s isn't proposed from prose", STR_ARG(label)), "/label");
    }
    if (fact->node.key.data == NULL)
        return err_at(err(INVALID, "id: expected; it is what citations name the entity by"), "/id");
    return OK;
}

/* An unknown type is the schema's to refuse, which says what there may be. */
static Err check_type(const Judge *judge, Str type)
{
    if (schema_relationship(judge->schema, type) != NULL && !schema_type_in_prose(judge->schema, type))
        return err_at(err(INVALID, "type: %.*s isn't proposed from prose", STR_ARG(type)), "/type");
    return OK;
}

static Err check_properties(const Fact *fact)
{
    Json properties = fact->is_node ? fact->node.properties : fact->relationship.properties;

    if (json_object_get(fact->values, JUDGE_ACCEPTED) != NULL)
        return err_at(err(INVALID, "accepted: it is for a person to say so"), "/properties/accepted");
    if (properties.len > JUDGE_MAX_PROPERTIES)
        return err_at(err(INVALID, "properties: expected at most %d bytes", JUDGE_MAX_PROPERTIES),
                      "/properties");
    return OK;
}

Err judge_read(const Judge *judge, Arena *arena, json_t *object, Found *out)
{
    Fact *fact = &out->fact;

    TRY(read_passage(judge, object, &out->passage));
    TRY(fact_from_json(arena, object, fact));
    TRY(check_properties(fact));
    return fact->is_node ? check_node(judge, fact) : check_type(judge, fact->relationship.type);
}

Err judge_check(const Judge *judge, Arena *arena, Found *found, Json *text)
{
    bool new_user;

    TRY(checker_check(judge->checker, arena, judge->source, &found->fact, &new_user));
    if (new_user)
        return err_at(err(INVALID, "from: what visitors do isn't proposed from prose"), "/from");
    return proposal_text(arena, &found->fact, text);
}
