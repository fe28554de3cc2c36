#include "push/access_token.h"

#include "base/json.h"

static int shorter(int64_t said, int longest)
{
    return said < longest ? (int)said : longest;
}

static int life_of(const json_t *document)
{
    int64_t said_s = json_integer_value(json_object_get(document, "expires_in"));

    return said_s > 0 ? shorter(said_s, TOKEN_LONGEST_LIFE_S) : TOKEN_USUAL_LIFE_S;
}

Err access_token_read(Arena *arena, const HttpReply *reply, AccessToken *out)
{
    const json_t *document;

    if (reply->status == 429 || reply->status >= 500)
        return err_retry_after(err(UNAVAILABLE, "the server of access tokens answered %d", reply->status),
                               shorter(reply->retry_after_s, TOKEN_LONGEST_WAIT_S));
    if (reply->status != 200)
        return err(UNAVAILABLE, "the server of access tokens refused the service account (%d)",
                   reply->status);
    TRY(json_read_into(arena, reply->body, &document));
    *out = (AccessToken){json_str_or_empty(document, "access_token"), life_of(document)};
    return out->text.len > 0 ? OK : err(UNAVAILABLE, "the server of access tokens gave none");
}
