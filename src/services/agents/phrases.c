#define PCRE2_CODE_UNIT_WIDTH 8

#include "services/agents/phrases.h"

#include <pcre2.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "services/agents/needles.h"

/* How much work one match may be (steps of the matcher): a message can't be made to burn time. */
enum { MATCH_LIMIT = 100000 };

/* A pattern is made quick when it has been used so often; doing that with all of them at start doubles what a start costs, and a
 * turn without it costs more than twice as much. */
enum { QUICK_AFTER = 1 };

typedef struct Quick {
    pcre2_code *code; /* compiled (JIT) */
    Needles *needles; /* without one of them in a text no alternative matches it but those of `open` */
    pcre2_code *open; /* NULL: there are none */
} Quick;

typedef struct Pattern {
    pcre2_code *plain; /* NULL = there is none */
    char *text;
    _Atomic(Quick *) quick; /* a copy of it, or NULL */
    atomic_uint uses;       /* until then */
} Pattern;

typedef struct Speech {
    Pattern says;
    Pattern unless;
} Speech;

struct Listener {
    Speech *patterns; /* TONGUE_COUNT of them; apart, since those of a constant listener still become quick */
};

/* One item, so that "a ?b" may go without. */
static void put_space(Buf *out, Tongue tongue, bool in_class)
{
    if (in_class)
        buf_put(out, STR("\\s"));
    else
        buf_put(out, tongue == ENGLISH ? STR("(?:\\s+)") : STR("(?:\\s*)"));
}

/* "a b" as the language writes it: see the header. */
static void put_pattern(Buf *out, Str pattern, Tongue tongue)
{
    bool in_class = false, escaped = false;

    buf_put(out, tongue == ENGLISH ? STR("(?<![a-z0-9])(?:") : STR("(?:"));
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.data[i];
        if (c == ' ')
            put_space(out, tongue, in_class);
        else
            buf_put_char(out, c);
        in_class = escaped ? in_class : c == '[' || (in_class && c != ']');
        escaped = c == '\\' && !escaped;
    }
    buf_put(out, tongue == ENGLISH ? STR(")(?![a-z0-9])") : STR(")"));
}

static pcre2_code *compile(Str pattern, int *code, PCRE2_SIZE *offset)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_CASELESS | PCRE2_NO_AUTO_CAPTURE |
                       PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_DUPNAMES; /* each pattern of a list may name its parts */

    return pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len, options, code, offset, NULL);
}

static Err compile_one(Str pattern, const char *name, Pattern *to)
{
    PCRE2_UCHAR reason[128] = "";
    PCRE2_SIZE offset;
    int code;

    to->plain = compile(pattern, &code, &offset);
    to->text = memory_alloc(pattern.len + 1);
    memcpy(to->text, pattern.data, pattern.len);
    to->text[pattern.len] = '\0';
    if (to->plain != NULL)
        return OK;
    (void)pcre2_get_error_message(code, reason, sizeof reason);
    return err(INVALID, "%s: a pattern doesn't compile: %s, near \"%.40s\"", name, (const char *)reason,
               pattern.data + (offset > 20 ? offset - 20 : 0));
}

static Err compile_list(const json_t *list, const char *name, Tongue tongue, Pattern *out)
{
    AUTO_ARENA Arena scratch = {0};
    Buf all;
    size_t i;
    json_t *item;

    arena_init(&scratch);
    buf_init(&all, &scratch, 1024);
    json_array_foreach((json_t *)list, i, item)
    {
        if (!json_is_string(item))
            return err(INVALID, "%s: pattern %zu is no text; put it in quotes", name, i + 1);
        buf_put(&all, i == 0 ? STR("") : STR("|"));
        put_pattern(&all, json_str(item), tongue);
    }
    return all.len == 0 ? OK : compile_one(buf_str(&all), name, out);
}

Err listener_create(const json_t *rules, const char *name, Listener **out)
{
    Listener *listener = memory_new(Listener);
    Err e = OK;

    listener->patterns = memory_zalloc(TONGUE_COUNT * sizeof *listener->patterns);
    for (Tongue t = 0; t < TONGUE_COUNT && !failed(&e); t++) {
        const json_t *mine = json_object_get(rules, tongue_code(t));
        e = compile_list(json_object_get(mine, "says"), name, t, &listener->patterns[t].says);
        if (!failed(&e))
            e = compile_list(json_object_get(mine, "unless"), name, t, &listener->patterns[t].unless);
    }
    *out = failed(&e) ? NULL : listener;
    if (failed(&e))
        listener_destroy(listener);
    return e;
}

static void quick_destroy(Quick *quick)
{
    if (quick == NULL)
        return;
    pcre2_code_free(quick->code);
    pcre2_code_free(quick->open);
    needles_destroy(quick->needles);
    memory_free(quick);
}

static void pattern_finish(Pattern *pattern)
{
    pcre2_code_free(pattern->plain);
    quick_destroy(atomic_load(&pattern->quick));
    memory_free(pattern->text);
}

void listener_destroy(Listener *listener)
{
    if (listener == NULL)
        return;
    for (Tongue t = 0; t < TONGUE_COUNT; t++) {
        pattern_finish(&listener->patterns[t].says);
        pattern_finish(&listener->patterns[t].unless);
    }
    memory_free(listener->patterns);
    memory_free(listener);
}

/* Without JIT: slower, no less right. */
static pcre2_code *jit(pcre2_code *code)
{
    if (code != NULL)
        (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

/* Others may be matching with the plain one meanwhile, so that a copy is made quick. NULL when memory is short. */
static const Quick *make_quick(Pattern *pattern)
{
    AUTO_ARENA Arena scratch = {0};
    Quick *quick = memory_new(Quick);
    PCRE2_SIZE offset;
    Str open;
    int code;

    arena_init(&scratch);
    quick->code = jit(pcre2_code_copy(pattern->plain));
    quick->needles = needles_create(str_from(pattern->text), &scratch, &open);
    quick->open = open.len > 0 ? jit(compile(open, &code, &offset)) : NULL;
    if (quick->code == NULL || (open.len > 0 && quick->open == NULL)) {
        quick_destroy(quick);
        return NULL;
    }
    atomic_store(&pattern->quick, quick);
    return quick;
}

/* NULL: not yet. */
static const Quick *quick_of(Pattern *pattern)
{
    const Quick *quick = atomic_load(&pattern->quick);

    if (quick != NULL)
        return quick;
    return atomic_fetch_add(&pattern->uses, 1) == QUICK_AFTER ? make_quick(pattern) : NULL;
}

static const pcre2_code *code_of(Pattern *pattern)
{
    const Quick *quick = quick_of(pattern);

    return quick != NULL ? quick->code : pattern->plain;
}

/* Made when something is matched: most texts have none of a pattern's needles. */
typedef struct Matching {
    const pcre2_code *parts; /* the pattern whose parts are wanted; NULL: none are */
    pcre2_match_data *data;
    pcre2_match_context *context;
} Matching;

static void matching_begin(Matching *matching)
{
    if (matching->context != NULL)
        return;
    matching->data = matching->parts != NULL ? pcre2_match_data_create_from_pattern(matching->parts, NULL)
                                             : pcre2_match_data_create(1, NULL);
    matching->context = pcre2_match_context_create(NULL);
    (void)pcre2_set_match_limit(matching->context, MATCH_LIMIT);
}

static void matching_finish(Matching *matching)
{
    pcre2_match_data_free(matching->data);
    pcre2_match_context_free(matching->context);
}
#define AUTO_MATCHING __attribute__((cleanup(matching_finish)))

/* The text with something else for every match. */
static Str replace(Pattern *pattern, Matching *matching, Arena *arena, Str text, Str with)
{
    PCRE2_SIZE len = (text.len + 1) * (with.len > 0 ? with.len : 1);
    PCRE2_UCHAR *out = arena_alloc(arena, len);
    int changed;

    matching_begin(matching);
    changed = pcre2_substitute(code_of(pattern), (PCRE2_SPTR)text.data, text.len, 0, PCRE2_SUBSTITUTE_GLOBAL,
                               NULL, matching->context, (PCRE2_SPTR)with.data, with.len, out, &len);
    return changed < 0 ? text : (Str){(const char *)out, len};
}

static Str take_away(Pattern *pattern, Matching *matching, Arena *arena, Str text)
{
    return replace(pattern, matching, arena, text, STR(" "));
}

/* Whether it was found, or sure it isn't there: matching gives up at MATCH_LIMIT. */
typedef enum Heard { NOT_HEARD, HEARD, GAVE_UP } Heard;

/* What is enough to match the text with; NULL: nothing matches it. */
static const pcre2_code *code_for(Pattern *pattern, Str text)
{
    const Quick *quick = quick_of(pattern);

    if (quick == NULL)
        return pattern->plain;
    return needles_may_be_in(quick->needles, text) ? quick->code : quick->open;
}

static Heard look(Pattern *pattern, Matching *matching, Str text)
{
    const pcre2_code *code = code_for(pattern, text);
    int found;

    if (code == NULL)
        return NOT_HEARD;
    matching_begin(matching);
    found = pcre2_match(code, (PCRE2_SPTR)text.data, text.len, 0, 0, matching->data, matching->context);
    return found >= 0 ? HEARD : found == PCRE2_ERROR_NOMATCH ? NOT_HEARD : GAVE_UP;
}

static Heard hears(Speech *pattern, Matching *matching, Str text)
{
    AUTO_ARENA Arena scratch = {0};
    Heard heard;

    if (pattern->says.plain == NULL)
        return NOT_HEARD;
    arena_init(&scratch);
    heard = look(&pattern->says, matching, text);
    if (heard != HEARD || pattern->unless.plain == NULL)
        return heard;
    return look(&pattern->says, matching, take_away(&pattern->unless, matching, &scratch, text));
}

static Heard listen(const Listener *listener, Tongue first, Tongue last, Str folded)
{
    AUTO_MATCHING Matching matching = {0};
    Heard all = NOT_HEARD;

    for (Tongue t = first; t <= last && all != HEARD; t++) {
        Heard one = hears(&listener->patterns[t], &matching, folded);
        all = one == NOT_HEARD ? all : one;
    }
    return all;
}

bool listener_hears_in(const Listener *listener, Tongue tongue, Str folded)
{
    return listen(listener, tongue, tongue, folded) == HEARD;
}

bool listener_hears(const Listener *listener, Str folded)
{
    return listen(listener, 0, TONGUE_COUNT - 1, folded) == HEARD;
}

bool listener_touched(const Listener *listener, Str folded)
{
    return listen(listener, 0, TONGUE_COUNT - 1, folded) != NOT_HEARD;
}

/* ---- parts of a match */

static Str part_named(const Matching *matching, Arena *arena, Str text, const char *name)
{
    PCRE2_SIZE len = text.len + 1;
    PCRE2_UCHAR *part = arena_alloc(arena, len);
    int code = pcre2_substring_copy_byname(matching->data, (PCRE2_SPTR)name, part, &len);

    return code == 0 ? str_trim((Str){(const char *)part, len}) : (Str){NULL, 0};
}

static Str without(Arena *arena, Str text, size_t start, size_t end)
{
    return str_format(arena, "%.*s %.*s", STR_ARG(str_slice(text, 0, start)),
                      STR_ARG(str_slice(text, end, text.len)));
}

static bool catches(Speech *pattern, Arena *arena, Str text, Catch *out)
{
    AUTO_MATCHING Matching matching = {.parts = pattern->says.plain};
    const PCRE2_SIZE *span;

    if (pattern->unless.plain != NULL)
        text = take_away(&pattern->unless, &matching, arena, text);
    if (look(&pattern->says, &matching, text) != HEARD)
        return false;
    span = pcre2_get_ovector_pointer(matching.data);
    *out = (Catch){
        .it = part_named(&matching, arena, text, "it"),
        .who = part_named(&matching, arena, text, "who"),
        .all = str_slice(text, span[0], span[1]),
        .rest = without(arena, text, span[0], span[1]),
        .lead = str_slice(text, 0, span[0]),
        .tail = str_slice(text, span[1], text.len),
    };
    return true;
}

bool listener_catches(const Listener *listener, Arena *arena, Str folded, Catch *out)
{
    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        if (listener->patterns[t].says.plain != NULL && catches(&listener->patterns[t], arena, folded, out))
            return true;
    return false;
}

Str listener_hide(const Listener *listener, Arena *arena, Str text)
{
    AUTO_MATCHING Matching matching = {0};

    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        if (listener->patterns[t].says.plain != NULL)
            text = replace(&listener->patterns[t].says, &matching, arena, text, STR("…"));
    return text;
}
