#include "services/world/reasons.h"

#include <string.h>

#include "base/memory.h"
#include "base/template.h"
#include "base/yaml.h"

struct Reasons {
    json_t *sentences;
    Str always[TONGUE_COUNT][ADVICE_KIND_COUNT]; /* of the kinds that have one sentence */
};

static const char *const LANGUAGES[TONGUE_COUNT] = {[TONGUE_EN] = "en", [TONGUE_KO] = "ko"};

/* What the schema calls shared_story becomes liked_story where the person likes the story itself. */
static const char SHARED[] = "shared_";
static const char *const SENTENCES[ADVICE_KIND_COUNT] = {
    [ADVICE_LIKED] = "people_who_liked",
    [ADVICE_DISLIKED] = "people_who_disliked",
    [ADVICE_TASTE] = "taste",
    [ADVICE_POPULAR] = "popular",
    [ADVICE_THERE] = "there",
};

static Err read_always(Reasons *reasons)
{
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        for (AdviceKind kind = 0; kind < ADVICE_KIND_COUNT; kind++) {
            const json_t *sentences = json_object_get(reasons->sentences, LANGUAGES[t]);

            if (SENTENCES[kind] == NULL)
                continue;
            reasons->always[t][kind] = json_str_at(sentences, SENTENCES[kind]);
            if (reasons->always[t][kind].data == NULL)
                return err(INVALID, "%s.%s: expected a sentence", LANGUAGES[t], SENTENCES[kind]);
        }
    return OK;
}

Err reasons_read(Str yaml, Reasons **out)
{
    json_t *sentences;
    Err e;

    TRY(yaml_read(yaml, &sentences));
    *out = memory_new(Reasons);
    (*out)->sentences = sentences;
    e = read_always(*out);
    if (failed(&e)) {
        reasons_destroy(*out);
        *out = NULL;
    }
    return e;
}

void reasons_destroy(Reasons *reasons)
{
    if (reasons == NULL)
        return;
    json_decref(reasons->sentences);
    memory_free(reasons);
}

/* What is shared has a sentence for each kind of it, and another for when the person likes that itself. */
static Str sentence_of(const Reasons *reasons, const Advice *advice, Tongue tongue)
{
    const json_t *sentences = json_object_get(reasons->sentences, LANGUAGES[tongue]);
    char key[64];

    if (advice->kind != ADVICE_SHARED)
        return reasons->always[tongue][advice->kind];
    if (advice->because_count > 1)
        (void)snprintf(key, sizeof key, "%.*s", STR_ARG(advice->shared));
    else
        (void)snprintf(key, sizeof key, "liked_%.*s",
                       STR_ARG(str_slice(advice->shared, strlen(SHARED), advice->shared.len)));
    return json_str_at(sentences, key);
}

static Str name_of(const Catalogue *catalogue, Str id, Tongue tongue)
{
    const CatalogueEntity *entity = catalogue_find(catalogue, id);

    return entity != NULL ? entity->name[tongue] : id;
}

Str reasons_tell(const Reasons *reasons, Arena *arena, const Advice *advice, const Catalogue *catalogue,
                 Tongue tongue)
{
    Slot slots[4] = {{"name", name_of(catalogue, advice->item->id, tongue)}, {"word", advice->word}};

    for (size_t i = 0; i < advice->because_count; i++)
        slots[2 + i] = (Slot){i == 0 ? "liked" : "shared", name_of(catalogue, advice->because[i], tongue)};
    return template_fill(arena, sentence_of(reasons, advice, tongue), slots, sizeof slots / sizeof *slots);
}
