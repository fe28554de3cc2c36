#include "services/agents/grounding/grounding.h"

#include "base/memory.h"
#include "base/yaml.h"
#include "services/agents/grounding/names.h"

enum { FIRST_CAPACITY = 8 };

struct Grounding {
    Arena arena;
    json_t *file;
    Lexicon lexicon;
};

static Err read_rules(AssetTable content, Grounding *grounding)
{
    const Asset *asset = asset_find(content, STR("maeju/grounding.yaml"));
    Err e;

    if (asset == NULL)
        return err(INVALID, "content/agents/maeju/grounding.yaml is missing");
    e = yaml_read(asset->bytes, &grounding->file);
    if (failed(&e))
        return err(INVALID, "content/agents/maeju/grounding.yaml: %.120s", e.message);
    return lexicon_read(grounding->file, &grounding->arena, &grounding->lexicon);
}

Err grounding_create(AssetTable content, Grounding **out)
{
    Grounding *grounding = memory_new(Grounding);

    arena_init(&grounding->arena);
    Err e = read_rules(content, grounding);
    *out = failed(&e) ? NULL : grounding;
    if (failed(&e))
        grounding_destroy(grounding);
    return e;
}

void grounding_destroy(Grounding *grounding)
{
    if (grounding == NULL)
        return;
    lexicon_finish(&grounding->lexicon);
    arena_finish(&grounding->arena);
    json_decref(grounding->file);
    memory_free(grounding);
}

const Lexicon *grounding_lexicon(const Grounding *grounding)
{
    return &grounding->lexicon;
}

/* --- what sentences may rest on --- */

static void make(Arena *arena, Str text, Ground *out)
{
    Str folded = text_fold(arena, text);

    *out = (Ground){.folded = folded, .squeezed = squeeze(arena, folded)};
}

static void count_numbers(const Grounding *rules, Arena *arena, Ground *ground)
{
    if (!ground->is_counted)
        numbers_read(&rules->lexicon, arena, ground->folded, true, &ground->numbers);
    ground->is_counted = true;
}

void ground_make(const Grounding *rules, Arena *arena, Str text, Ground *out)
{
    make(arena, text, out);
    count_numbers(rules, arena, out);
}

void ground_copy(Arena *arena, const Ground *ground, Ground *out)
{
    Str folded = str_copy(arena, ground->folded);

    *out = (Ground){
        .folded = folded,
        .squeezed = str_copy(arena, ground->squeezed),
        .numbers = numbers_copy(arena, &ground->numbers),
        .is_counted = ground->is_counted,
    };
}

void grounds_init(Grounds *grounds, const Grounding *rules, Arena *arena)
{
    *grounds = (Grounds){.rules = rules, .arena = arena};
}

void grounds_add_made(Grounds *grounds, const Ground *ground)
{
    ARENA_MORE(grounds->arena, grounds->items, grounds->count, grounds->capacity, FIRST_CAPACITY);
    grounds->items[grounds->count++] = *ground;
}

/* Its numbers are looked for only once a sentence claims one: many claim none. */
void grounds_add(Grounds *grounds, Str text)
{
    Ground ground;

    make(grounds->arena, text, &ground);
    if (ground.folded.len > 0)
        grounds_add_made(grounds, &ground);
}

/* --- a sentence --- */

static bool is_counted(Grounds *grounds, const Number *claim)
{
    for (size_t i = 0; i < grounds->count; i++) {
        count_numbers(grounds->rules, grounds->arena, &grounds->items[i]);
        if (numbers_have(&grounds->items[i].numbers, claim))
            return true;
    }
    return false;
}

static Str missing_number(Grounds *grounds, const Numbers *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        if (!is_counted(grounds, &claims->items[i]))
            return claims->items[i].text;
    return (Str){NULL, 0};
}

bool grounding_holds(Grounds *grounds, Str sentence, Str *missing)
{
    AUTO_ARENA Arena scratch = {0};
    const Evidence evidence = {&grounds->rules->lexicon, &scratch, grounds};
    Str folded = text_fold(&scratch, sentence);
    Numbers claims = {0};

    numbers_read(evidence.lexicon, &scratch, folded, false, &claims);
    *missing = missing_number(grounds, &claims);
    if (missing->len == 0)
        *missing = names_missing_hangul(&evidence, folded, &claims);
    if (missing->len == 0)
        *missing = names_missing_latin(&evidence, sentence);
    if (missing->len == 0)
        *missing = names_missing_titles(&evidence, sentence);
    if (missing->len > 0)
        *missing = str_copy(grounds->arena, *missing);
    return missing->len == 0;
}
