#include "check.h"
#include "proposals_fixture.h"
#include "world_fixture.h"

#include <string.h>

#include "base/file.h"
#include "services/world/ingest/ingest.h"
#include "services/world/review/review.h"
#include "services/world/room.h"

static const char RYE[] = "{\"id\":\"rye\",\"labels\":[\"Ingredient\"],\"properties\":{\"name\":\"Rye\"}}";
static const char RICE[] =
    "{\"id\":\"icheon-rice\",\"labels\":[\"Ingredient\"],\"properties\":{\"year\":1990}}";
static const char JOINED[] =
    "{\"from\":\"bottle\",\"properties\":{},\"to\":\"rye\",\"type\":\"HAS_INGREDIENT\"}";
static const char KNOWN[] =
    "{\"from\":\"bottle\",\"properties\":{},\"to\":\"icheon-rice\",\"type\":\"HAS_INGREDIENT\"}";

static Tray tray;

/* Four proposals of one document: an entity, what it is in, a property, what is known. */
static int open_review(void **state)
{
    const Draft drafts[] = {tray_draft(RYE, true), tray_draft(JOINED, false), tray_draft(RICE, true),
                            tray_draft(KNOWN, false)};

    tray_open(&tray);
    assert_int_equal(tray_add(&tray, "file:jar.md", drafts, 4), 4);
    return open_town(state);
}

static int close_review(void **state)
{
    tray_close(&tray);
    return close_town(state);
}

static Err accept(Town *town, int64_t number)
{
    Proposal proposal = tray_get(&tray, number);

    return review_accept(town->world, tray.proposals, &proposal);
}

static Err reject(Town *town, int64_t number)
{
    Proposal proposal = tray_get(&tray, number);

    return review_reject(town->world, tray.proposals, &proposal);
}

static ReviewText describe(Town *town, int64_t number, bool korean)
{
    Proposal proposal = tray_get(&tray, number);
    ReviewText text;

    check_ok(review_describe(town->world, &town->arena, &proposal, korean, &text));
    return text;
}

static void what_is_accepted_is_in_the_world_with_where_it_comes_from(void **state)
{
    Town *town = *state;
    GraphClaim *claims;
    size_t count;

    assert_int_equal(town_ask(town, "Rye").results.count, 0);
    check_ok(accept(town, 1));
    assert_int_equal(town_ask(town, "Rye").results.count, 1);
    check_ok(graph_get_node_claims(town->world->graph, &town->arena, STR("rye"), &claims, &count));
    assert_int_equal(count, 1);
    check_text(claims[0].origin, "review:file:jar.md");
    check_text(claims[0].properties,
               "{\"name\":\"Rye\",\"accepted\":{\"document\":\"file:jar.md\",\"line\":3,\"passage\":\"brewed "
               "of royal "
               "grain\",\"model\":\"reader\",\"run\":\"run\",\"proposal\":1,\"by\":\"a person\",\"at\":"
               "\"2023-11-14T22:13:20Z\"}}");
    assert_int_equal(tray_get(&tray, 1).state, PROPOSAL_ACCEPTED);
    assert_int_equal(tray_get(&tray, 1).decided_us, TOWN_TIME_US);
}

static void what_does_not_fit_waits_on_with_the_reason(void **state)
{
    Town *town = *state;

    check_err(accept(town, 2), UNPROCESSABLE, "there is no entity rye");
    assert_int_equal(tray_get(&tray, 2).state, PROPOSAL_WAITS);
    assert_int_equal(tray_get(&tray, 2).decided_us, 0);
    check_ok(accept(town, 1));
    check_ok(accept(town, 2));
    check_err(accept(town, 2), CONFLICT, "proposal 2 is accepted already");
    check_err(reject(town, 2), CONFLICT, "proposal 2 is accepted already");
}

static void what_is_rejected_touches_nothing(void **state)
{
    Town *town = *state;
    int64_t before;
    int64_t after;

    check_ok(graph_get_version(town->world->graph, &before));
    check_ok(reject(town, 1));
    check_ok(graph_get_version(town->world->graph, &after));
    assert_int_equal(before, after);
    check_err(accept(town, 1), CONFLICT, "proposal 1 is rejected already");
}

/* The power goes between the graph's commit and the end of accepting: the proposals are as they were before it. */
static void accepting_that_was_cut_off_is_ended_by_accepting_again_and_says_nothing_twice(void **state)
{
    Town *town = *state;
    GraphClaim *claims;
    size_t count;
    Str begun;

    check_ok(proposals_begin(tray.proposals, 1, TOWN_TIME_US));
    proposals_close(tray.proposals);
    check_ok(file_read(&tray.arena, tray.path, 1 << 20, &begun));
    check_ok(proposals_open(tray.url, &tray.proposals));
    check_ok(accept(town, 1));
    proposals_close(tray.proposals);
    check_put_file(tray.path, begun);
    check_ok(proposals_open(tray.url, &tray.proposals));

    manual_clock_advance(&town->clock, 1000000);
    check_err(reject(town, 1), CONFLICT, "half accepted");
    check_ok(accept(town, 1));
    check_ok(graph_get_node_claims(town->world->graph, &town->arena, STR("rye"), &claims, &count));
    assert_int_equal(count, 1);
    assert_int_equal(tray_get(&tray, 1).decided_us, TOWN_TIME_US);
}

static void a_person_reads_what_is_proposed_and_what_it_would_change(void **state)
{
    Town *town = *state;

    check_text(describe(town, 1, false).fact, "a new Ingredient: Rye (rye)");
    check_text(describe(town, 1, false).extent, "a new entity");
    check_text(describe(town, 1, false).changes[0], "name: \"Rye\"");
    check_text(describe(town, 2, true).fact,
               "달빛 항아리 (bottle) has ingredient rye (not in the world yet)");
    check_text(describe(town, 2, true).extent, "a new relationship");
    check_text(describe(town, 3, false).fact, "the Ingredient Icheon Rice (icheon-rice)");
    check_text(describe(town, 3, false).extent, "what is there");
    check_text(describe(town, 3, false).changes[0], "year: 1990");
    check_text(describe(town, 4, false).extent, "nothing: the world knows it already");
    check_ok(accept(town, 3));
    check_text(describe(town, 3, false).extent, "nothing: the world knows it already");
}

static void what_was_accepted_goes_with_its_document_or_alone(void **state)
{
    Town *town = *state;
    int64_t claims;
    GraphNode node;

    check_ok(accept(town, 1));
    check_ok(accept(town, 2));
    check_ok(world_retract(town->world, tray.proposals, STR("review:file:jar.md"), &claims));
    assert_int_equal(claims, 2);
    check_err(graph_get_node(town->world->graph, &town->arena, STR("rye"), GRAPH_NOW, &node), NOT_FOUND,
              "rye");
    check_ok(accept(town, 3));
    check_ok(world_retract(town->world, tray.proposals, STR("jar.md"), &claims));
    assert_int_equal(claims, 1);
    check_err(world_retract(town->world, tray.proposals, STR("jar.md"), &claims), NOT_FOUND, "jar.md");
}

#define review_test(f) cmocka_unit_test_setup_teardown(f, open_review, close_review)

int main(void)
{
    const struct CMUnitTest tests[] = {
        review_test(what_is_accepted_is_in_the_world_with_where_it_comes_from),
        review_test(what_does_not_fit_waits_on_with_the_reason),
        review_test(what_is_rejected_touches_nothing),
        review_test(accepting_that_was_cut_off_is_ended_by_accepting_again_and_says_nothing_twice),
        review_test(a_person_reads_what_is_proposed_and_what_it_would_change),
        review_test(what_was_accepted_goes_with_its_document_or_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
