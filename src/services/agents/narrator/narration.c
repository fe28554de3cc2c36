#include "services/agents/narrator/parts.h"

enum { LINES_FIRST = 4, MENTIONED_FIRST = 4 };

bool narration_put(Narration *narration, Line line)
{
    if (narration->count == LINES_MAX)
        return false;
    ARENA_MORE(narration->arena, narration->lines, narration->count, narration->room, LINES_FIRST);
    narration->lines[narration->count++] = line;
    return true;
}

void narration_add(Narration *out, Str text, Str entity, bool opens_paragraph)
{
    if (text.len > 0)
        (void)narration_put(out, (Line){text, entity, opens_paragraph && out->count > 0});
}

static void add_once(const Narration *narration, Mentioned *to, Str item)
{
    if (to->count == CITED_MAX || texts_have((Texts){to->items, to->count}, item))
        return;
    ARENA_MORE(narration->arena, to->items, to->count, to->room, MENTIONED_FIRST);
    to->items[to->count++] = item;
}

void narration_cite(Narration *narration, Str id)
{
    add_once(narration, &narration->cited, id);
}

void narration_choice(Narration *out, Str id)
{
    add_once(out, &out->choices, id);
}

bool narration_cites(const Narration *out, Str id)
{
    return texts_have((Texts){out->cited.items, out->cited.count}, id);
}

void narration_mark_sample(const Telling *telling, const Fact *fact, Narration *out)
{
    if (fact->sample)
        add_once(out, &out->sample, name_spoken(telling, fact->label, fact->name));
}

bool narration_say(const Telling *telling, const Fact *fact, const Sentences *sentences, bool opens_paragraph,
                   Narration *out)
{
    if (sentences->count == 0)
        return false;
    narration_cite(out, fact->id);
    for (size_t i = 0; i < sentences->count; i++) {
        const Sentence *one = &sentences->items[i];
        narration_add(out, one->text, fact->id, opens_paragraph && i == 0);
        for (size_t k = 0; k < one->cite_count; k++)
            narration_cite(out, one->cites[k]);
        for (size_t k = 0; k < one->cite_count && one->cite_count > 1; k++)
            narration_choice(out, one->cites[k]);
    }
    narration_mark_sample(telling, fact, out);
    return true;
}

bool was_said(const Telling *telling, const Narration *out, Str text)
{
    bool may_be = telling->said_quads == NULL || quads_may_have(telling->said_quads, text);

    for (size_t i = 0; i < telling->said.count && may_be; i++)
        if (str_find(telling->said.items[i], text, 0) != SIZE_MAX)
            return true;
    for (size_t i = 0; out != NULL && i < out->count; i++)
        if (str_find(out->lines[i].text, text, 0) != SIZE_MAX)
            return true;
    return false;
}

/* Whether a variant of the phrase with this name alone was said in this session. */
static bool was_marked(const Telling *telling, Str name)
{
    Texts all = voice_phrases(telling->voice, telling->arena, telling->tongue, "sample", (Str){NULL, 0});
    const Slot slot = {"list", name};

    for (size_t i = 0; i < all.count; i++)
        if (was_said(telling, NULL, template_fill(telling->arena, all.items[i], &slot, 1)))
            return true;
    return false;
}

void narration_tell_samples(const Telling *telling, Narration *out)
{
    Str names[CITED_MAX];
    size_t count = 0;

    for (size_t i = 0; i < out->sample.count; i++)
        if (!was_marked(telling, out->sample.items[i]))
            names[count++] = out->sample.items[i];
    if (count == 0)
        return;
    const Slot slot = {"list",
                       voice_list(telling->voice, telling->tongue, telling->arena, (Texts){names, count})};
    narration_add(out, wording(telling, out, "sample", (Str){NULL, 0}, &slot, 1), (Str){NULL, 0}, false);
}

void narration_tell_sample_links(const Telling *telling, const Fact *fact, const Sentences *said,
                                 Narration *out)
{
    const Slot slot = {"name", name_spoken(telling, fact->label, fact->name)};

    if (sentences_have_sample_link(said) && !fact->sample)
        narration_add(out, wording_new(telling, out, "sample_link", (Str){NULL, 0}, &slot, 1), (Str){NULL, 0},
                      false);
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
