/* nerdx review: what a language model found in prose is accepted into the world, or rejected. */
#include "app/review.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "app/command.h"
#include "app/settings.h"

enum { PAGE = 100 };

/* The words of the command line, and what became of them. */
typedef struct Task {
    Review review;
    const Options *options;
    const char *const *numbers;
    size_t number_count;
    size_t failures; /* of single proposals, which were said: the others are decided all the same */
} Task;

typedef struct Verb {
    const char *name;
    Err (*run)(Task *task);
} Verb;

Err review_each(Review *review, bool decided, ReviewFn on_proposal, void *context)
{
    ProposalsWanted wanted = {review->source, decided, 0, PAGE};
    size_t count = PAGE;

    while (count == PAGE) {
        AUTO_ARENA Arena arena = {0};
        Proposal *items;

        TRY(proposals_list(review->app.proposals, &arena, &wanted, &items, &count));
        for (size_t i = 0; i < count; i++)
            TRY(on_proposal(context, review, &items[i]));
        if (count > 0)
            wanted.behind = items[count - 1].number;
    }
    return OK;
}

/* ---- list, show */

static Err list_one(void *context, Review *review, const Proposal *proposal)
{
    size_t *count = context;
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};

    (*count)++;
    if (!review->json)
        return review_print(review, proposal);
    TRY(review_put_json(review, proposal, &out));
    printf("%s%.*s", *count > 1 ? "," : "", STR_ARG(buf_str(&out)));
    return OK;
}

static Err list(Task *task)
{
    size_t count = 0;

    if (task->review.json)
        printf("{\"proposals\":[");
    TRY(review_each(&task->review, options_bool(task->options, SETTING_ALL), list_one, &count));
    if (task->review.json)
        puts("]}");
    else if (count == 0)
        puts("Nothing waits.");
    return OK;
}

static Err number_of(const char *word, int64_t *out)
{
    if (str_to_int(str_from(word), out))
        return OK;
    return err(INVALID, "%s: expected the number of a proposal; `nerdx review list` lists them", word);
}

static Err get(Task *task, Arena *arena, size_t i, Proposal *out)
{
    int64_t number;

    TRY(number_of(task->numbers[i], &number));
    return proposals_get(task->review.app.proposals, arena, number, out);
}

static Err show(Task *task)
{
    for (size_t i = 0; i < task->number_count; i++) {
        AUTO_ARENA Arena arena = {0};
        Buf out = {.arena = &arena};
        Proposal proposal;

        TRY(get(task, &arena, i, &proposal));
        if (!task->review.json) {
            TRY(review_print(&task->review, &proposal));
            continue;
        }
        TRY(review_put_json(&task->review, &proposal, &out));
        printf("%.*s\n", STR_ARG(buf_str(&out)));
    }
    return OK;
}

/* ---- accept, reject */

/* Of those that are to be decided, first the entities, then what joins them. */
typedef struct Deciding {
    Task *task;
    Err (*decide)(World *world, Proposals *proposals, const Proposal *proposal);
    ProposalState state;
    bool nodes;
} Deciding;

static void print_decision(const Deciding *deciding, int64_t number, const Err *e)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};

    if (!deciding->task->review.json && failed(e)) {
        (void)fprintf(stderr, "nerdx review: %s\n", e->message);
    } else if (!deciding->task->review.json) {
        printf("%" PRId64 " %s\n", number, PROPOSAL_STATES[deciding->state]);
    } else if (failed(e)) {
        json_put_string(&out, str_from(e->message));
        printf("{\"number\":%" PRId64 ",\"error\":%.*s}\n", number, STR_ARG(buf_str(&out)));
    } else {
        printf("{\"number\":%" PRId64 ",\"state\":\"%s\"}\n", number, PROPOSAL_STATES[deciding->state]);
    }
}

/* What doesn't fit, or was decided before, is said and passed over; a store that fails ends it. */
static Err decide_one(void *context, Review *review, const Proposal *proposal)
{
    const Deciding *deciding = context;
    Err e;

    if (proposal->is_node != deciding->nodes)
        return OK;
    e = deciding->decide(review->app.world, review->app.proposals, proposal);
    if (failed(&e) && e.code != UNPROCESSABLE && e.code != CONFLICT)
        return e;
    deciding->task->failures += failed(&e);
    print_decision(deciding, proposal->number, &e);
    return OK;
}

static Err decide_named(Task *task, Deciding *deciding)
{
    for (size_t i = 0; i < task->number_count; i++) {
        AUTO_ARENA Arena arena = {0};
        Proposal proposal;

        TRY(get(task, &arena, i, &proposal));
        TRY(decide_one(deciding, &task->review, &proposal));
    }
    return OK;
}

static Err decide(Task *task, Deciding deciding)
{
    bool all = options_bool(task->options, SETTING_ALL);

    if (all == (task->number_count > 0))
        return err(INVALID, "name the proposals by their numbers, or a document: --all --source NAME");
    if (all && task->review.source.data == NULL)
        return err(INVALID, "--all is of one document: --source NAME says which");
    deciding.task = task;
    for (int nodes = 1; nodes >= 0; nodes--) {
        deciding.nodes = nodes;
        TRY(all ? review_each(&task->review, false, decide_one, &deciding) : decide_named(task, &deciding));
    }
    return OK;
}

static Err accept_them(Task *task)
{
    return decide(task, (Deciding){.decide = review_accept, .state = PROPOSAL_ACCEPTED});
}

static Err reject_them(Task *task)
{
    return decide(task, (Deciding){.decide = review_reject, .state = PROPOSAL_REJECTED});
}

/* ---- the command */

static const Verb VERBS[] = {
    {"list", list}, {"show", show}, {"accept", accept_them}, {"reject", reject_them}};
enum { VERB_COUNT = sizeof VERBS / sizeof *VERBS };

static const Verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (str_equal(str_from(VERBS[i].name), str_from(name)))
            return &VERBS[i];
    return NULL;
}

/* A document may be named as `nerdx ingest` was told it. */
static Err find_source(Review *review, Arena *arena, Str name)
{
    ProposalsWanted wanted = {name, true, 0, 1};
    Proposal *items;
    size_t count;

    review->source = name;
    if (name.data == NULL)
        return OK;
    TRY(proposals_list(review->app.proposals, arena, &wanted, &items, &count));
    if (count > 0)
        return OK;
    while (str_starts(name, STR("./")))
        name = str_slice(name, 2, name.len);
    review->source = str_format(arena, "file:%.*s", STR_ARG(name));
    return OK;
}

static Err run(Task *task, const Verb *verb)
{
    AUTO_ARENA Arena arena = {0};
    Review *review = &task->review;

    TRY(app_open_world(task->options, &review->app));
    TRY(app_open_proposals(task->options, &review->app));
    TRY(find_source(review, &arena, options_text(task->options, SETTING_SOURCE)));
    if (verb != NULL)
        return verb->run(task);
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? review_walk(review) : list(task);
}

static ExitCode refuse(const char *why)
{
    (void)fprintf(stderr, "nerdx review: %s\n", why);
    return EXIT_USAGE_WRONG;
}

ExitCode review_run(const Options *options)
{
    Str format = options_text(options, SETTING_FORMAT);
    Task task = {.options = options};
    const char *const *words = options_arguments(options, &task.number_count);
    const Verb *verb = task.number_count > 0 ? find_verb(words[0]) : NULL;
    Err e;

    if (task.number_count > 0 && verb == NULL)
        return refuse("expected list, show N, accept N… or reject N…, such as: nerdx review show 1");
    if (format.data != NULL && !str_equal(format, STR("json")) && !str_equal(format, STR("table")))
        return refuse("--format: must be table or json");
    if (verb != NULL) {
        task.numbers = words + 1;
        task.number_count--;
    }
    task.review.json = format.data != NULL && str_equal(format, STR("json"));
    task.review.korean = str_equal(options_text(options, SETTING_LANGUAGE), STR("ko"));
    e = run(&task, verb);
    app_close(&task.review.app);
    if (failed(&e))
        return command_fail("review", &e);
    return task.failures > 0 ? EXIT_DATA_WRONG : EXIT_DONE;
}
