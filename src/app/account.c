/* nerdx account: what a member may do, decided by who holds the machine. */
#include <stdio.h>

#include "app/app.h"
#include "app/command.h"
#include "app/settings.h"

static Err give_role(const Options *options, const char *email)
{
    AUTO_APP App app = {0};
    AUTO_ARENA Arena arena = {0};
    Str role = options_text(options, SETTING_ROLE), user_id;

    arena_init(&arena);
    TRY(app_make_folder(options));
    TRY(app_open_auth(options, &app));
    TRY(auth_give_role(app.auth, &arena, str_from(email), role, &user_id));
    printf("%.*s is %.*s from now on, and signed out everywhere\n", STR_ARG(user_id), STR_ARG(role));
    return OK;
}

ExitCode account_run(const Options *options)
{
    size_t count;
    const char *const *arguments = options_arguments(options, &count);

    if (count != 1 || options_text(options, SETTING_ROLE).data == NULL) {
        (void)fputs("nerdx account: expected the address of a member and a role, such as: nerdx account "
                    "--role admin you@example.com\n",
                    stderr);
        return EXIT_USAGE_WRONG;
    }
    Err e = give_role(options, arguments[0]);
    return failed(&e) ? command_fail("account", &e) : EXIT_DONE;
}
