/* `nerdx token`: shows who holds this machine to its own server. Such a token belongs to no sign-in: it can't be ended before its time
 * but by another secret, so it is short-lived unless asked otherwise. */
#include <stdio.h>

#include "api/common.h"
#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"
#include "base/random.h"
#include "services/auth/roles.h"

enum { US_PER_S = 1000 * 1000 };

static void release_tokens(Tokens **tokens)
{
    tokens_destroy(*tokens);
}

static Err check_user(Str user)
{
    Err e = shape_check(&USER_ID_SHAPE, &user);

    return failed(&e) ? err(INVALID, "--user: %s", e.message) : OK;
}

static uint64_t permissions(const Options *options)
{
    Str role = options_text(options, SETTING_ROLE);

    return role_permissions(role.data != NULL ? role : ROLE_TEXT[ROLE_OPERATOR]);
}

static Err issue(const Options *options, Tokens *tokens, Arena *arena, Str *out)
{
    int64_t now_s = clock_wall_us(clock_system()) / US_PER_S;
    Claims claims = {
        .subject = options_text(options, SETTING_USER),
        .id = id_new(arena, clock_system()),
        .permissions = permission_names(arena, permissions(options)),
        .issued_at_s = now_s,
        .expires_at_s = now_s + options_int(options, SETTING_FOR) / US_PER_S,
        .proved_at_s = now_s, /* who can read the secret needs no password */
    };

    TRY(check_user(claims.subject));
    return tokens_issue(tokens, arena, &claims, out);
}

static Err print_token(const Options *options)
{
    AUTO_ARENA Arena arena = {0};
    __attribute__((cleanup(release_tokens))) Tokens *tokens = NULL;
    Str token;

    TRY(app_make_folder(options));
    TRY(app_open_tokens(options, &tokens));
    TRY(issue(options, tokens, &arena, &token));
    printf("%.*s\n", STR_ARG(token));
    return OK;
}

ExitCode token_run(const Options *options)
{
    Err e = print_token(options);

    return failed(&e) ? command_fail("token", &e) : EXIT_DONE;
}
