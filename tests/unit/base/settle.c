#include "check.h"

#include "base/settle.h"
#include "base/thread.h"

typedef struct Answer {
    Settlement settlement;
    Err result;
    int times; /* it was given */
} Answer;

static void give(void *context, Err result)
{
    Answer *answer = context;

    answer->result = result;
    answer->times++;
}

/* A call that rests on so many commits, and says `result` itself. */
static void run_call(Answer *answer, int commits, Err result)
{
    *answer = (Answer){0};
    settlement_open(&answer->settlement, give, answer);
    for (int i = 0; i < commits; i++)
        settlement_owe(settlement_of_thread());
    settlement_close(&answer->settlement, result);
}

static void an_answer_that_rests_on_nothing_is_given_at_once(void **state)
{
    Answer answer;

    (void)state;
    run_call(&answer, 0, OK);
    assert_int_equal(answer.times, 1);
    check_ok(answer.result);
    run_call(&answer, 0, err(CONFLICT, "sold"));
    assert_int_equal(answer.times, 1);
    check_err(answer.result, CONFLICT, "sold");
    assert_null(settlement_of_thread());
}

static void an_answer_waits_until_everything_is_paid(void **state)
{
    Answer answer;

    (void)state;
    run_call(&answer, 2, OK);
    assert_int_equal(answer.times, 0);
    settlement_pay(&answer.settlement, OK);
    assert_int_equal(answer.times, 0);
    settlement_pay(&answer.settlement, OK);
    assert_int_equal(answer.times, 1);
    check_ok(answer.result);
}

static void the_first_failure_is_the_answer(void **state)
{
    Answer answer;

    (void)state;
    run_call(&answer, 2, OK);
    settlement_pay(&answer.settlement, err(UNAVAILABLE, "disk full"));
    settlement_pay(&answer.settlement, err(INTERNAL, "later"));
    assert_int_equal(answer.times, 1);
    check_err(answer.result, UNAVAILABLE, "disk full");
    run_call(&answer, 1, err(INVALID, "its own"));
    assert_int_equal(answer.times, 0);
    settlement_pay(&answer.settlement, err(UNAVAILABLE, "disk full"));
    check_err(answer.result, INVALID, "its own");
}

static void *pay_all(void *context)
{
    Answer *answers = context;

    for (int i = 0; i < 100; i++)
        settlement_pay(&answers[i].settlement, i % 2 ? OK : err(UNAVAILABLE, "disk full"));
    return NULL;
}

static void another_thread_may_pay_while_the_call_ends(void **state)
{
    static Answer answers[100];

    (void)state;
    for (int i = 0; i < 100; i++) {
        settlement_open(&answers[i].settlement, give, &answers[i]);
        settlement_owe(&answers[i].settlement);
        Settlement *aside = settlement_suspend();
        assert_ptr_equal(aside, &answers[i].settlement);
    }
    pthread_t payer = thread_start("payer", pay_all, answers);
    for (int i = 0; i < 100; i++)
        settlement_pay(&answers[i].settlement, OK); /* what closing it does */
    thread_join(payer);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(answers[i].times, 1);
        assert_int_equal(answers[i].result.code, i % 2 ? NO_ERROR : UNAVAILABLE);
    }
}

static void a_call_within_the_call_waits_for_its_own(void **state)
{
    Answer answer = {0};

    (void)state;
    settlement_open(&answer.settlement, give, &answer);
    {
        AUTO_RESUME Settlement *suspended = settlement_suspend();
        assert_null(settlement_of_thread());
    }
    assert_ptr_equal(settlement_of_thread(), &answer.settlement);
    settlement_close(&answer.settlement, OK);
    {
        AUTO_RESUME Settlement *suspended =
            settlement_suspend(); /* without a settlement it changes nothing */
    }
    assert_null(settlement_of_thread());
}

static void count(void *context)
{
    ++*(int *)context;
}

static void what_was_put_off_is_done_once(void **state)
{
    int a = 0, b = 0;

    (void)state;
    settle_all();
    for (int i = 0; i < 100; i++) {
        settle_later(count, &a);
        settle_later(count, &b);
    }
    assert_int_equal(a + b, 0);
    settle_all();
    assert_int_equal(a, 1);
    assert_int_equal(b, 1);
    settle_all();
    assert_int_equal(a + b, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_rests_on_nothing_is_given_at_once),
        cmocka_unit_test(an_answer_waits_until_everything_is_paid),
        cmocka_unit_test(the_first_failure_is_the_answer),
        cmocka_unit_test(another_thread_may_pay_while_the_call_ends),
        cmocka_unit_test(a_call_within_the_call_waits_for_its_own),
        cmocka_unit_test(what_was_put_off_is_done_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
