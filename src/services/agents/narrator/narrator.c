#include "services/agents/narrator/narrator.h"

#include <assert.h>

#include "services/agents/narrator/sentences.h"

enum { MAIN_SENTENCES = 3, BESIDE_SENTENCES = 2, SUGGESTIONS = 3 };

static void add_line(Narration *out, Str text, Str entity, bool opens_paragraph)
{
    if (text.len > 0 && out->count < LINES_MAX)
        out->lines[out->count++] = (Line){text, entity, opens_paragraph && out->count > 0};
}

static void add_once(Str *items, size_t *count, Str item)
{
    if (!texts_have((Texts){items, *count}, item) && *count < CITED_MAX)
        items[(*count)++] = item;
}

static void cite(Narration *out, Str id)
{
    add_once(out->cited, &out->cited_count, id);
}

static Str fill_name(const Telling *telling, Str template, Str name)
{
    const Slot slots[] = {{"name", name}, {"self", name}, {"list", name}};

    return template_fill(telling->arena, template, slots, sizeof slots / sizeof *slots);
}

/* A name as it stands in a phrase: titles of stories in the language's quotes. */
static Str called(const Telling *telling, Str label, Str name)
{
    Str template = voice_template(telling->voice, telling->tongue, "quoted", label);

    return template.data == NULL ? name : fill_name(telling, template, name);
}

static Str phrase(const Telling *telling, const char *key)
{
    return voice_phrase(telling->voice, telling->tongue, key, telling->turn);
}

/* Returns whether anything was said. */
static bool say(const Fact *fact, const Sentences *sentences, bool opens_paragraph, Narration *out)
{
    if (sentences->count == 0)
        return false;
    cite(out, fact->id);
    for (size_t i = 0; i < sentences->count; i++) {
        const Sentence *one = &sentences->items[i];
        add_line(out, one->text, fact->id, opens_paragraph && i == 0);
        for (size_t k = 0; k < one->cite_count; k++)
            cite(out, one->cites[k]);
    }
    if (fact->sample)
        add_once(out->sample, &out->sample_count, fact->name);
    return true;
}

static bool has_sample_link(const Sentences *sentences)
{
    for (size_t i = 0; i < sentences->count; i++)
        if (sentences->items[i].sample_link)
            return true;
    return false;
}

static void add_phrase(const Telling *telling, const char *key, const Fact *about, bool opens_paragraph,
                       Narration *out)
{
    Str name = called(telling, about->label, about->name);

    add_line(out, fill_name(telling, phrase(telling, key), name), (Str){NULL, 0}, opens_paragraph);
}

/* What it is about; says plainly when what was asked for isn't known, or when there is no more to tell. */
static void tell_main(const Telling *telling, const Fact *main, Narration *out)
{
    Sentences sentences;

    sentences_choose(telling, main, MAIN_SENTENCES, &sentences);
    if (sentences.count > 0 && !sentences.answers &&
        voice_asks_only_properties(telling->voice, telling->asks)) {
        add_phrase(telling, "unknown", main, false, out);
        sentences.count = 1;
    }
    if (!say(main, &sentences, false, out)) {
        add_phrase(telling, "again", main, false, out);
        cite(out, main->id);
    }
    if (has_sample_link(&sentences) && !main->sample)
        add_phrase(telling, "sample_link", main, false, out);
}

/* What was asked for was asked of the main one; here only the text speaks. */
static void tell_beside(const Telling *telling, const Fact *beside, Narration *out)
{
    Telling quiet = *telling;
    Sentences sentences;

    quiet.asks = 0;
    sentences_choose(&quiet, beside, BESIDE_SENTENCES, &sentences);
    if (sentences.count > 0)
        add_phrase(telling, "lead_in", beside, true, out);
    (void)say(beside, &sentences, false, out);
}

static void tell_samples(const Telling *telling, Narration *out)
{
    Texts names = {out->sample, out->sample_count};

    if (names.count > 0)
        add_line(out,
                 fill_name(telling, phrase(telling, "sample"),
                           voice_list(telling->voice, telling->tongue, telling->arena, names)),
                 (Str){NULL, 0}, false);
}

static const Relation *unvisited(const Telling *telling, const Fact *fact, const Narration *out)
{
    for (size_t i = 0; fact != NULL && i < fact->relation_count; i++) {
        const Relation *relation = &fact->relations[i];
        if (relation->name.len > 0 && !texts_have((Texts){out->cited, out->cited_count}, relation->id) &&
            !texts_have(telling->visited, relation->id) &&
            !str_equal(relation->id, voice_character(telling->voice)))
            return relation;
    }
    return NULL;
}

/* Ends with an open question, to a neighbour nobody has talked about when there is one. */
static void ask_on(const Telling *telling, const Fact *main, const Fact *beside, bool opens_paragraph,
                   Narration *out)
{
    const Relation *next = unvisited(telling, beside, out);

    next = next != NULL ? next : unvisited(telling, main, out);
    if (next == NULL) {
        add_line(out, phrase(telling, "question_alone"), (Str){NULL, 0}, opens_paragraph);
        return;
    }
    Str name = called(telling, next->label, next->name);
    add_line(out, fill_name(telling, phrase(telling, "question"), name), (Str){NULL, 0}, opens_paragraph);
    cite(out, next->id);
    out->offered = next->id;
}

void narrate_facts(const Telling *telling, const Fact *main, const Fact *beside, Narration *out)
{
    assert(main != NULL);
    tell_main(telling, main, out);
    if (beside != NULL)
        tell_beside(telling, beside, out);
    tell_samples(telling, out);
    ask_on(telling, main, beside, beside == NULL, out);
}

static void say_self(const Telling *telling, const Fact *self, size_t most, Narration *out)
{
    Sentences sentences;

    sentences_choose(telling, self, most, &sentences);
    (void)say(self, &sentences, false, out);
}

void narrate_self(const Telling *telling, const char *key, size_t sentences, const Fact *self, Narration *out)
{
    if (key != NULL)
        add_line(out, phrase(telling, key), (Str){NULL, 0}, false);
    if (self == NULL) {
        add_line(out, phrase(telling, "unnamed"), (Str){NULL, 0}, false);
        return;
    }
    if (sentences > 0)
        say_self(telling, self, sentences, out);
    cite(out, self->id);
    ask_on(telling, self, NULL, sentences > 1, out);
}

/* Names of what there is to tell instead: others each time, and only what content lets her offer. */
static size_t suggest(const Telling *telling, const Fact *self, Str names[SUGGESTIONS], Narration *out)
{
    size_t count = 0, skip = telling->turn * SUGGESTIONS;

    for (size_t i = 0; i < self->relation_count && count < SUGGESTIONS; i++) {
        const Relation *relation = &self->relations[(i + skip) % self->relation_count];
        if (relation->name.len == 0 || !texts_have(voice_suggests(telling->voice), relation->directed))
            continue;
        names[count++] = called(telling, relation->label, relation->name);
        cite(out, relation->id);
    }
    return count;
}

void narrate_nothing(const Telling *telling, const Fact *self, Narration *out)
{
    Str names[SUGGESTIONS];
    size_t count;

    add_line(out, phrase(telling, "abstain"), (Str){NULL, 0}, false);
    count = self == NULL ? 0 : suggest(telling, self, names, out);
    if (count > 0) {
        Str list = voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, count});
        add_line(out, fill_name(telling, phrase(telling, "suggest"), list), (Str){NULL, 0}, false);
    }
    add_line(out, phrase(telling, "question_alone"), (Str){NULL, 0}, false);
}

void narrate_words(const Telling *telling, Str words, Narration *out)
{
    Str sentence;

    while (text_next_sentence(&words, voice_abbreviations(telling->voice, telling->tongue), &sentence))
        add_line(out, sentence, (Str){NULL, 0}, false);
}

void narrate_disclosure(const Telling *telling, const Fact *self, bool first, Narration *out)
{
    Str words = phrase(telling, self == NULL ? "unnamed" : first ? "opening" : "closing");

    add_line(out, self == NULL ? words : fill_name(telling, words, self->name), (Str){NULL, 0}, !first);
}

Str narration_text(const Narration *narration, Arena *arena)
{
    Buf out;

    buf_init(&out, arena, 1024);
    for (size_t i = 0; i < narration->count; i++) {
        const Line *line = &narration->lines[i];
        buf_put(&out, i == 0 ? STR("") : line->opens_paragraph ? STR("\n\n") : STR(" "));
        buf_put(&out, line->text);
    }
    return buf_str(&out);
}
