/* Where the shared secret comes from. */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/thread.h"
#include "services/auth/tokens/secret.h"
#include "services/auth/tokens/tokens.h"

typedef struct Place {
    char folder[32];
    char path[48];
} Place;

static void place_make(Place *place)
{
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/nerdx-secret-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->path, sizeof place->path, "%s/jwt.secret", place->folder);
}

static void place_remove(Place *place)
{
    (void)unlink(place->path);
    assert_int_equal(rmdir(place->folder), 0); /* nothing else was left in it */
}

static void a_secret_is_made_once_and_is_its_owners_alone(void **state)
{
    AUTO_ARENA Arena arena = {0};
    struct stat about;
    Place place;
    Str first;
    Str again;

    (void)state;
    place_make(&place);
    check_ok(secret_from_file(&arena, place.path, &first));
    check_ok(secret_from_file(&arena, place.path, &again));
    assert_int_equal(first.len, 64);
    assert_true(str_equal(first, again));
    assert_int_equal(stat(place.path, &about), 0);
    assert_int_equal(about.st_mode & 07777U, 0600);
    assert_int_equal(chmod(place.path, 0640), 0);
    check_err(secret_from_file(&arena, place.path, &again), FORBIDDEN, "chmod 600");
    place_remove(&place);
}

typedef struct Starter {
    const char *path;
    char secret[65];
} Starter;

static void *start(void *context)
{
    AUTO_ARENA Arena arena = {0};
    Starter *starter = context;
    Str secret;
    Err e = secret_from_file(&arena, starter->path, &secret);

    (void)snprintf(starter->secret, sizeof starter->secret, "%.*s", failed(&e) ? 0 : (int)secret.len,
                   secret.data);
    return NULL;
}

static void processes_that_start_at_once_agree_on_one_secret(void **state)
{
    Starter starters[8] = {0};
    pthread_t threads[COUNT(starters)];
    Place place;

    (void)state;
    place_make(&place);
    for (size_t i = 0; i < COUNT(starters); i++) {
        starters[i].path = place.path;
        threads[i] = thread_start("starter", start, &starters[i]);
    }
    for (size_t i = 0; i < COUNT(starters); i++)
        thread_join(threads[i]);
    for (size_t i = 0; i < COUNT(starters); i++) {
        assert_int_equal(strlen(starters[i].secret), 64);
        assert_string_equal(starters[i].secret, starters[0].secret);
    }
    place_remove(&place);
}

static void a_secret_that_is_too_short_or_missing_is_said_with_what_would_be_right(void **state)
{
    Place place;
    Tokens *tokens;

    (void)state;
    check_err(tokens_create(
                  &(TokensConfig){.secret = STR("0123456789abcdef0123456789abcde"), .clock = clock_system()},
                  &tokens),
              INVALID, "JWT_SECRET: 31 bytes, must be 32 to 1024");
    assert_null(tokens);
    check_err(tokens_create(&(TokensConfig){.clock = clock_system()}, &tokens), INVALID,
              "JWT_SECRET: there is none");
    place_make(&place);
    check_put_file(place.path, STR("hunter2\n"));
    assert_int_equal(chmod(place.path, 0600), 0);
    check_err(tokens_create(&(TokensConfig){.secret_file = place.path, .clock = clock_system()}, &tokens),
              INVALID, "jwt.secret: 7 bytes");
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_made_once_and_is_its_owners_alone),
        cmocka_unit_test(processes_that_start_at_once_agree_on_one_secret),
        cmocka_unit_test(a_secret_that_is_too_short_or_missing_is_said_with_what_would_be_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
