#include "services/auth/oidc/provider.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/yaml.h"
#include "services/auth/oidc/address.h"

enum { SECRET_BYTES_MAX = 16384 };

typedef char *(*Environment)(const char *name);

/* ---- what a provider's entry may say */

static const struct Member {
    const char *name;
    size_t offset;
    bool is_address;
} MEMBERS[] = {
    {"title", offsetof(Provider, title), false},
    {"issuer", offsetof(Provider, issuer), true},
    {"authorization_endpoint", offsetof(Provider, authorization_endpoint), true},
    {"token_endpoint", offsetof(Provider, token_endpoint), true},
    {"userinfo_endpoint", offsetof(Provider, userinfo_endpoint), true},
    {"scope", offsetof(Provider, scope), false},
    {"subject", offsetof(Provider, subject), false},
    {"email", offsetof(Provider, email), false},
    {"email_verified", offsetof(Provider, email_verified), false},
    {"client_id", offsetof(Provider, client_id), false},
    {"key_id", offsetof(Provider, key_id), false},
    {"team_id", offsetof(Provider, team_id), false},
};

enum { MEMBER_COUNT = sizeof MEMBERS / sizeof *MEMBERS };

static Str *member_of(Provider *provider, const struct Member *member)
{
    return (Str *)((char *)provider + member->offset);
}

static Err read_environment(Arena *arena, Environment environment, Str name, Str *out)
{
    const char *value = environment(str_c(arena, name));

    if (value == NULL || *value == '\0')
        return err(INVALID, "the environment has no %.*s", STR_ARG(name));
    *out = str_copy(arena, str_from(value));
    return OK;
}

static Err read_secret_file(Arena *arena, Environment environment, Str path, Str *out)
{
    (void)environment;
    TRY(file_read(arena, str_c(arena, path), SECRET_BYTES_MAX, out));
    *out = str_trim(*out);
    return OK;
}

/* Where secrets are: never in the file itself. */
static const struct Secret {
    const char *name;
    size_t offset;
    Err (*read)(Arena *arena, Environment environment, Str where, Str *out);
} SECRETS[] = {
    {"client_secret_file", offsetof(Provider, client_secret), read_secret_file},
    {"client_secret_env", offsetof(Provider, client_secret), read_environment},
    {"client_key_file", offsetof(Provider, client_key), read_secret_file},
};

enum { SECRET_COUNT = sizeof SECRETS / sizeof *SECRETS };

/* ---- one member, one entry */

static Err take_plain(Arena *arena, const char *name, Str value, Provider *provider, bool *is_known)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strcmp(MEMBERS[i].name, name) != 0)
            continue;
        *is_known = true;
        if (MEMBERS[i].is_address)
            TRY(oidc_check_address(name, value));
        *member_of(provider, &MEMBERS[i]) = str_copy(arena, value);
    }
    return OK;
}

static Err take_secret(Arena *arena, Environment environment, const char *name, Str value, Provider *provider,
                       bool *is_known)
{
    for (size_t i = 0; i < SECRET_COUNT; i++) {
        if (strcmp(SECRETS[i].name, name) != 0)
            continue;
        *is_known = true;
        TRY(SECRETS[i].read(arena, environment, value, (Str *)((char *)provider + SECRETS[i].offset)));
    }
    return OK;
}

static Err take_member(Arena *arena, Environment environment, const char *name, const json_t *value,
                       Provider *provider)
{
    Str text = json_str(value);
    bool is_known = false;

    if (!json_is_string(value) || text.len == 0 || text.len > PROVIDER_TEXT_MAX)
        return err(INVALID, "%s: must be a text of 1 to %d bytes", name, PROVIDER_TEXT_MAX);
    TRY(take_plain(arena, name, text, provider, &is_known));
    TRY(take_secret(arena, environment, name, text, provider, &is_known));
    return is_known ? OK : err(INVALID, "%s: no member of a provider", name);
}

static Err named(Err e, Str name)
{
    return failed(&e) ? err(e.code, "provider %.*s: %s", STR_ARG(name), e.message) : e;
}

static Err take_entry(Arena *arena, Environment environment, const json_t *entry, Provider *provider)
{
    const char *name;
    json_t *value;

    if (!json_is_object(entry))
        return err(INVALID, "must have members such as client_id");
    json_object_foreach((json_t *)entry, name, value)
        TRY(take_member(arena, environment, name, value, provider));
    return OK;
}

/* ---- whether it is whole */

static bool is_name(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.data[i]) == NULL)
            return false;
    return name.len > 0 && name.len <= PROVIDER_NAME_MAX;
}

static Err check_endpoints(const Provider *provider)
{
    bool has_all = provider->authorization_endpoint.data != NULL && provider->token_endpoint.data != NULL &&
                   provider->userinfo_endpoint.data != NULL;
    bool has_none = provider->authorization_endpoint.data == NULL && provider->token_endpoint.data == NULL &&
                    provider->userinfo_endpoint.data == NULL;

    return has_all || has_none
               ? OK
               : err(INVALID, "authorization_endpoint, token_endpoint and userinfo_endpoint: all "
                              "three (OAuth 2.0), or none (discovery)");
}

static bool has_scope(Str scope, Str wanted)
{
    Str one;

    while (str_split(&scope, ' ', &one))
        if (str_equal(one, wanted))
            return true;
    return false;
}

static Err check_client_key(const Provider *provider)
{
    bool is_whole = provider->key_id.data != NULL && provider->team_id.data != NULL;

    if (provider->client_key.data == NULL)
        return OK;
    if (provider->client_secret.data != NULL)
        return err(INVALID, "client_key_file: not beside a client secret");
    return is_whole ? OK : err(INVALID, "client_key_file: needs key_id and team_id beside it");
}

static Err check(const Provider *provider)
{
    if (!is_name(provider->name))
        return err(INVALID, "a name has 1 to %d of a-z, 0-9 and -", PROVIDER_NAME_MAX);
    if (provider->issuer.data == NULL)
        return err(INVALID, "issuer: must be there");
    if (provider->subject.data == NULL)
        return err(INVALID, "subject: must be there, such as sub");
    TRY(check_endpoints(provider));
    if (provider_is_oidc(provider) && !has_scope(provider->scope, STR("openid")))
        return err(INVALID, "scope: must have openid, or there is no ID token");
    return check_client_key(provider);
}

/* ---- all of them */

static Provider *find_or_add(Provider *items, size_t *count, Str name)
{
    for (size_t i = 0; i < *count; i++)
        if (str_equal(items[i].name, name))
            return &items[i];
    if (*count == PROVIDERS_MAX)
        return NULL;
    items[*count] = (Provider){.name = name, .title = name};
    return &items[(*count)++];
}

static Err take_file(Arena *arena, Environment environment, Str text, Provider *items, size_t *count)
{
    AUTO_JSON json_t *all = NULL;
    const char *key;
    json_t *entry;

    TRY(yaml_read(text, &all));
    if (!json_is_object(all) && !json_is_null(all))
        return err(INVALID, "must have a member for each provider, such as google");
    json_object_foreach(all, key, entry)
    {
        Str name = str_copy(arena, str_from(key));
        Provider *provider = find_or_add(items, count, name);

        if (provider == NULL)
            return err(INVALID, "more than %d providers", PROVIDERS_MAX);
        TRY(named(take_entry(arena, environment, entry, provider), name));
    }
    return OK;
}

Err providers_read(Arena *arena, Str known, Str operators, Environment environment, Providers *out)
{
    Provider *items = arena_array(arena, Provider, PROVIDERS_MAX);
    size_t count = 0, offered = 0;

    *out = (Providers){0};
    TRY(take_file(arena, environment, known, items, &count));
    TRY(take_file(arena, environment, operators, items, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(named(check(&items[i]), items[i].name));
        if (items[i].client_id.data != NULL)
            items[offered++] = items[i];
    }
    *out = (Providers){items, offered};
    return OK;
}

const Provider *providers_find(const Providers *providers, Str name)
{
    for (size_t i = 0; i < providers->count; i++)
        if (str_equal(providers->items[i].name, name))
            return &providers->items[i];
    return NULL;
}
