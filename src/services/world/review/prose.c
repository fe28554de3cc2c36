#include "services/world/review/prose.h"

#include "base/memory.h"
#include "base/random.h"
#include "services/world/ingest/page.h"
#include "services/world/review/harvest.h"
#include "services/world/review/prompt.h"
#include "services/world/room.h"

/* A server that fails so often in a row is left alone for the rest of the run. */
enum { FAILURES_IN_A_ROW = 3, MOST_REMEMBERED = 200000 };

struct Prose {
    World *world;
    const ProseConfig *config;
    Rejects *rejects;
    Prompt *prompt;
    char run[ID_TEXT];
    int failures; /* in a row */
    ProseReport report;
};

/* A file while it is read. */
typedef struct ProsePage {
    Prose *prose;
    Str source;
    MarkdownPage file;
    Str title;
    Catalogue *catalogue;
    Checker *checker;
    Newcomers newcomers;
} ProsePage;

/* A passage of it. */
typedef struct ProsePassage {
    ProsePage *page;
    Arena *arena;
    const Passage *passage;
    PromptText prompt;
    Reading reading;
    ProseNews news;
} ProsePassage;

Err prose_begin(World *world, const ProseConfig *config, Rejects *rejects, Prose **out)
{
    Prompt *prompt;

    *out = NULL;
    TRY(prompt_create(config->content, world->schema, &prompt));
    *out = memory_new(Prose);
    **out = (Prose){.world = world, .config = config, .rejects = rejects, .prompt = prompt};
    id_print(world->clock, (*out)->run);
    return OK;
}

ProseReport prose_end(Prose *prose)
{
    ProseReport report = {0};

    if (prose == NULL)
        return report;
    report = prose->report;
    prompt_destroy(prose->prompt);
    memory_free(prose);
    return report;
}

static void add_up(ProseReport *sum, const ProseReport *one)
{
    sum->passages += one->passages;
    sum->read += one->read;
    sum->unread += one->unread;
    sum->proposed += one->proposed;
    sum->known += one->known;
    sum->refused += one->refused;
}

/* ---- asking */

static Err hear(void *context, Str piece)
{
    buf_put(context, piece);
    return OK;
}

static Err ask(const ProsePassage *p, Str *answer, bool *is_whole)
{
    const LlmMessage messages[] = {{LLM_SYSTEM, p->prompt.rules}, {LLM_USER, p->prompt.passage}};
    const LlmRequest request = {.messages = messages, .message_count = 2, .cache_key = STR("nerdx-prose")};
    Call call = {.arena = p->arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    Buf heard = {.arena = p->arena};
    const LlmSink sink = {&heard, hear};
    LlmAnswer end;

    TRY(llm_stream(p->page->prose->config->llm, &call, &request, &sink, &end));
    *answer = buf_str(&heard);
    *is_whole = end.finish == LLM_STOPPED;
    return OK;
}

/* Another key or address is needed: nothing else will be answered either. */
static bool is_hopeless(const Err *e)
{
    return e->code == FORBIDDEN || e->code == UNAUTHORIZED;
}

/* What the message says to visitors besides ("; send the message again") isn't for who ingests. */
static Str reason_of(Arena *arena, const Err *e)
{
    Str message = str_from(e->message);

    return str_copy(arena, str_slice(message, 0, str_find(message, STR(";"), 0)));
}

static void note_failure(ProsePassage *p, const Err *e)
{
    Prose *prose = p->page->prose;

    prose->failures = is_hopeless(e) ? FAILURES_IN_A_ROW : prose->failures + 1;
    p->news.came.unread = 1;
    p->news.why = reason_of(p->arena, e);
}

/* ---- what came */

static Err keep(ProsePassage *p, const Harvest *harvest, bool is_whole)
{
    ProseReport *came = &p->news.came;
    size_t added;

    p->reading.is_whole = is_whole;
    TRY(proposals_add(p->page->prose->config->proposals, &p->reading, harvest->drafts, harvest->draft_count,
                      &added));
    *came = (ProseReport){.passages = 1,
                          .read = 1,
                          .proposed = (int64_t)added,
                          .known = (int64_t)(harvest->known + harvest->draft_count - added),
                          .refused = (int64_t)harvest->refused};
    if (added == 0)
        p->news.why = came->refused > 0 ? STR("what the model found can't be proposed; the rejects say why")
                      : came->known > 0 ? STR("what the model found is known already")
                                        : STR("the model found no facts");
    return OK;
}

static Err read_answer(ProsePassage *p, Str answer, bool is_whole)
{
    ProsePage *page = p->page;
    Prose *prose = page->prose;
    Harvest harvest = {
        .judge = {page->checker, prose->world->schema, page->source, p->passage->text},
        .graph = prose->world->graph,
        .proposals = prose->config->proposals,
        .rejects = prose->rejects,
        .file = &page->file,
        .newcomers = &page->newcomers,
        .arena = p->arena,
    };

    TRY(harvest_read(&harvest, answer));
    return keep(p, &harvest, is_whole);
}

static Err read_by_model(ProsePassage *p)
{
    Str answer;
    bool is_whole;
    Err e = ask(p, &answer, &is_whole);

    if (failed(&e)) {
        note_failure(p, &e);
        return OK;
    }
    p->page->prose->failures = 0;
    return read_answer(p, answer, is_whole);
}

static Str digest_of(const ProsePassage *p)
{
    Str all = str_format(p->arena, "%s\n%.*s\n%.*s", p->page->prose->config->model, STR_ARG(p->prompt.rules),
                         STR_ARG(p->prompt.passage));

    return str_format(p->arena, "%016llx", (unsigned long long)str_hash(all));
}

static Err read_passage(ProsePassage *p)
{
    Prose *prose = p->page->prose;
    const ProseConfig *config = prose->config;
    bool was_read = false;

    if (!config->again)
        TRY(proposals_was_read(config->proposals, p->reading.source, p->reading.digest, &was_read));
    if (was_read || prose->failures >= FAILURES_IN_A_ROW) {
        add_up(&prose->report, &(ProseReport){.passages = 1, .unread = !was_read});
        return OK;
    }
    TRY(read_by_model(p));
    add_up(&prose->report, &p->news.came);
    config->on_passage(config->context, &p->news);
    return OK;
}

static Err begin_passage(ProsePage *page, Arena *arena, const Passage *passage, size_t number)
{
    Prose *prose = page->prose;
    ProsePassage p = {
        .page = page,
        .arena = arena,
        .passage = passage,
        .prompt = prompt_fill(prose->prompt, arena, page->catalogue, page->title, passage),
        .news = {.source = page->source,
                 .line = page_line(&page->file, passage->text.data),
                 .part = page_part_id(arena, &page->file, number),
                 .came = {.passages = 1}},
    };

    p.reading = (Reading){
        .source = page->source,
        .part = p.news.part,
        .digest = digest_of(&p),
        .model = str_from(prose->config->model),
        .run = str_from(prose->run),
        .read_us = clock_wall_us(prose->world->clock),
    };
    return read_passage(&p);
}

/* ---- a file */

/* Entities that wait may be joined by what is proposed now. One that doesn't fit any more is left out. */
static Err remember_waiting(ProsePage *page, Arena *arena)
{
    Json *facts;
    size_t count;

    TRY(proposals_waiting_nodes(page->prose->config->proposals, arena, page->source, &facts, &count));
    for (size_t i = 0; i < count; i++) {
        AUTO_JSON json_t *object = NULL;
        Fact fact;
        bool new_user;
        Err e;

        TRY(json_read(facts[i], &object));
        TRY(fact_from_json(arena, object, &fact));
        e = checker_check(page->checker, arena, page->source, &fact, &new_user);
        if (!failed(&e))
            newcomers_add(&page->newcomers, &fact);
    }
    return OK;
}

static Err read_passages(ProsePage *page, Arena *arena)
{
    AUTO_ARENA Arena scratch = {0};
    Passage *passages;
    size_t count = passages_of(arena, page->file.body, &passages);
    Err e = OK;

    TRY(remember_waiting(page, arena));
    for (size_t i = 0; i < count && !failed(&e); i++) {
        arena_reset(&scratch);
        e = begin_passage(page, &scratch, &passages[i], i + 1);
    }
    return e;
}

static Err read_page(Prose *prose, Arena *arena, MarkdownPage *file, Str source)
{
    World *world = prose->world;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    const CatalogueEntity *document = catalogue_find(catalogue, file->id);
    ProsePage page = {
        .prose = prose,
        .source = source,
        .file = *file,
        .title = document != NULL ? document->name[TONGUE_EN] : file->id,
        .catalogue = catalogue,
        .checker = checker_create(world->graph, world->schema, catalogue, clock_wall_us(world->clock),
                                  MOST_REMEMBERED),
        .newcomers = {.arena = arena},
    };
    Err e = read_passages(&page, arena);

    checker_destroy(page.checker);
    return e;
}

Err prose_read_file(Prose *prose, const char *path, Str source)
{
    AUTO_ARENA Arena arena = {0};
    MarkdownPage file = {0};
    Err e;

    TRY(page_open(&arena, path, &file));
    e = page_parse(&arena, path, &file);
    e = failed(&e) ? OK : read_page(prose, &arena, &file, source);
    page_close(&file);
    return e;
}
