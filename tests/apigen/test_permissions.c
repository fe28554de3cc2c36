/* What the contract says of callers holds over HTTP before a handler runs, and not for calls in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "http/client.h"
#include "http/server.h"
#include "service.h"

typedef struct Site {
    Torture torture;
    Identity caller; /* of the next request */
    Server *server;
    HttpClient *client;
} Site;

static Err put_caller(void *context, Exchange *exchange)
{
    const Site *site = context;

    exchange->identity = site->caller;
    return OK;
}

static Err start(Site *site)
{
    ServerConfig config = server_config_default();
    char url[64];

    config.listen = "127.0.0.1:0";
    TRY(server_create(&config, &site->server));
    server_add_filter(site->server, (Filter){.before = put_caller, .context = site});
    TRY(server_mount(site->server, &TORTURE_OPERATIONS, &site->torture, false));
    TRY(server_start(site->server));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", server_port(site->server));
    return http_client_create(&(HttpClientConfig){.base_url = url}, &site->client);
}

static int start_site(void **state)
{
    static Site site;
    Err e = start(&site);

    *state = &site;
    assert_string_equal(e.message, "");
    return 0;
}

static int stop_site(void **state)
{
    Site *site = *state;

    http_client_destroy(site->client);
    (void)server_drain(site->server, 1000);
    server_destroy(site->server);
    return 0;
}

static Err own(Site *site, const TortureOwnInput *in)
{
    AUTO_ARENA Arena arena = {0};
    const TortureClient far = {.remote = site->client};
    Call call = {.arena = &arena, .trace = trace_new()};
    Found found;

    return torture_client_own(&far, &call, in, &found);
}

static ErrCode see_own(Site *site, const char *user)
{
    const TortureOwnInput in = {.user_id = str_from(user)};

    return own(site, &in).code;
}

static ErrCode share(Site *site, const char *first, const char *second)
{
    AUTO_ARENA Arena arena = {0};
    const TortureClient far = {.remote = site->client};
    Call call = {.arena = &arena, .trace = trace_new()};
    Share shares[] = {{.user_id = str_from(first)}, {.user_id = str_from(second)}};
    const Shares in = {.shares = {shares, 2}};
    Found found;

    return torture_client_share(&far, &call, &in, &found).code;
}

static void public_operations_ask_nobody(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Site *site = *state;
    const TortureClient far = {.remote = site->client};
    Call call = {.arena = &arena, .trace = trace_new()};
    Found found;
    TortureTouchInput in = {.id = STR("A1")};

    site->caller = (Identity){0};
    assert_int_equal(torture_client_touch(&far, &call, &in, &found).code, NO_ERROR);
}

static void who_is_not_known_is_unauthorized_and_who_may_not_is_forbidden(void **state)
{
    Site *site = *state;

    site->caller = (Identity){0};
    assert_int_equal(see_own(site, "ann"), UNAUTHORIZED);
    site->caller = (Identity){.subject = STR("ann"), .permissions = PERMISSION_SHARE};
    assert_int_equal(see_own(site, "ann"), FORBIDDEN);
    site->caller.permissions = ROLE_PERMISSIONS[ROLE_NOBODY];
    assert_int_equal(see_own(site, "ann"), FORBIDDEN);
    site->caller.permissions = ROLE_PERMISSIONS[ROLE_VISITOR];
    assert_int_equal(see_own(site, "ann"), NO_ERROR);
}

static void what_is_anothers_needs_to_act_for_any_user(void **state)
{
    Site *site = *state;

    site->caller = (Identity){.subject = STR("ann"), .permissions = ROLE_PERMISSIONS[ROLE_VISITOR]};
    assert_int_equal(see_own(site, "bob"), FORBIDDEN);
    assert_int_equal(see_own(site, "an"), FORBIDDEN);
    assert_int_equal(see_own(site, "annn"), FORBIDDEN);
    site->caller.permissions = ROLE_PERMISSIONS[ROLE_KEEPER];
    assert_int_equal(see_own(site, "bob"), NO_ERROR);
}

static void every_item_of_a_list_is_the_callers(void **state)
{
    Site *site = *state;

    site->caller = (Identity){.subject = STR("ann"), .permissions = ROLE_PERMISSIONS[ROLE_VISITOR]};
    assert_int_equal(share(site, "ann", "ann"), NO_ERROR);
    assert_int_equal(share(site, "ann", "bob"), FORBIDDEN);
    assert_int_equal(share(site, "bob", "ann"), FORBIDDEN);
    assert_int_equal(share(site, "ann", NULL), NO_ERROR); /* nobody's */
    site->caller.permissions = ROLE_PERMISSIONS[ROLE_KEEPER];
    assert_int_equal(share(site, "bob", "cid"), NO_ERROR);
}

static void a_parameter_may_need_a_permission_of_its_own(void **state)
{
    Site *site = *state;
    TortureOwnInput in = {.user_id = STR("ann"), .deep = 1};

    site->caller = (Identity){.subject = STR("ann"), .permissions = ROLE_PERMISSIONS[ROLE_VISITOR]};
    Err e = own(site, &in);
    assert_int_equal(e.code, FORBIDDEN);
    assert_non_null(strstr(e.message, "see:deep"));
    in = (TortureOwnInput){.user_id = STR("ann"), .has_least = true, .least = 0};
    assert_int_equal(own(site, &in).code, FORBIDDEN);
    site->caller.permissions |= PERMISSION_SEE_DEEP;
    assert_int_equal(own(site, &in).code, NO_ERROR);
}

static void a_strangers_body_is_not_read(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Site *site = *state;
    Call call = {.arena = &arena, .trace = trace_new()};
    const HttpRequest request = {
        .method = "POST", .target = STR("/torture/shares"), .body = STR("no JSON at all")};
    HttpReply reply;

    site->caller = (Identity){0};
    assert_int_equal(http_client_send(site->client, &arena, &call, &request, &reply).code, NO_ERROR);
    assert_int_equal(reply.status, 401);
}

static void calls_in_this_process_go_straight_to_the_handler(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Site *site = *state;
    const TortureClient near = {.service = &site->torture};
    Call call = {.arena = &arena, .trace = trace_new()};
    const TortureOwnInput in = {.user_id = STR("ann"), .deep = 1};
    Found found;

    assert_int_equal(torture_client_own(&near, &call, &in, &found).code, NO_ERROR);
}

static void roles_are_sets_of_permissions_and_both_have_names(void **state)
{
    (void)state;
    assert_int_equal(ROLE_PERMISSIONS[ROLE_VISITOR], PERMISSION_SEE | PERMISSION_SHARE);
    assert_int_equal(ROLE_PERMISSIONS[ROLE_KEEPER], (UINT64_C(1) << PERMISSION_COUNT) - 1);
    assert_true(str_equal(ROLE_TEXT[ROLE_NOBODY], STR("nobody")));
    assert_true(str_equal(PERMISSION_TEXT[3], STR("users:any")));
    assert_int_equal(PERMISSION_USERS_ANY, 1 << 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_operations_ask_nobody),
        cmocka_unit_test(who_is_not_known_is_unauthorized_and_who_may_not_is_forbidden),
        cmocka_unit_test(what_is_anothers_needs_to_act_for_any_user),
        cmocka_unit_test(every_item_of_a_list_is_the_callers),
        cmocka_unit_test(a_parameter_may_need_a_permission_of_its_own),
        cmocka_unit_test(a_strangers_body_is_not_read),
        cmocka_unit_test(calls_in_this_process_go_straight_to_the_handler),
        cmocka_unit_test(roles_are_sets_of_permissions_and_both_have_names),
    };

    return cmocka_run_group_tests(tests, start_site, stop_site);
}
