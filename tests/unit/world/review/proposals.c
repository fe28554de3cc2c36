#include "check.h"
#include "proposals_fixture.h"

static const char NODE[] = "{\"id\":\"rye\",\"labels\":[\"Ingredient\"],\"properties\":{}}";
static const char JOINED[] =
    "{\"from\":\"bottle\",\"properties\":{},\"to\":\"rye\",\"type\":\"HAS_INGREDIENT\"}";

static int open_tray(void **state)
{
    static Tray tray;

    tray_open(&tray);
    *state = &tray;
    return 0;
}

static int close_tray(void **state)
{
    tray_close(*state);
    return 0;
}

static size_t count(Tray *tray, const char *source, bool decided)
{
    ProposalsWanted wanted = {str_from(source), decided, 0, 100};
    Proposal *items;
    size_t found;

    check_ok(proposals_list(tray->proposals, &tray->arena, &wanted, &items, &found));
    return found;
}

static void add_both(Tray *tray, const char *source)
{
    const Draft drafts[] = {tray_draft(NODE, true), tray_draft(JOINED, false)};

    assert_int_equal(tray_add(tray, source, drafts, 2), 2);
}

static void a_proposal_is_read_as_it_was_written_also_after_a_restart(void **state)
{
    Tray *tray = *state;
    Proposal proposal;

    add_both(tray, "file:a.md");
    tray_reopen(tray);
    proposal = tray_get(tray, 2);
    check_text(proposal.source, "file:a.md");
    check_text(proposal.part, "jar.p1");
    check_text(proposal.passage, "brewed of royal grain");
    check_text(proposal.fact, JOINED);
    check_text(proposal.model, "reader");
    check_text(proposal.run, "run");
    assert_int_equal(proposal.line, 3);
    assert_int_equal(proposal.place, 7);
    assert_int_equal(proposal.proposed_us, 5);
    assert_false(proposal.is_node);
    assert_int_equal(proposal.state, PROPOSAL_WAITS);
    assert_true(tray_get(tray, 1).is_node);
    check_err(proposals_get(tray->proposals, &tray->arena, 3, &proposal), NOT_FOUND, "no proposal 3");
}

static void the_same_fact_of_the_same_document_is_one_in_whatever_state_it_is(void **state)
{
    Tray *tray = *state;
    const Draft again[] = {tray_draft(JOINED, false), tray_draft(NODE, true), tray_draft(NODE, true)};

    add_both(tray, "file:a.md");
    check_ok(proposals_decide(tray->proposals, 1, PROPOSAL_REJECTED, 9));
    check_ok(proposals_decide(tray->proposals, 2, PROPOSAL_ACCEPTED, 9));
    assert_int_equal(tray_add(tray, "file:a.md", again, 3), 0);
    assert_int_equal(count(tray, NULL, false), 0);
    assert_int_equal(count(tray, NULL, true), 2);
    add_both(tray, "file:b.md"); /* another witness */
    assert_int_equal(count(tray, "file:b.md", false), 2);
}

static void what_was_decided_is_not_decided_again(void **state)
{
    Tray *tray = *state;

    add_both(tray, "file:a.md");
    check_ok(proposals_decide(tray->proposals, 1, PROPOSAL_REJECTED, 9));
    check_err(proposals_decide(tray->proposals, 1, PROPOSAL_ACCEPTED, 10), CONFLICT, "decided meanwhile");
    check_ok(proposals_begin(tray->proposals, 1, 11)); /* touches only what waits */
    assert_int_equal(tray_get(tray, 1).decided_us, 9);
    assert_int_equal(tray_get(tray, 1).state, PROPOSAL_REJECTED);
}

static void a_document_that_is_forgotten_leaves_only_what_was_rejected(void **state)
{
    Tray *tray = *state;
    const Draft third = tray_draft("{\"id\":\"x\",\"labels\":[\"Ingredient\"],\"properties\":{}}", true);
    bool was_read;

    add_both(tray, "file:a.md");
    assert_int_equal(tray_add(tray, "file:a.md", &third, 1), 1);
    check_ok(proposals_decide(tray->proposals, 1, PROPOSAL_REJECTED, 9));
    check_ok(proposals_decide(tray->proposals, 2, PROPOSAL_ACCEPTED, 9));
    check_ok(proposals_withdraw(tray->proposals, STR("file:a.md"), true));
    assert_int_equal(count(tray, NULL, true), 2);
    check_ok(proposals_withdraw(tray->proposals, STR("file:a.md"), false));
    assert_int_equal(count(tray, NULL, true), 1);
    check_ok(proposals_was_read(tray->proposals, STR("file:a.md"), STR("d1"), &was_read));
    assert_false(was_read);
    assert_int_equal(tray_add(tray, "file:a.md", &third, 1), 1);
    assert_int_equal(tray_get(tray, 4).number, 4); /* 3 was somebody else */
}

static void what_was_read_whole_is_remembered_by_document(void **state)
{
    Tray *tray = *state;
    Reading cut_off = tray_reading("file:b.md");
    bool was_read;
    size_t added;

    assert_int_equal(tray_add(tray, "file:a.md", NULL, 0), 0);
    cut_off.is_whole = false;
    check_ok(proposals_add(tray->proposals, &cut_off, NULL, 0, &added));
    check_ok(proposals_was_read(tray->proposals, STR("file:a.md"), STR("d1"), &was_read));
    assert_true(was_read);
    check_ok(proposals_was_read(tray->proposals, STR("file:a.md"), STR("d2"), &was_read));
    assert_false(was_read);
    check_ok(proposals_was_read(tray->proposals, STR("file:b.md"), STR("d1"), &was_read));
    assert_false(was_read);
}

static void entities_that_wait_are_known_to_the_next_run(void **state)
{
    Tray *tray = *state;
    Json *facts;
    size_t waiting;
    bool rejected;

    add_both(tray, "file:a.md");
    check_ok(proposals_waiting_nodes(tray->proposals, &tray->arena, STR("file:a.md"), &facts, &waiting));
    assert_int_equal(waiting, 1);
    check_text(facts[0], NODE);
    check_ok(proposals_decide(tray->proposals, 1, PROPOSAL_REJECTED, 9));
    check_ok(proposals_waiting_nodes(tray->proposals, &tray->arena, STR("file:a.md"), &facts, &waiting));
    assert_int_equal(waiting, 0);
    check_ok(proposals_is_rejected(tray->proposals, STR("file:a.md"), str_from(NODE), &rejected));
    assert_true(rejected);
    check_ok(proposals_is_rejected(tray->proposals, STR("file:a.md"), str_from(JOINED), &rejected));
    assert_false(rejected);
}

#define tray_test(f) cmocka_unit_test_setup_teardown(f, open_tray, close_tray)

int main(void)
{
    const struct CMUnitTest tests[] = {
        tray_test(a_proposal_is_read_as_it_was_written_also_after_a_restart),
        tray_test(the_same_fact_of_the_same_document_is_one_in_whatever_state_it_is),
        tray_test(what_was_decided_is_not_decided_again),
        tray_test(a_document_that_is_forgotten_leaves_only_what_was_rejected),
        tray_test(what_was_read_whole_is_remembered_by_document),
        tray_test(entities_that_wait_are_known_to_the_next_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
