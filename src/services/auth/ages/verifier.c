#include "services/auth/ages/verifier.h"

static Err verify_year(Str evidence, int64_t *birth_year)
{
    return str_to_int(evidence, birth_year) ? OK : err(FORBIDDEN, "evidence: give the year of birth");
}

static Err verify_test(Str evidence, int64_t *birth_year)
{
    static const Str BORN = STR("born:");

    return str_starts(evidence, BORN) && str_to_int(str_slice(evidence, BORN.len, evidence.len), birth_year)
               ? OK
               : err(FORBIDDEN, "evidence: the test wants born:YEAR");
}

static const AgeVerifier VERIFIERS[] = {
    {{.data = "manual", .len = 6}, false, AGE_VERIFIED_DAYS, verify_year},
    {{.data = "test", .len = 4}, true, AGE_VERIFIED_DAYS, verify_test},
};

static const AgeVerifier *find(Str name)
{
    for (size_t i = 0; i < sizeof VERIFIERS / sizeof *VERIFIERS; i++)
        if (str_equal(VERIFIERS[i].name, name))
            return &VERIFIERS[i];
    return NULL;
}

const AgeVerifier *age_verifier_find(Str enabled, Str name)
{
    Str one;

    while (str_split(&enabled, ',', &one))
        if (str_equal(str_trim(one), name))
            return find(name);
    return NULL;
}

Err age_verifiers_check(Str enabled)
{
    Str one;

    while (str_split(&enabled, ',', &one))
        if (find(str_trim(one)) == NULL)
            return err(INVALID, "\"%.*s\" verifies no age: manual or test would", STR_ARG(str_trim(one)));
    return OK;
}
