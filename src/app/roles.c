#include "app/roles.h"

typedef struct Row {
    Str name;
    Serves serves;
} Row;

static const Row ROWS[] = {
    {{.data = "world", .len = 5}, SERVES_WORLD},
    {{.data = "agents", .len = 6}, SERVES_AGENTS},
};

static unsigned find(Str name)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (str_equal(name, ROWS[i].name))
            return ROWS[i].serves;
    return 0;
}

Err roles_read(Str text, unsigned *out)
{
    Str name;

    *out = 0;
    while (str_split(&text, ',', &name)) {
        unsigned role = find(str_trim(name));
        if (role == 0)
            return err(INVALID, "\"%.*s\" is no role: must be some of world,agents", STR_ARG(name));
        *out |= role;
    }
    return *out != 0 ? OK : err(INVALID, "must be some of world,agents");
}
