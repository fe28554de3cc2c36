/* Tokens without the program around them, for those who read them elsewhere.
 *
 *     tokens_probe SECRET|- FOLDER|- issue SUBJECT     prints a token
 *     tokens_probe SECRET|- FOLDER|- verify TOKEN      prints whose it is and what they may; else why it was refused, and fails
 *     tokens_probe SECRET|- FOLDER|- jwks              prints the JWK Set */
#include <stdio.h>
#include <string.h>

#include "services/auth/tokens/tokens.h"

static const Str MAY[] = {{"chat", 4}, {"world:read", 10}};

static Err issue(Tokens *tokens, Arena *arena, Str subject)
{
    const Claims claims = {.subject = subject, .session = STR("s-1"), .permissions = {MAY, 2}};
    Str token;

    TRY(tokens_issue(tokens, arena, &claims, &token));
    printf("%.*s\n", STR_ARG(token));
    return OK;
}

static Err verify(Tokens *tokens, Arena *arena, Str token)
{
    Claims claims;

    TRY(tokens_verify(tokens, arena, token, &claims));
    printf("%.*s", STR_ARG(claims.subject));
    for (size_t i = 0; i < claims.permissions.count; i++)
        printf(" %.*s", STR_ARG(claims.permissions.items[i]));
    puts("");
    return OK;
}

static Err jwks(Tokens *tokens, Arena *arena, Str nothing)
{
    (void)nothing;
    printf("{\"keys\":%.*s}\n", STR_ARG(tokens_public_keys(tokens, arena)));
    return OK;
}

static const struct Deed {
    const char *name;
    Err (*run)(Tokens *tokens, Arena *arena, Str word);
} DEEDS[] = {{"issue", issue}, {"verify", verify}, {"jwks", jwks}};

static Err run(char **words, Arena *arena)
{
    Tokens *tokens;
    Err e = err(INVALID, "issue, verify or jwks");

    TRY(tokens_create(&(TokensConfig){.secret = str_from(strcmp(words[1], "-") != 0 ? words[1] : NULL),
                                      .keys_folder = strcmp(words[2], "-") != 0 ? words[2] : NULL,
                                      .clock = clock_system()},
                      &tokens));
    for (size_t i = 0; i < sizeof DEEDS / sizeof *DEEDS; i++)
        if (strcmp(DEEDS[i].name, words[3]) == 0)
            e = DEEDS[i].run(tokens, arena, str_from(words[4]));
    tokens_destroy(tokens);
    return e;
}

int main(int count, char **words)
{
    AUTO_ARENA Arena arena = {0};
    Err e = count >= 4 ? run(words, &arena) : err(INVALID, "SECRET|- FOLDER|- issue|verify|jwks [WORD]");

    if (failed(&e))
        (void)fprintf(stderr, "%s (%s)\n", e.message, e.detail);
    return failed(&e) ? 1 : 0;
}
