/* Bytes as a question: cut into words and looked for among names. Terms are UTF-8 and never empty, what is quoted is
 * part of the question. */
#include <stdlib.h>

#include "base/utf8.h"
#include "services/world/analysis.h"
#include "services/world/names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static NamesParts some_names(void)
{
    static const Str texts[] = {STR("makgeolli"), STR("막걸리"), STR("이천 쌀"), STR("NERD12 Signature")};
    static Names *names;
    static NamesPart part;
    AUTO_ARENA Arena scratch = {0};

    if (names != NULL)
        return (NamesParts){&part, 1};
    arena_init(&scratch);
    names = names_create();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        names_add(names, (uint32_t)i, analyse(&scratch, texts[i]));
    names_seal(names);
    part.names = names;
    return (NamesParts){&part, 1};
}

static void demand_term(Str term)
{
    if (term.len == 0 || !utf8_valid(term))
        abort();
}

static void demand_word(const Word *word, Str question)
{
    demand_term(word->term);
    demand_term(word->plain);
    for (size_t i = 0; i < word->piece_count; i++)
        demand_term(word->pieces[i]);
    for (size_t i = 0; i < word->pair_count; i++)
        demand_term(word->pairs[i]);
    if (word->joint.data != NULL)
        demand_term(word->joint);
    if (word->surface.data < question.data ||
        word->surface.data + word->surface.len > question.data + question.len)
        abort();
}

static void demand_matches(NamesParts names, Arena *arena, Words words)
{
    NameMatch *matches;
    size_t count = names_find(names, arena, words, &matches);
    size_t behind = 0;

    for (size_t i = 0; i < count; i++) {
        if (matches[i].first < behind || matches[i].first + matches[i].count > words.count)
            abort();
        behind = matches[i].first + matches[i].count;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str question;
    Words words;

    arena_init(&arena);
    question = str_copy(&arena, (Str){(const char *)data, size});
    words = analyse(&arena, question);
    for (size_t i = 0; i < words.count; i++) {
        demand_word(&words.items[i], question);
        (void)names_correct(some_names(), &arena, &words.items[i]);
    }
    demand_matches(some_names(), &arena, words);
    (void)is_korean(question);
    return 0;
}
