/* Who is asking: addresses, and proxies that may name others. */
#include "check.h"

#include <string.h>

#include "gateway/consumer.h"

static const char *consumer(const char *proxies, const char *client, const char *forwarded)
{
    static char room[CONSUMER_TEXT];
    static char text[CONSUMER_TEXT];
    Header header = {STR("X-Forwarded-For"), str_from(forwarded)};
    Exchange exchange = {.client = str_from(client), .headers = &header, .header_count = forwarded ? 1 : 0};
    Proxies read;

    check_ok(proxies_read(str_from(proxies), &read));
    Str found = consumer_of(&read, &exchange, room);
    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(found));
    return text;
}

static void an_address_is_a_consumer_and_of_ipv6_its_first_64_bits(void **state)
{
    (void)state;
    assert_string_equal(consumer("", "203.0.113.7", NULL), "203.0.113.7");
    assert_string_equal(consumer("", "::ffff:203.0.113.7", NULL), "203.0.113.7");
    assert_string_equal(consumer("", "2001:db8:1:2:3:4:5:6", NULL), "2001:db8:1:2::");
    assert_string_equal(consumer("", "2001:db8:1:2:ffff::1", NULL), "2001:db8:1:2::");
    assert_string_equal(consumer("", "nonsense", NULL), "unknown");
}

static void who_is_known_is_counted_as_themselves_wherever_they_call_from(void **state)
{
    const Proxies none = {0};
    char room[CONSUMER_TEXT], longest[CONSUMER_TEXT];
    Exchange exchange = {.client = STR("203.0.113.7"), .identity = {.subject = STR("ann")}};

    (void)state;
    assert_true(str_equal(consumer_of(&none, &exchange, room), STR("user:ann")));
    exchange.identity.kind = IDENTITY_KEY;
    assert_true(str_equal(consumer_of(&none, &exchange, room), STR("key:ann")));
    memset(longest, 'a', sizeof longest);
    exchange.identity.subject = (Str){longest, sizeof longest};
    assert_true(str_equal(consumer_of(&none, &exchange, room), STR("203.0.113.7")));
}

static void what_nobody_trusted_says_is_not_believed(void **state)
{
    (void)state;
    assert_string_equal(consumer("", "203.0.113.7", "198.51.100.1"), "203.0.113.7");
    assert_string_equal(consumer("10.0.0.0/8", "203.0.113.7", "198.51.100.1"), "203.0.113.7");
    assert_string_equal(consumer("10.0.0.0/8", "11.0.0.1", "198.51.100.1"), "11.0.0.1");
}

static void a_trusted_proxy_names_its_client_and_what_that_says_itself_is_not_believed(void **state)
{
    (void)state;
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", "198.51.100.1"), "198.51.100.1");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", "6.6.6.6, 198.51.100.1"), "198.51.100.1");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", "6.6.6.6, 198.51.100.1 ,10.9.9.9"),
                        "198.51.100.1");
    assert_string_equal(consumer("10.1.2.3", "10.1.2.3", "198.51.100.1"), "198.51.100.1");
    assert_string_equal(consumer("::1", "::1", "2001:db8::1"), "2001:db8::");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", "10.0.0.1, 10.0.0.2"), "10.0.0.1");
}

static void a_list_that_is_none_leaves_the_proxy_as_the_consumer(void **state)
{
    (void)state;
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", NULL), "10.1.2.3");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", ""), "10.1.2.3");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", ",,"), "10.1.2.3");
    assert_string_equal(consumer("10.0.0.0/8", "10.1.2.3", "198.51.100.1, unknown"), "10.1.2.3");
}

static void blocks_end_within_a_byte(void **state)
{
    (void)state;
    assert_string_equal(consumer("172.16.0.0/12", "172.31.255.255", "198.51.100.1"), "198.51.100.1");
    assert_string_equal(consumer("172.16.0.0/12", "172.32.0.0", "198.51.100.1"), "172.32.0.0");
    assert_string_equal(consumer("0.0.0.0/0", "9.9.9.9", "198.51.100.1"), "198.51.100.1");
}

static void what_is_no_block_is_refused(void **state)
{
    static const char *const WRONG[] = {"10.0.0.0/33", "10.0.0/8",  "::1/129",
                                        "10.0.0.0/-1", "10.0.0.0/", "host"};
    Proxies proxies;

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++)
        check_err(proxies_read(str_from(WRONG[i]), &proxies), INVALID, "no block of addresses");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_a_consumer_and_of_ipv6_its_first_64_bits),
        cmocka_unit_test(who_is_known_is_counted_as_themselves_wherever_they_call_from),
        cmocka_unit_test(what_nobody_trusted_says_is_not_believed),
        cmocka_unit_test(a_trusted_proxy_names_its_client_and_what_that_says_itself_is_not_believed),
        cmocka_unit_test(a_list_that_is_none_leaves_the_proxy_as_the_consumer),
        cmocka_unit_test(blocks_end_within_a_byte),
        cmocka_unit_test(what_is_no_block_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
