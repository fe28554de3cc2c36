#include "services/auth/tokens/claims.h"

#include "services/auth/tokens/limits.h"

/* The last second of the year 9999. Milliseconds, which JavaScript's Date.now() counts, are above it: a token whose times
 * were written in them is refused, and doesn't live for fifty thousand years. */
static const int64_t LAST_SECOND = 253402300799;

/* ---- out */

static void put_time(Buf *buf, const char *name, int64_t time_s)
{
    buf_format(buf, ",\"%s\":%lld", name, (long long)time_s);
}

static void put_permissions(Buf *buf, Texts permissions)
{
    buf_put(buf, STR(",\"permissions\":["));
    for (size_t i = 0; i < permissions.count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_string(buf, permissions.items[i]);
    }
    buf_put_char(buf, ']');
}

Json claims_write(Arena *arena, const ClaimRules *rules, const Claims *claims)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '{');
    json_put_member(&buf, "iss", rules->issuer);
    json_put_member(&buf, "aud", rules->audience);
    json_put_member(&buf, "sub", claims->subject);
    if (claims->session.data != NULL)
        json_put_member(&buf, "sid", claims->session);
    json_put_member(&buf, "jti", claims->id);
    put_permissions(&buf, claims->permissions);
    put_time(&buf, "iat", claims->issued_at_s);
    put_time(&buf, "exp", claims->expires_at_s);
    if (claims->proved_at_s != 0)
        put_time(&buf, "auth_time", claims->proved_at_s);
    buf_put_char(&buf, '}');
    return buf_str(&buf);
}

/* ---- in: each claim by its kind */

static Err read_id(const json_t *value, const char *name, Str *out)
{
    *out = json_str(value);
    return json_is_string(value) && out->len > 0 && out->len <= TOKEN_ID_BYTES_MAX
               ? OK
               : err(INVALID, "`%s` is no text of 1 to %d bytes", name, TOKEN_ID_BYTES_MAX);
}

static Err read_time(const json_t *value, const char *name, int64_t *out)
{
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0 && *out <= LAST_SECOND
               ? OK
               : err(INVALID, "`%s` is no whole number of seconds since 1970 before the year 10000", name);
}

static Err read_permissions(Arena *arena, const json_t *list, Texts *out)
{
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > TOKEN_PERMISSIONS_MAX)
        return err(INVALID, "`permissions` is no list of at most %d", TOKEN_PERMISSIONS_MAX);
    Str *items = arena_array(arena, Str, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = json_str(json_array_get(list, i));
        if (items[i].len == 0 || items[i].len > TOKEN_PERMISSION_BYTES_MAX)
            return err(INVALID, "`permissions` has what is no text of 1 to %d bytes",
                       TOKEN_PERMISSION_BYTES_MAX);
    }
    *out = (Texts){items, count};
    return OK;
}

/* RFC 7519, section 4.1.3: one audience, or a list of them. */
static bool is_meant_for(const json_t *value, Str audience)
{
    if (json_is_string(value))
        return str_equal(json_str(value), audience);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (str_equal(json_str(json_array_get(value, i)), audience))
            return true;
    return false;
}

/* ---- in: all of them */

static Err read_ids(const json_t *all, Claims *out)
{
    const struct Row {
        const char *name;
        bool is_needed;
        Str *to;
    } rows[] = {{"sub", true, &out->subject}, {"sid", false, &out->session}, {"jti", false, &out->id}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const json_t *value = json_object_get(all, rows[i].name);

        if (value != NULL)
            TRY(read_id(value, rows[i].name, rows[i].to));
        else if (rows[i].is_needed)
            return err(INVALID, "no `%s`", rows[i].name);
    }
    return OK;
}

static Err read_times(const json_t *all, Claims *out, int64_t *not_before_s)
{
    const struct Row {
        const char *name;
        bool is_needed;
        int64_t *to;
    } rows[] = {
        {"iat", true, &out->issued_at_s},
        {"exp", true, &out->expires_at_s},
        {"nbf", false, not_before_s},
        {"auth_time", false, &out->proved_at_s},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const json_t *value = json_object_get(all, rows[i].name);

        if (value != NULL)
            TRY(read_time(value, rows[i].name, rows[i].to));
        else if (rows[i].is_needed)
            return err(INVALID, "no `%s`", rows[i].name);
    }
    return OK;
}

/* A token that lives longer than any we make would outlive the key that signed it. */
static Err check_times(const ClaimRules *rules, const Claims *claims, int64_t not_before_s)
{
    int64_t latest_s = rules->now_s + TOKEN_CLOCKS_DIFFER_S;

    if (claims->issued_at_s > latest_s)
        return err(INVALID, "`iat` hasn't come");
    if (not_before_s > latest_s)
        return err(INVALID, "`nbf` hasn't come");
    if (claims->proved_at_s > latest_s)
        return err(INVALID, "`auth_time` hasn't come");
    if (claims->expires_at_s <= claims->issued_at_s ||
        claims->expires_at_s - claims->issued_at_s > rules->lifetime_s)
        return err(INVALID, "`exp` isn't within %lld s behind `iat`", (long long)rules->lifetime_s);
    return OK;
}

Err claims_read(Arena *arena, const ClaimRules *rules, Json text, Claims *out)
{
    const json_t *all;
    int64_t not_before_s = 0;

    *out = (Claims){0};
    TRY(json_read_into(arena, text, &all));
    if (!json_is_object(all))
        return err(INVALID, "the claims are no object");
    if (!str_equal(json_str_at(all, "iss"), rules->issuer))
        return err(INVALID, "`iss` isn't ours");
    if (!is_meant_for(json_object_get(all, "aud"), rules->audience))
        return err(INVALID, "`aud` isn't us");
    TRY(read_ids(all, out));
    TRY(read_times(all, out, &not_before_s));
    TRY(check_times(rules, out, not_before_s));
    const json_t *permissions = json_object_get(all, "permissions");
    return permissions != NULL ? read_permissions(arena, permissions, &out->permissions) : OK;
}
