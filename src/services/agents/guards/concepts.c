#include "services/agents/guards/concepts.h"

#include "services/agents/required.h"

/* How deep concepts nest, and how long the text between two parts is at most, in characters. */
enum { DEPTH_MAX = 6 };
static const char *const BETWEEN[TONGUE_COUNT] = {[ENGLISH] = ".{0,60}?", [KOREAN] = ".{0,30}?"};

typedef struct Expansion {
    const Lexicon *lexicon;
    const char *name; /* of the rule, for messages */
    Tongue tongue;
    bool bounded; /* parts stand on the boundaries of words */
    Buf *out;
} Expansion;

static bool is_name(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.data[i] < 'a' || text.data[i] > 'z') && text.data[i] != '_')
            return false;
    return text.len > 0;
}

static Err put_expanded(const Expansion *to, Str pattern, int depth);

static Err put_concept(const Expansion *to, Str concept, int depth)
{
    const json_t *all = json_object_get(to->lexicon->concepts, tongue_code(to->tongue));
    const json_t *list = json_object_getn(all, concept.data, concept.len);
    size_t i;
    json_t *item;

    if (json_array_size(list) == 0)
        return err(INVALID, "%s: %s has no concept {%.*s}", to->name, tongue_code(to->tongue),
                   STR_ARG(concept));
    if (depth == DEPTH_MAX)
        return err(INVALID, "%s: {%.*s} nests too deeply", to->name, STR_ARG(concept));
    buf_put(to->out, STR("(?:"));
    json_array_foreach((json_t *)list, i, item)
    {
        buf_put(to->out, i == 0 ? STR("") : STR("|"));
        TRY(put_expanded(to, json_str(item), depth + 1));
    }
    buf_put_char(to->out, ')');
    return OK;
}

/* A pattern without " … " and " ~ ". */
static Err put_expanded(const Expansion *to, Str pattern, int depth)
{
    for (size_t at = 0; at < pattern.len; at++) {
        size_t end = pattern.data[at] == '{' ? str_find(pattern, STR("}"), at) : SIZE_MAX;
        Str name = str_slice(pattern, at + 1, end);
        if (end != SIZE_MAX && is_name(name)) {
            TRY(put_concept(to, name, depth));
            at = end;
        } else {
            buf_put_char(to->out, pattern.data[at]);
        }
    }
    return OK;
}

static void put_between(const Expansion *to)
{
    buf_put(to->out, to->bounded ? STR("(?![a-z0-9])") : STR(""));
    buf_put(to->out, str_from(BETWEEN[to->tongue]));
    buf_put(to->out, to->bounded ? STR("(?<![a-z0-9])") : STR(""));
}

static Err put_part(const Expansion *to, Str part)
{
    buf_put(to->out, STR("(?:"));
    TRY(put_expanded(to, part, 0));
    buf_put_char(to->out, ')');
    return OK;
}

/* "a … b … c": one after another. */
static Err put_chain(const Expansion *to, Str pattern)
{
    static const Str THEN = {" … ", sizeof(" … ") - 1};
    size_t at;

    while ((at = str_find(pattern, THEN, 0)) != SIZE_MAX) {
        TRY(put_part(to, str_slice(pattern, 0, at)));
        put_between(to);
        pattern = str_slice(pattern, at + THEN.len, pattern.len);
    }
    return put_part(to, pattern);
}

/* "a ~ b": a before b, or b before a. */
static Err put_near(const Expansion *to, Str pattern)
{
    static const Str NEAR = {" ~ ", sizeof(" ~ ") - 1};
    size_t at = str_find(pattern, NEAR, 0);
    Str first = str_slice(pattern, 0, at), second;

    if (at == SIZE_MAX)
        return put_chain(to, pattern);
    second = str_slice(pattern, at + NEAR.len, pattern.len);
    TRY(put_chain(to, first));
    put_between(to);
    TRY(put_chain(to, second));
    buf_put_char(to->out, '|');
    TRY(put_chain(to, second));
    put_between(to);
    return put_chain(to, first);
}

/* "a … b|c": what stands around a "|" belongs together. */
static Err put_pattern(const Expansion *to, Str pattern)
{
    Str alternative;

    for (bool first = true; required_next_alternative(&pattern, &alternative); first = false) {
        buf_put(to->out, first ? STR("") : STR("|"));
        TRY(put_near(to, alternative));
    }
    return OK;
}

/* A pattern that counts words, which text without spaces hasn't: it would only take long to find nothing there. */
static bool needs_words(Str pattern)
{
    return str_find(pattern, STR("\\S+ "), 0) != SIZE_MAX;
}

static Err expand_list(const Lexicon *lexicon, const json_t *list, const Expansion *kind, bool loose,
                       json_t *into)
{
    AUTO_ARENA Arena arena = {0};
    Expansion to = *kind;
    size_t i;
    json_t *item;

    arena_init(&arena);
    json_array_foreach((json_t *)list, i, item)
    {
        Buf out;
        if (!json_is_string(item))
            return err(INVALID, "%s: pattern %zu is no text; put it in quotes", kind->name, i + 1);
        if (loose && needs_words(json_str(item)))
            continue;
        buf_init(&out, &arena, 256);
        to.out = &out;
        TRY(put_pattern(&to, json_str(item)));
        Str text = letters_apply(lexicon->letters, &arena, buf_str(&out));
        json_array_append_new(into, json_stringn(text.data, text.len));
    }
    return OK;
}

Err lexicon_expand(const Lexicon *lexicon, const json_t *rules, bool loose, const char *name, json_t **out)
{
    static const char *const LISTS[] = {"says", "unless"};
    json_t *all = json_object();
    Err e = OK;

    for (Tongue t = 0; t < TONGUE_COUNT; t++) {
        const Expansion kind = {lexicon, name, t, t == ENGLISH && !loose, NULL};
        const char *key = tongue_code(loose ? KOREAN : t);
        if (json_object_get(all, key) == NULL)
            json_object_set_new(all, key, json_pack("{s:[],s:[]}", LISTS[0], LISTS[1]));
        for (size_t i = 0; i < 2 && !failed(&e); i++)
            e = expand_list(lexicon, json_object_get(json_object_get(rules, tongue_code(t)), LISTS[i]), &kind,
                            loose, json_object_get(json_object_get(all, key), LISTS[i]));
    }
    *out = failed(&e) ? NULL : all;
    if (failed(&e))
        json_decref(all);
    return e;
}
