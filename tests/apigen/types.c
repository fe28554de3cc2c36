#include "types.h"

#include "api/torture.h"

const NamedShape TYPES[] = {
    {"Everything", &EVERYTHING_SHAPE},
    {"Texts", &TEXTS_SHAPE},
    {"Numbers", &NUMBERS_SHAPE},
    {"Flags", &FLAGS_SHAPE},
    {"Constants", &CONSTANTS_SHAPE},
    {"Lists", &LISTS_SHAPE},
    {"Maps", &MAPS_SHAPE},
    {"Open", &OPEN_SHAPE},
    {"Choice", &CHOICE_SHAPE},
    {"Bounded", &BOUNDED_SHAPE},
    {"Tree", &TREE_SHAPE},
    {"Animal", &ANIMAL_SHAPE},
    {"OddNames", &ODD_NAMES_SHAPE},
    {"Inner", &INNER_SHAPE},
    {"Nothing", &NOTHING_SHAPE},
    {"Cells", &CELLS_SHAPE},
    {"Point", &POINT_SHAPE},
};
const size_t TYPE_COUNT = sizeof TYPES / sizeof TYPES[0];

const Shape *type_find(Str name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (str_equal(str_from(TYPES[i].name), name))
            return TYPES[i].shape;
    return NULL;
}

Err type_read(const Shape *shape, Arena *arena, Str text, void **out)
{
    AUTO_JSON json_t *json = NULL;

    TRY(json_read(text, &json));
    *out = arena_zalloc(arena, shape->size);
    return shape_decode(shape, arena, json, *out);
}

Str type_write(const Shape *shape, Arena *arena, const void *value)
{
    Buf out;

    buf_init(&out, arena, 256);
    shape_encode(shape, value, &out);
    return buf_str(&out);
}
