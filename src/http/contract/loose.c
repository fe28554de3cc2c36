#include "http/contract/loose.h"

Err loose_check(const Place *place, const ListRules *rules, const json_t *json)
{
    size_t count = rules->is_array ? json_array_size(json) : json_object_size(json);

    if (rules->is_array ? !json_is_array(json) : !json_is_object(json))
        return refuse(place, "expected an %s, got %s", rules->is_array ? "array" : "object",
                      show_json(json).text);
    if (count < rules->min_count || count > rules->max_count)
        return refuse_count(place, rules->is_array ? "items" : "entries", count, rules->min_count,
                            rules->max_count);
    return OK;
}
