#include "services/world/review/prompt.h"

#include <ctype.h>

#include "base/memory.h"
#include "base/template.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "services/world/review/vocabulary.h"

typedef enum Part { RULES, PASSAGE, KNOWN, NOBODY, PART_COUNT } Part;
static const char *const PARTS[PART_COUNT] = {"rules", "passage", "known", "nobody"};
static const char *const TONGUES[TONGUE_COUNT] = {[TONGUE_KO] = "ko", [TONGUE_EN] = "en"};

struct Prompt {
    Arena text;
    Str parts[PART_COUNT][TONGUE_COUNT];
};

static Err read_part(Prompt *prompt, const json_t *root, Part part)
{
    for (size_t tongue = 0; tongue < TONGUE_COUNT; tongue++) {
        Str text = json_str(json_object_get(json_object_get(root, PARTS[part]), TONGUES[tongue]));

        if (text.data == NULL)
            return err(INVALID, "prose.yaml: %s: expected a text under %s", PARTS[part], TONGUES[tongue]);
        prompt->parts[part][tongue] = str_copy(&prompt->text, text);
    }
    return OK;
}

static Err read_parts(Prompt *prompt, const json_t *root, const Schema *schema)
{
    Str example = json_str(json_object_get(root, "example"));
    Arena *arena = &prompt->text;

    for (Part part = 0; part < PART_COUNT; part++)
        TRY(read_part(prompt, root, part));
    if (example.data == NULL)
        return err(INVALID, "prose.yaml: example: expected a text");
    const Slot slots[] = {{"labels", vocabulary_labels(arena, schema)},
                          {"relationships", vocabulary_relationships(arena, schema)},
                          {"example", str_copy(arena, example)}};
    for (size_t tongue = 0; tongue < TONGUE_COUNT; tongue++)
        prompt->parts[RULES][tongue] =
            template_fill(arena, prompt->parts[RULES][tongue], slots, sizeof slots / sizeof *slots);
    return OK;
}

Err prompt_create(AssetTable content, const Schema *schema, Prompt **out)
{
    const Asset *file = asset_find(content, STR("prose.yaml"));
    AUTO_JSON json_t *root = NULL;
    Prompt *prompt;
    Err e;

    *out = NULL;
    if (file == NULL)
        return err(INTERNAL, "the content has no prose.yaml");
    TRY(yaml_read(file->bytes, &root));
    prompt = memory_new(Prompt);
    arena_init(&prompt->text);
    e = read_parts(prompt, root, schema);
    if (failed(&e))
        prompt_destroy(prompt);
    else
        *out = prompt;
    return e;
}

void prompt_destroy(Prompt *prompt)
{
    if (prompt == NULL)
        return;
    arena_finish(&prompt->text);
    memory_free(prompt);
}

/* A line an entity that the passage names: by these ids the model should call them. */
static Str known_entities(const Prompt *prompt, Arena *arena, Tongue tongue, const Catalogue *catalogue,
                          const Passage *passage)
{
    Buf out = {.arena = arena};
    Mention *mentions;
    size_t count = passage_mentions(arena, catalogue, passage, &mentions);

    for (size_t i = 0; i < count; i++) {
        const CatalogueEntity *entity = mentions[i].entity;
        const Slot slots[] = {{"id", entity->id},
                              {"label", entity->labels.items[0]},
                              {"name_en", entity->name[TONGUE_EN]},
                              {"name_ko", entity->name[TONGUE_KO]}};
        buf_put(&out,
                template_fill(arena, prompt->parts[KNOWN][tongue], slots, sizeof slots / sizeof *slots));
        buf_put_char(&out, '\n');
    }
    return count > 0 ? buf_str(&out) : prompt->parts[NOBODY][tongue];
}

/* Whether most of it is Korean: English prose has a name in Hangul here and there, and Korean one in Latin letters. A
 * syllable says as much as two letters. */
static Tongue tongue_of(Str text)
{
    enum { HANGUL_FIRST = 0xAC00, HANGUL_LAST = 0xD7A3 };
    size_t hangul = 0;
    size_t latin = 0;
    size_t at = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c)) {
        hangul += c >= HANGUL_FIRST && c <= HANGUL_LAST;
        latin += c < 0x80 && isalpha((int)c);
    }
    return 2 * hangul > latin ? TONGUE_KO : TONGUE_EN;
}

PromptText prompt_fill(const Prompt *prompt, Arena *arena, const Catalogue *catalogue, Str document,
                       const Passage *passage)
{
    Tongue tongue = tongue_of(passage->text);
    const Slot slots[] = {{"document", document},
                          {"heading", passage->heading.data != NULL ? passage->heading : STR("-")},
                          {"known", known_entities(prompt, arena, tongue, catalogue, passage)},
                          {"text", passage->text}};

    return (PromptText){
        prompt->parts[RULES][tongue],
        template_fill(arena, prompt->parts[PASSAGE][tongue], slots, sizeof slots / sizeof *slots),
    };
}
