/* Embedded files: compressed when the client takes it, validated by ETag, kept in a strict box by headers. */
#include "http/inside.h"

#include "http/negotiate.h"

/* Pages load nothing from elsewhere, run no inline script and can't be framed. */
static const ReplyHeader SECURITY[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
     "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

typedef struct MountedAssets {
    AssetTable table;
    const char *cache_control;
} MountedAssets;

static const Asset *find(const MountedAssets *mounted, Arena *arena, Str tail)
{
    const Asset *asset = tail.len ? asset_find(mounted->table, tail) : NULL;

    if (asset)
        return asset;
    if (tail.len && !str_ends(tail, STR("/")))
        return NULL;
    return asset_find(mounted->table, str_format(arena, "%.*sindex.html", STR_ARG(tail)));
}

static bool wants_gzip(const Exchange *exchange, const Asset *asset)
{
    Str accept = exchange_header(exchange, STR("accept-encoding"));
    int gzip = accept_encoding_weight(accept, STR("gzip"));

    return asset->gzip.data && accept.data && gzip > 0 &&
           gzip >= accept_encoding_weight(accept, STR("identity"));
}

static void put_headers(Exchange *exchange, const MountedAssets *mounted, const Asset *asset,
                        const char *etag)
{
    for (size_t i = 0; i < sizeof SECURITY / sizeof *SECURITY; i++)
        exchange_put_header(exchange, SECURITY[i].name, SECURITY[i].value);
    exchange_put_header(exchange, "Cache-Control", mounted->cache_control);
    exchange_put_header(exchange, "ETag", etag);
    if (asset->gzip.data)
        exchange_put_header(exchange, "Vary", "Accept-Encoding");
}

static Err serve(void *context, Exchange *exchange)
{
    const MountedAssets *mounted = context;
    const Asset *asset = find(mounted, &exchange->arena, exchange->tail);

    if (!asset)
        return err(NOT_FOUND, "There is nothing at this path.");
    bool gzip = wants_gzip(exchange, asset);
    /* Each form has its own validator, as a strong one must. */
    Str etag = str_format(&exchange->arena, "%s%s", asset->etag, gzip ? "-gzip" : "");
    put_headers(exchange, mounted, asset, str_format(&exchange->arena, "\"%s\"", etag.data).data);
    if (etag_matches(exchange_header(exchange, STR("if-none-match")), etag)) {
        exchange_reply(exchange, 304, NULL, STR(""));
        return OK;
    }
    if (gzip)
        exchange_put_header(exchange, "Content-Encoding", "gzip");
    exchange_reply(exchange, 200, asset->mime, gzip ? asset->gzip : asset->bytes);
    return OK;
}

Err server_mount_assets(Server *server, const char *prefix, AssetTable assets, int max_age_s)
{
    MountedAssets *mounted = arena_new(&server->arena, MountedAssets);
    Str folder = str_from(prefix);

    if (str_ends(folder, STR("/")))
        folder.len--;
    mounted->table = assets;
    mounted->cache_control =
        max_age_s > 0 ? str_format(&server->arena, "public, max-age=%d", max_age_s).data : "no-cache";
    if (folder.len) {
        const char *self = str_c(&server->arena, folder);
        TRY(server_route(server,
                         &(Route){.method = "GET", .path = self, .handle = serve, .context = mounted}));
    }
    const char *below = str_format(&server->arena, "%.*s/*", STR_ARG(folder)).data;
    return server_route(server,
                        &(Route){.method = "GET", .path = below, .handle = serve, .context = mounted});
}
