/* What a letter's token stands for: run once, within ERRAND_HOURS. Only its hash is kept. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_ERRANDS_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_ERRANDS_H

#include "services/auth/accounts_sql.h"
#include "services/auth/core.h"

/* A lost app is removed by who still has the mailbox and the password after LOST_APP_WAIT_HOURS, in which somebody else can be stopped. */
enum { ERRAND_HOURS = 24, RESET_HOURS = 1, LOST_APP_WAIT_HOURS = 72, LOST_APP_OPEN_HOURS = 7 * 24 };

#define ERRAND_SIGN_UP STR("sign-up")
#define ERRAND_RESET STR("reset")
#define ERRAND_EMAIL STR("email")
#define ERRAND_LOST_APP STR("lost-app")
#define ERRAND_NOTHING STR("")

/* Every text is present. */
typedef struct Errand {
    Str purpose;
    Str user_id;
    Str email; /* as it is compared */
    Str shown; /* as it was typed */
    Str password_hash;
    int hours;
} Errand;

/* *token is for the letter. */
Err errand_add(const Auth *auth, Arena *arena, const Errand *errand, Str *token);

/* Errors: UNAUTHORIZED: there is none, it was run, or it is over. tx NULL: only a look. */
Err errand_find(const Auth *auth, Tx *tx, Arena *arena, Str token, Str purpose, AccountsSqlGetErrand *out);

/* The same, and it is run. */
Err errand_take(const Auth *auth, Tx *tx, Arena *arena, Str token, Str purpose, AccountsSqlGetErrand *out);

#endif
