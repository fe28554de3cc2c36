/* Facts made for tests of the narrator, and a telling of them. */
#ifndef NERDX_TESTS_NARRATOR_FACTS_H
#define NERDX_TESTS_NARRATOR_FACTS_H

#include <string.h>

#include "check.h"
#include "content.h"
#include "services/agents/narrator/parts.h"
#include "services/agents/narrator/passages.h"

/* For tables: an initialiser, not a compound literal. */
#define TEXT(literal) {"" literal, sizeof(literal) - 1}

typedef struct Scene {
    Arena arena;
    Telling telling;
    Narration narration;
} Scene;

static inline void scene_open(Scene *scene, const Voice *voice, Tongue tongue, const char *question)
{
    *scene = (Scene){0};
    arena_init(&scene->arena);
    Str folded = text_fold(&scene->arena, str_from(question));
    scene->telling = (Telling){.voice = voice,
                               .arena = &scene->arena,
                               .tongue = tongue,
                               .question = folded,
                               .asks = voice_asks(voice, folded),
                               .cues = voice_cues(voice, folded)};
}

static inline const char *scene_tell(Scene *scene, const Plan *plan)
{
    scene->narration = (Narration){.arena = &scene->arena};
    narrate(&scene->telling, plan, &scene->narration);
    return str_c(&scene->arena, narration_text(&scene->narration, &scene->arena));
}

#endif
