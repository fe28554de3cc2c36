#include "services/agents/grounding/grounding.h"

#include "base/memory.h"
#include "base/yaml.h"
#include "services/agents/grounding/names.h"

enum { FIRST_BYTES = 4096 };

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

void grounds_init(Grounds *grounds, const Grounding *rules, Arena *arena)
{
    *grounds = (Grounds){.rules = rules, .arena = arena};
    buf_init(&grounds->folded, arena, FIRST_BYTES);
    buf_init(&grounds->squeezed, arena, FIRST_BYTES);
}

/* Texts are kept apart, so that no name comes about between the end of one and the start of the next. */
void grounds_add(Grounds *grounds, Str text)
{
    Str folded = text_fold(grounds->arena, text);

    if (folded.len == 0)
        return;
    buf_put(&grounds->folded, folded);
    buf_put_char(&grounds->folded, '\n');
    buf_put(&grounds->squeezed, squeeze(grounds->arena, folded));
    buf_put_char(&grounds->squeezed, '\n');
}

/* Only once a sentence claims a number: many claim none. */
static void count_numbers(Grounds *grounds)
{
    Str folded = buf_str(&grounds->folded);
    Str uncounted = str_copy(grounds->arena, str_slice(folded, grounds->counted, folded.len));

    numbers_read(&grounds->rules->lexicon, grounds->arena, uncounted, true, &grounds->numbers);
    grounds->counted = folded.len;
}

static Str missing_number(Grounds *grounds, const Numbers *claims)
{
    if (claims->count > 0)
        count_numbers(grounds);
    for (size_t i = 0; i < claims->count; i++)
        if (!numbers_have(&grounds->numbers, &claims->items[i]))
            return claims->items[i].text;
    return (Str){NULL, 0};
}

bool grounding_holds(Grounds *grounds, Str sentence, Str *missing)
{
    Evidence evidence = {&grounds->rules->lexicon, grounds->arena, buf_str(&grounds->folded),
                         buf_str(&grounds->squeezed)};
    Str folded = text_fold(grounds->arena, sentence);
    Numbers claims = {0};

    numbers_read(evidence.lexicon, grounds->arena, folded, false, &claims);
    *missing = missing_number(grounds, &claims);
    if (missing->len == 0)
        *missing = names_missing_hangul(&evidence, folded, &claims);
    if (missing->len == 0)
        *missing = names_missing_latin(&evidence, sentence);
    if (missing->len == 0)
        *missing = names_missing_titles(&evidence, sentence);
    return missing->len == 0;
}
