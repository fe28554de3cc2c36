#include "services/auth/accounts/address.h"

enum { LOCAL_MOST = 64 /* RFC 5321, 4.5.3.1.1 */, LABEL_MOST = 63 /* RFC 1035, 2.3.4 */ };

/* Labels of letters, digits and inner hyphens, at least two (RFC 5321, 4.1.2). The contract's pattern has seen to the characters. */
static bool is_domain(Str domain)
{
    Str rest = domain, label;
    size_t labels = 0;

    for (; str_split(&rest, '.', &label); labels++)
        if (label.len == 0 || label.len > LABEL_MOST || label.data[0] == '-' ||
            label.data[label.len - 1] == '-')
            return false;
    return labels >= 2;
}

static bool is_local(Str local)
{
    return local.len > 0 && local.len <= LOCAL_MOST && local.data[0] != '.' &&
           local.data[local.len - 1] != '.' && str_find(local, STR(".."), 0) == SIZE_MAX;
}

Err address_fold(Arena *arena, Str shown, Str *out)
{
    char *folded = str_c(arena, shown);
    Str rest = shown, local;

    (void)str_split(&rest, '@', &local);
    if (!is_local(local) || rest.data == NULL || str_find(rest, STR("@"), 0) != SIZE_MAX || !is_domain(rest))
        return err_at(
            err(UNPROCESSABLE, "email: no letter could reach this; give an address such as name@example.com"),
            "/email");
    for (size_t i = 0; i < shown.len; i++)
        if (folded[i] >= 'A' && folded[i] <= 'Z')
            folded[i] = (char)(folded[i] - 'A' + 'a');
    *out = (Str){folded, shown.len};
    return OK;
}
