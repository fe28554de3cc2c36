/* A run goes through its table, takes short cuts, waits where a node waits, and ends within its budgets. The agent here is none
 * of the program's: a table of nodes is all that one is. */
#include "check.h"

#include "services/agents/core/budget.h"
#include "services/agents/core/graph.h"

typedef enum NodeId { ASK, APPROVE, ORDER, REFUSE } NodeId;

typedef struct Order {
    bool dear;
    bool answered; /* somebody has said yes or no */
    bool approved;
    int ordered;
    int kept;
} Order;

static Err ask(void *state, Way *way)
{
    const Order *order = state;

    *way = order->dear ? STRAIGHT : ASIDE;
    return OK;
}

static Err approve(void *state, Way *way)
{
    const Order *order = state;

    *way = !order->answered ? STOP : order->approved ? STRAIGHT : ASIDE;
    return OK;
}

static Err order_it(void *state, Way *way)
{
    Order *order = state;

    (void)way;
    order->ordered++;
    return OK;
}

static Err refuse(void *state, Way *way)
{
    (void)state;
    (void)way;
    return OK;
}

static const AgentNode NODES[] = {
    [ASK] = {"ask", ask, APPROVE, ORDER, .when = "it is cheap"},
    [APPROVE] = {"approve", approve, ORDER, REFUSE, .when = "refused", .stop = "nobody has answered"},
    [ORDER] = {"order", order_it, AGENT_END, AGENT_END},
    [REFUSE] = {"refuse", refuse, AGENT_END, AGENT_END},
};
static const AgentGraph GRAPH = {"clerk", NODES, sizeof NODES / sizeof *NODES};

static Err keep(void *state, const AgentNode *node, int next)
{
    Order *order = state;

    (void)node;
    (void)next;
    order->kept++;
    return OK;
}

static const AgentHooks HOOKS = {.after = keep};

static AgentRun run_of(Order *order)
{
    return (AgentRun){.graph = &GRAPH, .state = order, .hooks = &HOOKS, .clock = clock_system()};
}

static void go(AgentRun *run)
{
    Err e = agent_run(run);
    assert_false(failed(&e));
}

static void a_short_cut_is_taken(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Order order = {.dear = false};
    AgentRun run = run_of(&order);

    (void)state;
    run.arena = &arena;
    go(&run);
    assert_int_equal(order.ordered, 1);
    assert_int_equal(run.step_count, 2);
    assert_string_equal(run.steps[1].node->name, "order");
    assert_int_equal(order.kept, 2);
}

static void a_run_waits_for_approval_and_goes_on_once(void **state)
{
    Order order = {.dear = true};
    AgentRun run = run_of(&order);

    (void)state;
    go(&run);
    assert_true(run.stopped);
    assert_int_equal(run.at, APPROVE);
    assert_int_equal(order.ordered, 0);
    order.answered = order.approved = true;
    go(&run);
    assert_false(run.stopped);
    assert_int_equal(order.ordered, 1);
    go(&run);
    assert_int_equal(order.ordered, 1);
}

static void count_up(void *context)
{
    size_t *begun = context;

    *begun += 1;
}

/* A node that waits for something of its own says how that is begun; the caller begins it when the run has stopped. */
typedef struct Errand {
    AgentRun run;
    size_t begun;
    size_t looks; /* at the time there is left */
} Errand;

static Err fetch(void *state, Way *way)
{
    Errand *errand = state;

    if (errand->begun == 0) {
        errand->run.wait = (AgentWait){count_up, &errand->begun};
        *way = STOP;
    }
    return OK;
}

static Err look_at_time(void *state)
{
    Errand *errand = state;

    errand->looks++;
    return OK;
}

static void a_run_goes_on_with_a_node_when_what_it_waited_for_is_there(void **state)
{
    static const AgentNode nodes[] = {{"fetch", fetch, AGENT_END, AGENT_END, .stop = "it is being fetched"}};
    static const AgentGraph graph = {"errand", nodes, 1};
    static const AgentHooks hooks = {.before = look_at_time};
    Errand errand = {.run = {.graph = &graph, .hooks = &hooks, .clock = clock_system()}};

    (void)state;
    errand.run.state = &errand;
    check_ok(agent_run(&errand.run));
    assert_true(errand.run.stopped);
    assert_int_equal(errand.begun, 0);
    errand.run.wait.begin(errand.run.wait.context);
    check_ok(agent_run(&errand.run));
    assert_false(errand.run.stopped);
    assert_int_equal(errand.run.at, AGENT_END);
    assert_int_equal(errand.looks, 1);
}

static Err answer(void *state, Way *way)
{
    (void)state;
    (void)way;
    return OK;
}

static void count_later(void *state)
{
    Errand *errand = state;

    errand->begun++;
}

static void what_is_for_later_is_put_off_once_and_let_in_like_any_node(void **state)
{
    static const AgentNode nodes[] = {{"answer", answer, 1, AGENT_END},
                                      {"file", answer, 2, AGENT_END, .later = true},
                                      {"sweep", answer, AGENT_END, AGENT_END, .later = true}};
    static const AgentGraph graph = {"errand", nodes, 3};
    static const AgentHooks hooks = {.before = look_at_time, .later = count_later};
    Errand errand = {.run = {.graph = &graph, .hooks = &hooks, .clock = clock_system()}};

    (void)state;
    errand.run.state = &errand;
    check_ok(agent_run(&errand.run));
    assert_true(errand.run.stopped);
    assert_int_equal(errand.run.step_count, 1);
    errand.run.wait.begin(errand.run.wait.context);
    check_ok(agent_run(&errand.run));
    assert_false(errand.run.stopped);
    assert_int_equal(errand.run.step_count, 3);
    assert_int_equal(errand.begun, 1);
    assert_int_equal(errand.looks, 3);
}

static void where_nobody_puts_off_nothing_is(void **state)
{
    static const AgentNode nodes[] = {{"file", answer, AGENT_END, AGENT_END, .later = true}};
    static const AgentGraph graph = {"errand", nodes, 1};
    static const AgentHooks hooks = {.before = NULL};
    AgentRun run = {.graph = &graph, .hooks = &hooks, .clock = clock_system()};

    (void)state;
    go(&run);
    assert_int_equal(run.at, AGENT_END);
}

static void what_is_refused_has_no_effect_in_another_process_either(void **state)
{
    Order order = {.dear = true, .answered = true};
    AgentRun run = run_of(&order);

    (void)state;
    run.at = agent_node_find(&GRAPH, STR("approve"));
    go(&run);
    assert_int_equal(order.ordered, 0);
    assert_int_equal(run.at, AGENT_END);
}

static Err for_ever(void *state, Way *way)
{
    return refuse(state, way);
}

static void a_run_that_does_not_end_is_ended(void **state)
{
    static const AgentNode LOOP[] = {{"loop", for_ever, 0, 0}};
    static const AgentGraph LOOPING = {"looping", LOOP, 1};
    Order order = {0};
    AgentRun run = {.graph = &LOOPING, .state = &order, .hooks = &HOOKS, .clock = clock_system()};

    (void)state;
    Err e = agent_run(&run);
    assert_int_equal(e.code, INTERNAL);
    assert_int_equal(order.kept, AGENT_STEPS_MAX);
}

static void a_budget_is_spent_to_its_end_and_not_beyond(void **state)
{
    AgentBudget budget = {.deadline_us = 0, .tokens = 10, .calls = 1};

    (void)state;
    Err e = agent_budget_tokens(&budget, 10);
    assert_false(failed(&e));
    e = agent_budget_tokens(&budget, 1);
    assert_int_equal(e.code, LIMITED);
    e = agent_budget_call(&budget);
    assert_false(failed(&e));
    e = agent_budget_call(&budget);
    assert_int_equal(e.code, LIMITED);
    e = agent_budget_time(&budget, clock_system());
    assert_false(failed(&e));
    budget.deadline_us = clock_monotonic_us(clock_system());
    e = agent_budget_time(&budget, clock_system());
    assert_int_equal(e.code, TIMED_OUT);
}

static void it_is_drawn(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};

    (void)state;
    arena_init(&arena);
    agent_graph_put_text(&GRAPH, &out);
    assert_true(str_starts(buf_str(&out), STR("ask              -> approve; it is cheap -> order\n")));
    out.len = 0;
    agent_graph_put_dot(&GRAPH, &out);
    assert_int_not_equal(str_find(buf_str(&out), STR("\"approve\" -> \"refuse\" [label=\"refused\""), 0),
                         SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_cut_is_taken),
        cmocka_unit_test(a_run_waits_for_approval_and_goes_on_once),
        cmocka_unit_test(a_run_goes_on_with_a_node_when_what_it_waited_for_is_there),
        cmocka_unit_test(what_is_for_later_is_put_off_once_and_let_in_like_any_node),
        cmocka_unit_test(where_nobody_puts_off_nothing_is),
        cmocka_unit_test(what_is_refused_has_no_effect_in_another_process_either),
        cmocka_unit_test(a_run_that_does_not_end_is_ended),
        cmocka_unit_test(a_budget_is_spent_to_its_end_and_not_beyond),
        cmocka_unit_test(it_is_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
