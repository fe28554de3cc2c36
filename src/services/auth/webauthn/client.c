#include <sodium.h>

#include "base/json.h"
#include "services/auth/webauthn/parts.h"

#define LOCALHOST STR("localhost")

_Static_assert(WEBAUTHN_HASH_BYTES == crypto_hash_sha256_BYTES, "client data is hashed by SHA-256");

Err webauthn_refused(const char *why)
{
    return err_detail(
        err(UNAUTHORIZED, "The passkey isn't known here, or this isn't its answer to the challenge."), "%s",
        why);
}

/* ---- the site */

/* http://localhost or that and a port: pages of this very machine. */
static bool is_local_page(Str origin)
{
    const Str base = STR("http://localhost");
    Str port = str_slice(origin, base.len, origin.len);
    int64_t number;

    if (!str_starts(origin, base))
        return false;
    return port.len == 0 || (port.data[0] == ':' && str_to_int(str_slice(port, 1, port.len), &number));
}

static bool is_page_of(const WebauthnSite *site, Str origin)
{
    Str rest = site->origins, one;

    if (site->origins.data == NULL)
        return is_local_page(origin);
    while (str_split(&rest, ',', &one))
        if (str_equal(str_trim(one), origin))
            return true;
    return false;
}

/* The host of an origin: "https://a.nerdx.com:8443" -> "a.nerdx.com". */
static Str host_of(Str origin)
{
    size_t start = str_find(origin, STR("://"), 0);
    Str rest = start == SIZE_MAX ? origin : str_slice(origin, start + 3, origin.len), host;

    (void)str_split(&rest, ':', &host);
    return host;
}

static bool is_within(Str host, Str domain)
{
    if (str_equal(host, domain))
        return true;
    return str_ends(host, domain) && host.data[host.len - domain.len - 1] == '.';
}

/* Section 5.1.3, step 8: the id is the page's domain or one above it; and only https is secure, but on this machine. */
Err webauthn_check_site(const WebauthnSite *site)
{
    Str rest = site->origins, one;

    if (site->origins.data == NULL)
        return str_equal(site->domain, LOCALHOST)
                   ? OK
                   : err(INVALID, "passkey_origins: name the pages that use passkeys of %.*s",
                         STR_ARG(site->domain));
    while (str_split(&rest, ',', &one)) {
        Str origin = str_trim(one), host = host_of(origin);
        bool is_secure = str_starts(origin, STR("https://")) || is_local_page(origin);
        if (!is_secure || str_find(host, STR("/"), 0) != SIZE_MAX || !is_within(host, site->domain))
            return err(INVALID, "passkey_origins: %.*s is no page of %.*s, such as https://%.*s",
                       STR_ARG(origin), STR_ARG(site->domain), STR_ARG(site->domain));
    }
    return OK;
}

/* ---- client data */

Err webauthn_read_client(Str bytes, Arena *arena, WebauthnClient *out)
{
    const json_t *client = NULL;
    Err e = json_read_into(arena, bytes, &client);

    if (failed(&e) || !json_is_object(client))
        return webauthn_refused("client data: no JSON object");
    (void)crypto_hash_sha256(out->hash, (const uint8_t *)bytes.data, bytes.len);
    out->type = json_str_or_empty(client, "type");
    out->challenge = json_str_or_empty(client, "challenge");
    out->origin = json_str_or_empty(client, "origin");
    const json_t *framed = json_object_get(client, "crossOrigin");
    out->is_framed =
        (framed != NULL && !json_is_false(framed)) || json_object_get(client, "topOrigin") != NULL;
    return OK;
}

Err webauthn_check_client(const WebauthnSite *site, const WebauthnClient *client, Str type)
{
    if (!str_equal(client->type, type))
        return webauthn_refused("client data: of another type");
    if (!is_page_of(site, client->origin))
        return webauthn_refused("client data: of another origin");
    return client->is_framed ? webauthn_refused("client data: from within another page") : OK;
}
