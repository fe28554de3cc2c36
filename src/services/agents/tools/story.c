#include "services/agents/tools/operations.h"

enum { PARAGRAPHS_MAX = 8, KNOWN_MAX = 128, SOURCES_MAX = 32, ALIASES_MAX = 64 };

static const Length LENGTHS[TOOL_STORY_LENGTH_COUNT] = {
    [TOOL_STORY_LENGTH_USUAL] = USUAL,
    [TOOL_STORY_LENGTH_SHORT] = SHORT,
    [TOOL_STORY_LENGTH_LONG] = LONG,
};

static StrList copies(Arena *arena, Texts texts, size_t most)
{
    StrList out = {arena_array(arena, Str, texts.count + 1), 0};

    for (size_t i = 0; i < texts.count && out.count < most; i++)
        out.items[out.count++] = str_copy(arena, texts.items[i]);
    return out;
}

static StrList paragraphs_of(Arena *arena, Str text)
{
    StrList out = {arena_array(arena, Str, PARAGRAPHS_MAX), 0};
    size_t at;

    while (text.len > 0 && out.count < PARAGRAPHS_MAX) {
        at = str_find(text, STR("\n\n"), 0);
        out.items[out.count++] = str_copy(arena, str_slice(text, 0, at == SIZE_MAX ? text.len : at));
        text = at == SIZE_MAX ? STR("") : str_slice(text, at + 2, text.len);
    }
    return out;
}

/* Each entry is told from by itself: no line break stands in one. */
static StrList known_of(Arena *arena, const Fact *fact)
{
    StrList out = {arena_array(arena, Str, KNOWN_MAX), 0};
    Str rest = fact->text, line;

    if (fact->summary.len > 0)
        out.items[out.count++] = str_copy(arena, fact->summary);
    while (out.count < KNOWN_MAX && rest.len > 0 && str_split(&rest, '\n', &line))
        if (line.len > 0)
            out.items[out.count++] = str_copy(arena, line);
    for (size_t i = 0; i < fact->property_count && out.count < KNOWN_MAX; i++)
        out.items[out.count++] = str_format(arena, "%.*s: %.*s", STR_ARG(fact->properties[i].key),
                                            STR_ARG(fact->properties[i].value));
    for (size_t i = 0; i < fact->relation_count && out.count < KNOWN_MAX; i++)
        if (fact->relations[i].name.len > 0)
            out.items[out.count++] =
                str_format(arena, "%.*s: %.*s (%.*s)", STR_ARG(fact->relations[i].directed),
                           STR_ARG(fact->relations[i].name), STR_ARG(fact->relations[i].id));
    return out;
}

static Str narrated(const TurnTools *tools, Arena *arena, Tongue tongue, Length length, const Fact *fact)
{
    const Telling telling = {.voice = tools->voice, .arena = arena, .tongue = tongue};
    const Plan plan = {.move = MOVE_STORY, .facts = {fact}, .fact_count = 1, .length = length};
    Narration narration = {.arena = arena};

    narrate(&telling, &plan, &narration);
    return narration_text(&narration, arena);
}

static Err tell(const FactReader *reader, const TurnTools *tools, const ToolStory *in, Story *out)
{
    Arena *arena = reader->call->arena;
    const Fact *fact;
    Texts aliases;

    TRY(fact_find(reader, in->id, &fact, &aliases));
    if (fact == NULL)
        return err_at(err(NOT_FOUND, "no such entity: %.*s", STR_ARG(in->id)), "/id");
    *out = (Story){
        .id = str_copy(arena, fact->id),
        .label = str_copy(arena, fact->label),
        .name = str_copy(arena, fact->name),
        .aliases = copies(arena, aliases, ALIASES_MAX),
        .sample = fact->sample,
        .paragraphs = paragraphs_of(arena, narrated(tools, arena, reader->tongue, LENGTHS[in->length], fact)),
        .known = known_of(arena, fact),
        .sources = copies(arena, fact->sources, SOURCES_MAX),
    };
    return OK;
}

Err operation_tell_story(const TurnTools *tools, Call *call, const ToolsGenerateStoryInput *in, Story *out)
{
    FactReader reader = {.world = tools->world, .voice = tools->voice, .call = call};
    WorldVersion now;
    Err e;

    reader.tongue = in->language == TOOLS_GENERATE_STORY_INPUT_LANGUAGE_KO ? KOREAN : ENGLISH;
    TRY(world_client_get_version(tools->world, call, &now));
    reader.book = fact_shelf_take(tools->shelf, now.version);
    e = tell(&reader, tools, &in->body, out);
    fact_shelf_give_back(tools->shelf, reader.book);
    return e;
}
