#include "services/auth/oidc/fetch.h"

#include "services/auth/oidc/address.h"

Err oidc_unavailable(const Provider *provider, const char *why)
{
    enum { AGAIN_S = 5 };
    Err e = err(UNAVAILABLE, "%.*s can't be asked who you are for now: try again, or sign in another way",
                STR_ARG(provider->title));

    return err_retry_after(err_detail(e, "%s", why), AGAIN_S);
}

/* A client for one request: sign-ins are rare, and each address may be on another host. */
static Err open_client(const Fetch *fetch, Arena *arena, HttpClient **out)
{
    return http_client_create(
        &(HttpClientConfig){
            .name = "sign_in",
            .base_url = str_c(arena, fetch->address),
            .connect_timeout_ms = FETCH_CONNECT_MS,
            .total_timeout_ms = FETCH_TOTAL_MS,
            .max_body = FETCH_ANSWER_MAX,
            .max_idle = 1,
            .is_outside = !oidc_is_loopback(fetch->address),
        },
        out);
}

Err oidc_fetch(const Call *call, const Fetch *fetch, HttpReply *out)
{
    Arena *arena = call->arena;
    Str bearer = str_format(arena, "Bearer %.*s", STR_ARG(fetch->bearer));
    HttpRequest request = {
        .method = fetch->form.data != NULL ? "POST" : "GET",
        .target = STR(""),
        .body = fetch->form,
        .body_type = "application/x-www-form-urlencoded",
        .auth = fetch->bearer.data != NULL ? bearer.data : NULL,
        .accept = "application/json",
    };
    HttpClient *client;

    TRY(open_client(fetch, arena, &client));
    Err e = http_client_send(client, arena, call, &request, out);
    http_client_destroy(client);
    return failed(&e) ? oidc_unavailable(fetch->provider, e.detail[0] != '\0' ? e.detail : e.message) : OK;
}
