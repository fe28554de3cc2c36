#include "services/agents/narrator/wants.h"

#include "base/memory.h"

static const char *const WORD_KEYS[WORDS_COUNT] = {
    [WORDS_DRINK] = "drink",   [WORDS_FOOD] = "food",           [WORDS_OCCASION] = "occasion",
    [WORDS_PERSON] = "person", [WORDS_ELSEWHERE] = "elsewhere", [WORDS_TASTE] = "taste",
    [WORDS_TALK] = "talk",
};

static const char *const DOES_KEYS[WANT_DOES_COUNT] = {
    [WANT_RECOMMEND] = "recommend", [WANT_ANOTHER] = "another", [WANT_WEAKER] = "weaker",
    [WANT_STRONGER] = "stronger",   [WANT_STORY] = "story",     [WANT_TELL] = "tell",
    [WANT_MISS] = "miss",           [WANT_SELLER] = "seller",
};

struct Wants {
    Listener *words[WORDS_COUNT]; /* NULL: not heard in words */
    Want want[WANTS_MAX];
    size_t count;
};

/* The place of a key in a table of keys; `count` when it isn't there. */
static size_t place(const char *const *keys, size_t count, Str key)
{
    size_t i = 0;

    while (i < count && !str_equal(str_from(keys[i]), key))
        i++;
    return i;
}

static Err read_needs(const char *key, const json_t *list, uint32_t *out)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        size_t class = place(WORD_KEYS, WORDS_COUNT, json_str(item));
        if (class == WORDS_COUNT)
            return err(INVALID, "content/agents/maeju/wants.yaml: %s: needs classes of words, taste or talk",
                       key);
        *out |= WORDS_BIT(class);
    }
    return OK;
}

static Err read_want(Arena *arena, const char *key, const json_t *row, Wants *wants)
{
    Want *want = &wants->want[wants->count];
    size_t does = place(DOES_KEYS, WANT_DOES_COUNT, json_str(json_object_get(row, "does")));

    if (wants->count == WANTS_MAX)
        return err(INVALID, "content/agents/maeju/wants.yaml: more than %d wants", WANTS_MAX);
    if (does == WANT_DOES_COUNT)
        return err(
            INVALID,
            "content/agents/maeju/wants.yaml: %s: does must be recommend, another, weaker, stronger, story, "
            "tell, miss or seller",
            key);
    wants->count++;
    want->does = (WantDoes)does;
    want->first = json_is_true(json_object_get(row, "first"));
    want->about = texts_in(arena, json_object_get(row, "about"));
    want->of = texts_in(arena, json_object_get(row, "of"));
    TRY(read_needs(key, json_object_get(row, "needs"), &want->needs));
    return listener_create(row, key, &want->listener);
}

static Err read(Arena *arena, const json_t *content, Wants *wants)
{
    const json_t *words = json_object_get(content, "words");
    const char *key;
    json_t *row;

    for (size_t i = 0; i < WORDS_TASTE; i++)
        TRY(listener_create(json_object_get(words, WORD_KEYS[i]), WORD_KEYS[i], &wants->words[i]));
    json_object_foreach(json_object_get(content, "wants"), key, row) TRY(read_want(arena, key, row, wants));
    return OK;
}

Err wants_create(Arena *arena, const json_t *content, Wants **out)
{
    Err e;

    *out = memory_new(Wants);
    e = read(arena, content, *out);
    if (failed(&e)) {
        wants_destroy(*out);
        *out = NULL;
    }
    return e;
}

void wants_destroy(Wants *wants)
{
    if (wants == NULL)
        return;
    for (size_t i = 0; i < WORDS_COUNT; i++)
        listener_destroy(wants->words[i]);
    for (size_t i = 0; i < WANTS_MAX; i++)
        listener_destroy(wants->want[i].listener);
    memory_free(wants);
}

uint32_t wants_words(const Wants *wants, Str folded)
{
    uint32_t words = 0;

    for (size_t i = 0; i < WORDS_TASTE; i++)
        words |= listener_hears(wants->words[i], folded) ? WORDS_BIT(i) : 0;
    return words;
}

bool wants_are_elsewhere(uint32_t words)
{
    const uint32_t where = WORDS_BIT(WORDS_DRINK) | WORDS_BIT(WORDS_ELSEWHERE);

    return (words & where) == WORDS_BIT(WORDS_ELSEWHERE);
}

bool wants_first(const Want *want)
{
    return want != NULL && want->first;
}

const Want *wants_hear(const Wants *wants, Str folded, uint32_t words)
{
    if (wants_are_elsewhere(words))
        return NULL;
    for (size_t i = 0; i < wants->count; i++) {
        const Want *want = &wants->want[i];
        if ((want->needs == 0 || (want->needs & words) != 0) && listener_hears(want->listener, folded))
            return want;
    }
    return NULL;
}
