/* What isn't Neo4j's answer is none, whatever it is. */
#include "stores/graph/neo4j/status.h"

#include "check.h"

static Err read(const char *body)
{
    AUTO_REPLY CypherReply reply = {0};
    const HttpReply answer = {.status = 200, .body = str_from(body)};

    return status_read(&answer, &reply);
}

static void an_answer_is_what_neo4j_says(void **state)
{
    (void)state;
    check_ok(read("{\"results\":[],\"errors\":[]}"));
    check_err(
        read("{\"results\":[],\"errors\":[{\"code\":\"Neo.ClientError.Transaction.LockClientStopped\"}]}"),
        CONFLICT, "gave up");
    check_err(read("{\"errors\":[{\"code\":\"Neo.ClientError.Security.Unauthorized\",\"message\":\"no\"}]}"),
              FORBIDDEN, "world_graph_user");
}

static void json_of_who_stands_before_it_is_no_answer(void **state)
{
    static const char *const BODIES[] = {
        "", "<html>", "{}", "[]", "\"no\"", "{\"message\":\"no healthy upstream\"}", "{\"errors\":\"no\"}"};

    (void)state;
    for (size_t i = 0; i < COUNT(BODIES); i++)
        check_err(read(BODIES[i]), UNAVAILABLE, "can't be reached");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_what_neo4j_says),
        cmocka_unit_test(json_of_who_stands_before_it_is_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
