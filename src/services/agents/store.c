#include "services/agents/tell.h"
#include "services/agents/turn.h"

/* A citation for everything the narration used; what is known already isn't read again. */
static Err read_cited(const Turn *turn, Str id, Fact *out)
{
    FactReader reader = turn_reader(turn);
    const Plan *plan = &turn->plan;

    for (size_t i = 0; i < plan->fact_count; i++)
        if (str_equal(plan->facts[i]->id, id)) {
            *out = *plan->facts[i];
            return OK;
        }
    if (turn->self != NULL && str_equal(turn->self->id, id)) {
        *out = *turn->self;
        return OK;
    }
    return fact_read_brief(&reader, id, out, NULL);
}

static Citation cite(Arena *arena, const Fact *fact)
{
    Str *sources = arena_array(arena, Str, fact->sources.count);

    for (size_t i = 0; i < fact->sources.count; i++)
        sources[i] = str_copy(arena, fact->sources.items[i]);
    return (Citation){
        .id = str_copy(arena, fact->id),
        .label = str_copy(arena, fact->label),
        .name = str_copy(arena, fact->name),
        .summary = str_copy(arena, fact->summary),
        .sample = fact->sample,
        .sources = {sources, fact->sources.count},
    };
}

static Err make_citations(Turn *turn, CitationList *out)
{
    const Narration *narration = &turn->narration;

    out->items = arena_array(turn->call->arena, Citation, narration->cited.count + 1);
    for (size_t i = 0; i < narration->cited.count; i++) {
        Fact fact;
        Err e = read_cited(turn, narration->cited.items[i], &fact);
        if (e.code == NOT_FOUND)
            continue; /* taken back since it was read: what was said stands, and rests on the others */
        TRY(e);
        out->items[out->count++] = cite(turn->call->arena, &fact);
    }
    return OK;
}

Err turn_make_reply(Turn *turn)
{
    *turn->reply = (ChatReply){
        .turn_id = turn->id,
        .session_id = turn->in->session_id,
        .content = narration_text(&turn->narration, turn->call->arena),
        .language = turn_language(turn),
        .outcome = turn->outcome,
        .tools = {turn->called, turn->called_count},
        .handoff = turn->handoff,
        .approval = turn->approval,
        .trace = turn->trace ? turn_trace(turn) : (TraceStepList){NULL, 0},
        .generator = turn->generator,
        .has_fallback = turn->has_fallback,
        .fallback = turn->fallback,
        .has_interrupted = turn->interrupted,
        .interrupted = turn->interrupted,
    };
    return make_citations(turn, &turn->reply->citations);
}

/* Ids of what this turn talked about (not what it offered to go on with), separated by spaces. */
static Str ids_told(const Turn *turn, Arena *arena, bool products_only)
{
    Buf out;

    buf_init(&out, arena, 64);
    for (size_t i = 0; i < turn->reply->citations.count; i++) {
        const Citation *citation = &turn->reply->citations.items[i];
        bool is_product = str_equal(citation->label, STR("Product"));
        if ((products_only && !is_product) || str_equal(citation->id, turn->narration.offered))
            continue;
        buf_put(&out, out.len == 0 ? STR("") : STR(" "));
        buf_put(&out, citation->id);
    }
    return out.len == 0 ? STR("") : buf_str(&out);
}

/* Ids in the order they were put side by side. */
static Str ids_chosen_from(const Turn *turn, Arena *arena)
{
    Buf out;

    buf_init(&out, arena, 64);
    for (size_t i = 0; i < turn->narration.choices.count; i++) {
        buf_put(&out, i == 0 ? STR("") : STR(" "));
        buf_put(&out, turn->narration.choices.items[i]);
    }
    return out.len == 0 ? STR("") : buf_str(&out);
}

static Str present(Str text)
{
    return text.data == NULL ? STR("") : text;
}

/* Whether it is in time is asked last: any of these may have waited. */
static Err store_rows(void *context, Tx *tx)
{
    AUTO_ARENA Arena scratch = {0}; /* many turns may end at once */
    const Turn *turn = context;
    const ChatInput *in = turn->in;
    Json events = event_log_to_json(turn->stored, &scratch);

    TRY(agents_sql_touch_session(tx, in->user_id, in->session_id, turn->at_us, NULL));
    TRY(agents_sql_add_turn(
        tx, turn->id, str_from(turn->agent->name), in->user_id, in->session_id, turn->at_us,
        str_from(tongue_code(turn->tongue)), CHAT_REPLY_OUTCOME_TEXT[turn->outcome],
        memory_mask(turn->tools->memory, &scratch, in->message), turn->reply->content, present(turn->focus),
        present(turn->narration.offered), ids_told(turn, &scratch, false), ids_told(turn, &scratch, true),
        ids_chosen_from(turn, &scratch), str_from(MOVE_NAMES[turn->plan.move]), events, NULL));
    TRY(agents_sql_note_unrecorded(tx, turn->id, str_from(turn->agent->name), in->user_id, in->session_id,
                                   turn->at_us, str_from(tongue_code(turn->tongue)),
                                   CHAT_REPLY_OUTCOME_TEXT[turn->outcome], NULL));
    TRY(tell_turn_ended(turn, tx, &scratch));
    if (turn->waiting.decision != UNDECIDED)
        TRY(agents_sql_end_waiting_turn(tx, turn->id, NULL));
    const MemoryPlace place = turn_place(turn);
    TRY(memory_keep(turn->tools->memory, tx, &scratch, &place, &turn->told));
    return turn_in_time(turn);
}

/* The end of the turn is kept first and shown then: a visitor who saw `done` can come back to it after a crash. */
Err turn_record(Turn *turn, Way *way)
{
    (void)way;
    TRY(turn_make_reply(turn));
    if (turn->reply->handoff != NULL)
        TRY(agents_emit_handoff(turn->stored, turn->reply->handoff));
    TRY(agents_emit_done(turn->stored, turn->reply));
    TRY(sql_transact(turn->tools->sql, store_rows, turn));
    outcomes_count(turn->tools->outcomes, turn->outcome);
    checkpoint_end(turn->tools->checkpoints, &turn->checkpoint);
    recorder_wake(turn->tools->recorder);
    return OK;
}
