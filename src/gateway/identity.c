#include "gateway/identity.h"

#include "http/cookies.h"

typedef struct Credential {
    Str text; /* absent: none was shown */
    bool is_cookie;
} Credential;

/* "Bearer abc": the scheme's name in any case, one blank or more (RFC 9110, 11.4). Other schemes show nothing to us. */
static Str bearer_of(const Exchange *exchange)
{
    static const Str SCHEME = {.data = "bearer ", .len = 7};
    Str header = exchange_header(exchange, STR("authorization"));

    if (header.len < SCHEME.len || !str_equal_nocase(str_slice(header, 0, SCHEME.len), SCHEME))
        return (Str){0};
    return str_trim(str_slice(header, SCHEME.len, header.len));
}

static Credential find_credential(const Exchange *exchange)
{
    Credential shown = {.text = bearer_of(exchange)};

    if (shown.text.data)
        return shown;
    shown.text = cookie_get(exchange_header(exchange, STR("cookie")), STR(COOKIE_ACCESS));
    shown.is_cookie = shown.text.data != NULL;
    return shown;
}

/* What the method says changes nothing (RFC 9110, 9.2.1). */
static bool is_safe(Str method)
{
    return str_equal(method, STR("GET")) || str_equal(method, STR("HEAD")) ||
           str_equal(method, STR("OPTIONS"));
}

/* A browser sends cookies whoever's page has asked; only a page of ours can send the other half. */
static Err check_page(const Exchange *exchange)
{
    if (is_safe(exchange->method) || cookies_show_page(exchange_header(exchange, STR("cookie")),
                                                       exchange_header(exchange, STR(CSRF_HEADER))))
        return OK;
    return err(FORBIDDEN, "Send X-CSRF-Token with what the cookie " COOKIE_CSRF " holds.");
}

/* As a quoted string (RFC 6750, 3): what can't be within one is left out. */
static const char *challenge(Arena *arena, const Err *why)
{
    Buf out = {.arena = arena};

    buf_put(&out, STR("Bearer realm=\"nerdx\", error=\"invalid_token\", error_description=\""));
    for (const char *c = why->message; *c != '\0'; c++)
        if (*c >= ' ' && *c <= '~' && *c != '"' && *c != '\\')
            buf_put_char(&out, *c);
    buf_put(&out, STR("\""));
    return str_c(arena, buf_str(&out));
}

static Err identify(const IdentityPolicy *policy, Exchange *exchange, Str credential)
{
    Identity found = {0};
    Err e = policy->identify(policy->context, &exchange->arena, credential, &found);

    if (e.code == UNAUTHORIZED) {
        exchange->challenge = challenge(&exchange->arena, &e);
        return OK;
    }
    TRY(e);
    if (policy->is_open)
        found.permissions = IDENTITY_OF_MACHINE.permissions;
    exchange->identity = found;
    return OK;
}

static Err find_caller(void *context, Exchange *exchange)
{
    const IdentityPolicy *policy = context;

    if (exchange->from_node) /* which has said for whom it asks */
        return OK;
    if (policy->is_open)
        exchange->identity = IDENTITY_OF_MACHINE;
    if (!exchange->limit_class || !policy->identify) /* files and health ask nobody */
        return OK;
    Credential shown = find_credential(exchange);
    if (!shown.text.data)
        return OK;
    if (shown.is_cookie)
        TRY(check_page(exchange));
    return identify(policy, exchange, shown.text);
}

Filter identity_filter(const IdentityPolicy *policy)
{
    return (Filter){.before = find_caller, .context = (void *)policy};
}
