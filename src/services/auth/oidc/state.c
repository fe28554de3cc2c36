#include "services/auth/oidc/state.h"

#include "base/json.h"
#include "services/auth/oidc/request.h"

enum { MS_PER_S = 1000 };

static const struct Member {
    const char *name;
    size_t offset;
} MEMBERS[] = {
    {"provider", offsetof(Flow, provider)},   {"nonce", offsetof(Flow, nonce)},
    {"verifier", offsetof(Flow, verifier)},   {"browser", offsetof(Flow, browser)},
    {"return_to", offsetof(Flow, return_to)}, {"user_id", offsetof(Flow, user_id)},
};

enum { MEMBER_COUNT = sizeof MEMBERS / sizeof *MEMBERS };

/* Who can read the store can't take up a flow by its key alone. */
static Str key_of(Arena *arena, Str state)
{
    return str_format(arena, "oidc:%s", oidc_digest(arena, state).data);
}

Err flow_put(Kv *kv, Arena *arena, Str state, const Flow *flow)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '{');
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        Str value = *(const Str *)((const char *)flow + MEMBERS[i].offset);

        if (value.data != NULL)
            json_put_member(&buf, MEMBERS[i].name, value);
    }
    buf_put_char(&buf, '}');
    return kv_put(kv, key_of(arena, state), buf_str(&buf), (int64_t)OIDC_STATE_S * MS_PER_S);
}

Err flow_take(Kv *kv, Arena *arena, Str state, Flow *out)
{
    Str key = key_of(arena, state), text = {0};
    const json_t *found;
    bool was_there = false;

    TRY(kv_get(kv, arena, key, &text));
    if (text.data != NULL)
        TRY(kv_delete(kv, key, &was_there));
    if (!was_there)
        return err_at(err(INVALID, "state: unknown, used before, or older than %d minutes: begin again",
                          OIDC_STATE_S / 60),
                      "/state");
    TRY(json_read_into(arena, text, &found));
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        *(Str *)((char *)out + MEMBERS[i].offset) = json_str_at(found, MEMBERS[i].name);
    return OK;
}
