#include "services/auth/throttle/throttle.h"

#include <arpa/inet.h>

#include "base/hex.h"
#include "services/auth/opaque.h"

enum { MINUTE_S = 60, HOUR_S = 3600, KNOWN_DAYS = 30, MS_PER_S = 1000, US_IN_S = 1000000 };

typedef enum RuleName {
    TRY_PAIR,
    TRY_ADDRESS,
    TRY_ACCOUNT,
    TRY_CODE,
    TRY_CODE_DAY,
    LETTER_TO,
    LETTER_FROM
} RuleName;

typedef struct Rule {
    const char *name;
    int most;
    int window_s;
} Rule;

static const Rule RULES[] = {
    [TRY_PAIR] = {"pair", 10,
                  15 * MINUTE_S}, /* one account from one address: somebody guesses, or has forgotten */
    [TRY_ADDRESS] = {"address", 100, 15 * MINUTE_S}, /* many accounts from one address: credential stuffing */
    [TRY_ACCOUNT] = {"account", 100, HOUR_S}, /* one account from many addresses; its own are let through */
    /* Of a million codes three are right at a time, and who tries has the password: few, from everywhere together. */
    [TRY_CODE] = {"code", 10, 15 * MINUTE_S},
    [TRY_CODE_DAY] = {"code-day", 50, 24 * HOUR_S},
    [LETTER_TO] = {"letter-to", 5, HOUR_S},
    [LETTER_FROM] = {"letter-from", 100, HOUR_S},
};

/* What is counted as one: of IPv6 the first 64 bits (RFC 6177). */
static Str block_of(Arena *arena, Str address)
{
    enum { BLOCK_BYTES = 8 };
    struct in6_addr ipv6;

    if (address.data == NULL || inet_pton(AF_INET6, str_c(arena, address), &ipv6) != 1 ||
        IN6_IS_ADDR_V4MAPPED(&ipv6))
        return address.data == NULL ? STR("") : address;
    return hex_text(arena, (Str){(const char *)ipv6.s6_addr, BLOCK_BYTES});
}

static Str pair_of(Arena *arena, const Attempt *attempt)
{
    return opaque_hash(arena, str_format(arena, "%.*s %.*s", STR_ARG(attempt->account),
                                         STR_ARG(block_of(arena, attempt->address))));
}

static Err limited(int seconds)
{
    return err_retry_after(err(LIMITED, "Too many tries: come back in %d seconds.", seconds), seconds);
}

static Err count(const Throttle *throttle, Arena *arena, RuleName name, Str who)
{
    const Rule *rule = &RULES[name];
    int64_t now_s = clock_wall_us(throttle->clock) / US_IN_S;
    Str key = str_format(arena, "auth:try:%s:%lld:%.*s", rule->name, (long long)(now_s / rule->window_s),
                         STR_ARG(who));
    int64_t sum;

    TRY(kv_add(throttle->kv, key, 1, (int64_t)rule->window_s * MS_PER_S, &sum));
    return sum <= rule->most ? OK : limited((int)(rule->window_s - now_s % rule->window_s));
}

static Str known_key(Arena *arena, Str pair)
{
    return str_format(arena, "auth:known:%.*s", STR_ARG(pair));
}

Err throttle_try(const Throttle *throttle, Arena *arena, const Attempt *attempt)
{
    Str pair = pair_of(arena, attempt), known;

    TRY(count(throttle, arena, TRY_ADDRESS, opaque_hash(arena, block_of(arena, attempt->address))));
    TRY(count(throttle, arena, TRY_PAIR, pair));
    TRY(kv_get(throttle->kv, arena, known_key(arena, pair), &known));
    return known.data != NULL ? OK
                              : count(throttle, arena, TRY_ACCOUNT, opaque_hash(arena, attempt->account));
}

void throttle_passed(const Throttle *throttle, Arena *arena, const Attempt *attempt)
{
    int64_t ttl_ms = (int64_t)KNOWN_DAYS * 24 * HOUR_S * MS_PER_S;

    /* Only a help: who isn't known is counted with everybody. */
    (void)kv_put(throttle->kv, known_key(arena, pair_of(arena, attempt)), STR("1"), ttl_ms);
}

Err throttle_code(const Throttle *throttle, Arena *arena, const Attempt *attempt, bool is_of_app)
{
    Str who = opaque_hash(
        arena, str_format(arena, "%s %.*s", is_of_app ? "app" : "recovery", STR_ARG(attempt->account)));

    TRY(count(throttle, arena, TRY_ADDRESS, opaque_hash(arena, block_of(arena, attempt->address))));
    TRY(count(throttle, arena, TRY_CODE, who));
    return count(throttle, arena, TRY_CODE_DAY, who);
}

Err throttle_letter(const Throttle *throttle, Arena *arena, const Attempt *attempt)
{
    TRY(count(throttle, arena, LETTER_FROM, opaque_hash(arena, block_of(arena, attempt->address))));
    return count(throttle, arena, LETTER_TO, opaque_hash(arena, attempt->account));
}
