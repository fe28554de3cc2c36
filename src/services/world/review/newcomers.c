#include "services/world/review/newcomers.h"

enum { FIRST_ROOM = 32 };

static void add(Newcomers *newcomers, Str name, Str id)
{
    if (str_trim(name).len == 0)
        return;
    ARENA_MORE(newcomers->arena, newcomers->items, newcomers->count, newcomers->room, FIRST_ROOM);
    newcomers->items[newcomers->count++] = (Newcomer){str_copy(newcomers->arena, str_trim(name)), id};
}

void newcomers_add(Newcomers *newcomers, const Fact *node)
{
    static const char *const names[] = {"name", "name_ko", "title", "title_ko"};
    static const char *const lists[] = {"aliases", "aliases_ko"};
    Str id = str_copy(newcomers->arena, node->node.key);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(newcomers, json_str(json_object_get(node->values, names[i])), id);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = json_object_get(node->values, lists[i]);

        for (size_t k = 0; k < json_array_size(list); k++)
            add(newcomers, json_str(json_array_get(list, k)), id);
    }
}

Str newcomers_find(const Newcomers *newcomers, Str name)
{
    Str found = {0};

    name = str_trim(name);
    for (size_t i = 0; i < newcomers->count; i++) {
        const Newcomer *newcomer = &newcomers->items[i];

        if (!str_equal_nocase(newcomer->name, name))
            continue;
        if (found.data != NULL && !str_equal(found, newcomer->id))
            return (Str){0};
        found = newcomer->id;
    }
    return found;
}
