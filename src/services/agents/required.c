#include "services/agents/required.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

/* Strings that a part matches exactly are told apart up to so many; needles longer than so many bytes find no more. */
enum {
    EXACT_MAX = 32,
    DEPTH_MAX = 64,
    LENGTH_MAX = 8,
    CLASS_MAX = 8,
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3
};

/* A part of the pattern. is_exact: it matches these strings and no others ("" is one that may be). Otherwise: what it
 * matches has one of them in it; none: nothing is known. */
typedef struct Part {
    bool is_exact;
    StrSet set;
} Part;

typedef struct Parser {
    Arena *arena;
    Str rest;
    int depth;
    bool failed; /* something that isn't known: nothing is said of the pattern */
} Parser;

static const Part ANYTHING = {false, {NULL, 0}};

static bool take(Parser *p, Str text)
{
    if (!str_starts(p->rest, text))
        return false;
    p->rest = str_slice(p->rest, text.len, p->rest.len);
    return true;
}

/* Some way on; 0 behind the end. */
static char peek(const Parser *p, size_t at)
{
    return at < p->rest.len ? p->rest.data[at] : '\0';
}

static bool has_digit(const Parser *p, size_t at)
{
    return isdigit((unsigned char)peek(p, at)) != 0;
}

static Part give_up(Parser *p)
{
    p->failed = true;
    p->rest = (Str){NULL, 0};
    return ANYTHING;
}

/* --- sets --- */

static Part exactly(Arena *arena, Str text)
{
    Str *item = arena_new(arena, Str);

    *item = text;
    return (Part){true, {item, 1}};
}

static StrSet joined(Arena *arena, StrSet a, StrSet b)
{
    Str *items = arena_array(arena, Str, a.count + b.count + 1);

    if (a.count > 0)
        memcpy(items, a.items, a.count * sizeof *items);
    if (b.count > 0)
        memcpy(items + a.count, b.items, b.count * sizeof *items);
    return (StrSet){items, a.count + b.count};
}

static StrSet product(Arena *arena, StrSet a, StrSet b)
{
    Str *items = arena_array(arena, Str, a.count * b.count + 1);

    for (size_t i = 0; i < a.count; i++)
        for (size_t k = 0; k < b.count; k++) {
            char *text = arena_alloc(arena, a.items[i].len + b.items[k].len + 1);
            memcpy(text, a.items[i].data, a.items[i].len);
            memcpy(text + a.items[i].len, b.items[k].data, b.items[k].len);
            items[i * b.count + k] = (Str){text, a.items[i].len + b.items[k].len};
        }
    return (StrSet){items, a.count * b.count};
}

static size_t shortest(StrSet set)
{
    size_t len = set.count == 0 ? 0 : SIZE_MAX;

    for (size_t i = 0; i < set.count; i++)
        len = set.items[i].len < len ? set.items[i].len : len;
    return len;
}

/* The one that fewer texts have. */
static StrSet better(StrSet a, StrSet b)
{
    size_t short_a = shortest(a), short_b = shortest(b);

    short_a = short_a < LENGTH_MAX ? short_a : LENGTH_MAX;
    short_b = short_b < LENGTH_MAX ? short_b : LENGTH_MAX;
    if (short_a != short_b)
        return short_a > short_b ? a : b;
    return a.count <= b.count ? a : b;
}

/* What is required, whether it was exact or not. */
static StrSet required(Part part)
{
    return shortest(part.set) < NEEDLE_MIN ? (StrSet){NULL, 0} : part.set;
}

/* --- one after another, one or another --- */

typedef struct Chain {
    Arena *arena;
    bool is_exact;
    StrSet run; /* exact, up to here */
    StrSet best;
} Chain;

static void end_run(Chain *chain)
{
    chain->best = better(chain->best, required((Part){true, chain->run}));
    chain->run = exactly(chain->arena, STR("")).set;
    chain->is_exact = false;
}

static void chain_add(Chain *chain, Part part)
{
    if (part.is_exact && chain->run.count * part.set.count <= EXACT_MAX) {
        chain->run = product(chain->arena, chain->run, part.set);
        return;
    }
    end_run(chain);
    if (part.is_exact)
        chain->run = part.set;
    else
        chain->best = better(chain->best, part.set);
}

static Part either(Arena *arena, Part a, Part b)
{
    StrSet left = required(a), right = required(b);

    if (a.is_exact && b.is_exact && a.set.count + b.set.count <= EXACT_MAX)
        return (Part){true, joined(arena, a.set, b.set)};
    if (left.count == 0 || right.count == 0 || left.count + right.count > REQUIRED_MAX)
        return ANYTHING;
    return (Part){false, joined(arena, left, right)};
}

/* --- reading a pattern --- */

static Part read_alternatives(Parser *p);

/* A character stands for itself when it has no other case but ASCII's. */
static Part literal(Parser *p)
{
    size_t at = 0;
    uint32_t c = 0;

    (void)utf8_next(p->rest, &at, &c);
    char *text = str_c(p->arena, str_slice(p->rest, 0, at));
    p->rest = str_slice(p->rest, at, p->rest.len);
    if (c >= 0x80 && (c < HANGUL_FIRST || c > HANGUL_LAST))
        return ANYTHING;
    text[0] = c < 0x80 ? (char)tolower((int)c) : text[0];
    return exactly(p->arena, (Str){text, at});
}

static Part escape(Parser *p)
{
    static const char ANY_ONE[] = "SdDwWhHvVRN", NOWHERE[] = "bBAzZG";
    char c = peek(p, 1);

    p->rest = str_slice(p->rest, 1, p->rest.len);
    if (c != '\0' && ispunct((unsigned char)c))
        return literal(p);
    p->rest = str_slice(p->rest, 1, p->rest.len);
    if (c == 's') /* one or more of them are one space */
        return exactly(p->arena, STR(" "));
    if (c != '\0' && strchr(ANY_ONE, c) != NULL)
        return ANYTHING;
    return c != '\0' && strchr(NOWHERE, c) != NULL ? exactly(p->arena, STR("")) : give_up(p);
}

/* A class of a few characters is these; any other may be anything. */
static Part class(Parser *p)
{
    Part all = {true, {NULL, 0}};
    bool is_plain = true;

    p->rest = str_slice(p->rest, 1, p->rest.len);
    if (take(p, STR("^")))
        is_plain = false;
    if (str_starts(p->rest, STR("]")))
        return give_up(p);
    while (p->rest.len > 0 && !take(p, STR("]"))) {
        if (str_starts(p->rest, STR("[")))
            return give_up(p);
        is_plain = is_plain && peek(p, 0) != '\\' && peek(p, 0) != '-';
        Part one = peek(p, 0) == '\\' ? escape(p) : literal(p);
        is_plain = is_plain && one.is_exact && all.set.count < CLASS_MAX;
        if (is_plain)
            all.set = joined(p->arena, all.set, one.set);
    }
    return is_plain ? all : ANYTHING;
}

/* Behind "(?": what is looked at and not taken requires nothing here. */
static Part group(Parser *p)
{
    static const char *const LOOKS[] = {"(?=", "(?!", "(?<=", "(?<!"};
    bool is_look = false;
    Part inner;

    for (size_t i = 0; i < sizeof LOOKS / sizeof *LOOKS && !is_look; i++)
        is_look = take(p, str_from(LOOKS[i]));
    if (!is_look && !take(p, STR("(?:")) && !take(p, STR("(?>"))) {
        size_t name = str_starts(p->rest, STR("(?<")) ? str_find(p->rest, STR(">"), 0) : SIZE_MAX;
        if (name == SIZE_MAX && (str_starts(p->rest, STR("(?")) || str_starts(p->rest, STR("(*"))))
            return give_up(p);
        p->rest = str_slice(p->rest, name == SIZE_MAX ? 1 : name + 1, p->rest.len);
    }
    if (++p->depth > DEPTH_MAX)
        return give_up(p);
    inner = read_alternatives(p);
    p->depth--;
    if (!take(p, STR(")")))
        return give_up(p);
    return is_look ? exactly(p->arena, STR("")) : inner;
}

static Part atom(Parser *p)
{
    switch (peek(p, 0)) {
    case '\\':
        return escape(p);
    case '[':
        return class(p);
    case '(':
        return group(p);
    case '.':
        p->rest = str_slice(p->rest, 1, p->rest.len);
        return ANYTHING;
    case '^':
    case '$':
        p->rest = str_slice(p->rest, 1, p->rest.len);
        return exactly(p->arena, STR(""));
    case '{':
    case '*':
    case '+':
    case '?':
        return give_up(p);
    default:
        return literal(p);
    }
}

/* "{0,30}": whether it may be there no time; is given up when it is no such thing. */
static Part repeated(Parser *p, Part part)
{
    size_t end = str_find(p->rest, STR("}"), 0);

    if (end == SIZE_MAX || !has_digit(p, 1))
        return give_up(p);
    for (size_t i = 1; i < end; i++)
        if (!has_digit(p, i) && peek(p, i) != ',')
            return give_up(p);
    bool may_be_missing = peek(p, 1) == '0';
    p->rest = str_slice(p->rest, end + 1, p->rest.len);
    return may_be_missing ? ANYTHING : (Part){false, required(part)};
}

static Part with_quantifier(Parser *p, Part part)
{
    bool is_space = part.is_exact && part.set.count == 1 && str_equal(part.set.items[0], STR(" "));

    if (take(p, STR("?")))
        part = part.is_exact ? either(p->arena, part, exactly(p->arena, STR(""))) : ANYTHING;
    else if (take(p, STR("*")))
        part = is_space ? either(p->arena, part, exactly(p->arena, STR(""))) : ANYTHING;
    else if (take(p, STR("+")))
        part = is_space ? part : (Part){false, required(part)};
    else if (str_starts(p->rest, STR("{")))
        part = repeated(p, part);
    else
        return part;
    if (!take(p, STR("?")))
        (void)take(p, STR("+"));
    return part;
}

static Part read_chain(Parser *p)
{
    Chain chain = {p->arena, true, exactly(p->arena, STR("")).set, {NULL, 0}};

    while (p->rest.len > 0 && peek(p, 0) != '|' && peek(p, 0) != ')')
        chain_add(&chain, with_quantifier(p, atom(p)));
    if (chain.is_exact)
        return (Part){true, chain.run};
    end_run(&chain);
    return (Part){false, chain.best};
}

static Part read_alternatives(Parser *p)
{
    Part all = read_chain(p);

    while (take(p, STR("|")))
        all = either(p->arena, all, read_chain(p));
    return all;
}

/* Where the first alternative ends: at a "|" outside of all brackets, or with the pattern. */
static size_t alternative_end(Str pattern)
{
    size_t depth = 0;
    bool in_class = false;

    for (size_t at = 0; at < pattern.len; at++) {
        char c = pattern.data[at];
        if (c == '\\')
            at++;
        else if (in_class || c == '[')
            in_class = c != ']';
        else if (c == '(' || c == ')')
            depth += c == '(' ? 1 : (size_t)-1;
        else if (c == '|' && depth == 0)
            return at;
    }
    return pattern.len;
}

bool required_next_alternative(Str *pattern, Str *alternative)
{
    size_t end = alternative_end(*pattern);

    if (pattern->data == NULL)
        return false;
    *alternative = str_slice(*pattern, 0, end);
    *pattern = end < pattern->len ? str_slice(*pattern, end + 1, pattern->len) : (Str){NULL, 0};
    return true;
}

StrSet required_of(Arena *arena, Str pattern)
{
    Parser parser = {.arena = arena, .rest = pattern};
    Part all = read_alternatives(&parser);

    return parser.failed || parser.rest.len > 0 ? (StrSet){NULL, 0} : required(all);
}
