#define PCRE2_CODE_UNIT_WIDTH 8

#include "http/contract/pattern.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

/* A pattern that doesn't compile is a fault of the generator, which has checked it: the program ends. */
static pcre2_code *compile(const char *text)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_NO_AUTO_CAPTURE;
    PCRE2_SIZE offset;
    int error;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &offset, NULL);

    if (code == NULL) {
        (void)fprintf(stderr, "the contract's pattern %s does not compile (error %d at %zu)\n", text, error,
                      (size_t)offset);
        abort();
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it matching is slower, no less right */
    return code;
}

static pcre2_code *pattern_code(Pattern *pattern)
{
    void *code = __atomic_load_n(&pattern->compiled, __ATOMIC_ACQUIRE);
    void *none = NULL;

    if (code != NULL)
        return code;
    code = compile(pattern->text);
    if (__atomic_compare_exchange_n(&pattern->compiled, &none, code, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return code;
    pcre2_code_free(code); /* another thread was first */
    return none;
}

/* What one match needs. */
typedef struct Matcher {
    pcre2_match_data *data;
    pcre2_match_context *context;
} Matcher;

static void matcher_finish(Matcher *matcher)
{
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
}

PatternMatch pattern_match(Pattern *pattern, Str text)
{
    __attribute__((cleanup(matcher_finish))) Matcher matcher = {
        .data = pcre2_match_data_create(1, NULL),
        .context = pcre2_match_context_create(NULL),
    };

    if (matcher.data == NULL || matcher.context == NULL)
        abort();
    pcre2_set_match_limit(matcher.context, PATTERN_MATCH_LIMIT);
    int found = pcre2_match(pattern_code(pattern), (PCRE2_SPTR)text.data, text.len, 0, PCRE2_NO_UTF_CHECK,
                            matcher.data, matcher.context);
    if (found >= 0)
        return PATTERN_MATCHES;
    return found == PCRE2_ERROR_NOMATCH ? PATTERN_DIFFERS : PATTERN_TOO_COSTLY;
}
