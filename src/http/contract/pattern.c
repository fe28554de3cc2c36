#define PCRE2_CODE_UNIT_WIDTH 8

#include "http/contract/pattern.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* Only read once made, so that all threads may share it. */
typedef struct Compiled {
    pcre2_code *code;
    pcre2_match_context *context;
} Compiled;

static void compiled_destroy(Compiled *compiled)
{
    pcre2_match_context_free(compiled->context);
    pcre2_code_free(compiled->code);
    memory_free(compiled);
}

/* A pattern that doesn't compile is a fault of the generator, which has checked it: the program ends. */
static Compiled *compile(const char *text)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_NO_AUTO_CAPTURE;
    PCRE2_SIZE offset;
    int error;
    Compiled *compiled = memory_new(Compiled);

    compiled->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);
    compiled->context = pcre2_match_context_create(NULL);
    if (compiled->code == NULL || compiled->context == NULL) {
        (void)fprintf(stderr, "the contract's pattern %s does not compile (error %d at %zu)\n", text, error,
                      (size_t)offset);
        abort();
    }
    (void)pcre2_set_match_limit(compiled->context, PATTERN_MATCH_LIMIT);
    (void)pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE); /* without it: slower, no less right */
    return compiled;
}

static Compiled *pattern_compiled(Pattern *pattern)
{
    void *compiled = __atomic_load_n(&pattern->compiled, __ATOMIC_ACQUIRE);
    void *none = NULL;

    if (compiled != NULL)
        return compiled;
    compiled = compile(pattern->text);
    if (__atomic_compare_exchange_n(&pattern->compiled, &none, compiled, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return compiled;
    compiled_destroy(compiled); /* another thread was first */
    return none;
}

static void match_finish(pcre2_match_data **match)
{
    pcre2_match_data_free(*match);
}

PatternMatch pattern_match(Pattern *pattern, Str text)
{
    __attribute__((cleanup(match_finish))) pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    const Compiled *compiled = pattern_compiled(pattern);

    if (match == NULL)
        abort();
    int found = pcre2_match(compiled->code, (PCRE2_SPTR)text.data, text.len, 0, PCRE2_NO_UTF_CHECK, match,
                            compiled->context);
    if (found >= 0)
        return PATTERN_MATCHES;
    return found == PCRE2_ERROR_NOMATCH ? PATTERN_DIFFERS : PATTERN_TOO_COSTLY;
}
