/* Which addresses are the internet's, and which URLs may be posted to. */
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "http/outside.h"

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return outside_is_public((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return outside_is_public((struct sockaddr *)&v6);
}

static void only_addresses_of_the_internet_are_public(void **state)
{
    static const char *const PUBLIC[] = {"1.1.1.1",         "8.8.8.8",      "93.184.216.34", "100.63.255.255",
                                         "100.128.0.1",     "172.15.0.1",   "172.32.0.1",    "192.167.0.1",
                                         "223.255.255.255", "2606:4700::1", "2a00:1450::1",  "2001:200::1"};
    static const char *const INSIDE[] = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.8.9.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "fec0::1",
        "100::1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof PUBLIC / sizeof *PUBLIC; i++)
        if (!is_public(PUBLIC[i]))
            fail_msg("%s is public", PUBLIC[i]);
    for (size_t i = 0; i < sizeof INSIDE / sizeof *INSIDE; i++)
        if (is_public(INSIDE[i]))
            fail_msg("%s isn't public", INSIDE[i]);
}

static void a_url_leads_to_the_internet_by_tls_and_carries_no_secret(void **state)
{
    static const char *const REFUSED[][2] = {
        {"http://shop.example/hook", "https://"},
        {"ftp://shop.example/hook", "must be like"},
        {"file:///etc/passwd", "must be like"},
        {"https://", "must be like"},
        {"shop.example/hook", "must be like"},
        {"https://me:secret@shop.example/", "name or password"},
        {"https://shop.example/#here", "behind #"},
        {"https://localhost/", "of the internet"},
        {"https://127.0.0.1/", "of the internet"},
        {"https://0177.0.0.1/", "of the internet"},
        {"https://2130706433/", "of the internet"},
        {"https://[::1]/", "of the internet"},
        {"https://[::ffff:169.254.169.254]/", "of the internet"},
    };
    AUTO_ARENA Arena arena = {0};

    (void)state;
    arena_init(&arena);
    check_ok(outside_check_url(&arena, STR("https://shop.example:8443/hook?a=1"), false));
    check_ok(outside_check_url(&arena, STR("http://127.0.0.1:1/"), true));
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        check_err(outside_check_url(&arena, str_from(REFUSED[i][0]), false), UNPROCESSABLE, REFUSED[i][1]);
}

/* ---- a name that leads to two addresses; nobody is really called here */

static struct sockaddr_in leads_to[2];
static struct addrinfo answer[2];

int getaddrinfo(const char *name, const char *service, const struct addrinfo *req, struct addrinfo **pai)
{
    (void)name, (void)service, (void)req;
    for (size_t i = 0; i < 2; i++)
        answer[i] = (struct addrinfo){
            .ai_family = AF_INET,
            .ai_socktype = SOCK_STREAM,
            .ai_addrlen = sizeof leads_to[i],
            .ai_addr = (struct sockaddr *)&leads_to[i],
            .ai_next = i == 0 ? &answer[1] : NULL,
        };
    *pai = answer;
    return 0;
}

void freeaddrinfo(struct addrinfo *ai)
{
    (void)ai;
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    (void)fd, (void)addr, (void)len;
    errno = ECONNREFUSED;
    return -1;
}

static Err post_to(const char *one, const char *other)
{
    static const char *const NO_HEADERS[] = {NULL};
    const OutsideRequest request = {
        .name = "test", .url = "https://shop.example/", .headers = NO_HEADERS, .body = STR("{}")};
    const char *const both[] = {one, other};
    AUTO_ARENA Arena arena = {0};
    OutsideReply reply;

    arena_init(&arena);
    for (size_t i = 0; i < 2; i++) {
        leads_to[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(443)};
        assert_int_equal(inet_pton(AF_INET, both[i], &leads_to[i].sin_addr), 1);
    }
    return outside_post(&arena, &request, &reply);
}

static void a_name_is_refused_only_where_none_of_its_addresses_may_be_called(void **state)
{
    (void)state;
    check_err(post_to("127.0.0.1", "10.0.0.1"), UNPROCESSABLE, "isn't the internet's");
    check_err(post_to("127.0.0.1", "8.8.8.8"), UNAVAILABLE, "can't be reached");
    check_err(post_to("8.8.8.8", "127.0.0.1"), UNAVAILABLE, "can't be reached");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_addresses_of_the_internet_are_public),
        cmocka_unit_test(a_url_leads_to_the_internet_by_tls_and_carries_no_secret),
        cmocka_unit_test(a_name_is_refused_only_where_none_of_its_addresses_may_be_called),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
