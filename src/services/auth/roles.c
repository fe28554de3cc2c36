#include "services/auth/roles.h"

Texts permission_names(Arena *arena, uint64_t permissions)
{
    Str *names = arena_array(arena, Str, PERMISSION_COUNT);
    size_t count = 0;

    for (size_t i = 0; i < PERMISSION_COUNT; i++)
        if ((permissions >> i & 1) != 0)
            names[count++] = PERMISSION_TEXT[i];
    return (Texts){names, count};
}

uint64_t permission_bits(Texts names)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < names.count; i++)
        for (size_t j = 0; j < PERMISSION_COUNT; j++)
            if (str_equal(names.items[i], PERMISSION_TEXT[j]))
                bits |= UINT64_C(1) << j;
    return bits;
}

static int role_of(Str name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_equal(name, ROLE_TEXT[i]))
            return i;
    return -1;
}

uint64_t role_permissions(Str role)
{
    return role_is_known(role) ? ROLE_PERMISSIONS[role_of(role)] : 0;
}

bool role_is_known(Str role)
{
    return role_of(role) >= 0;
}
