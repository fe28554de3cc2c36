#include "services/world/stem_en.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

/* A word being worked on. Regions R1 and R2 are offsets: what lies behind them may be cut off. */
typedef struct Stem {
    char *at;
    size_t len;
    size_t r1;
    size_t r2;
} Stem;

typedef struct Rule {
    Str suffix;
    Str replacement;
} Rule;

/* Longer suffixes stand before the shorter ones they end in. */
static const Rule STEP_2[] = {
    {STR("ization"), STR("ize")}, {STR("ational"), STR("ate")}, {STR("fulness"), STR("ful")},
    {STR("ousness"), STR("ous")}, {STR("iveness"), STR("ive")}, {STR("tional"), STR("tion")},
    {STR("biliti"), STR("ble")},  {STR("lessli"), STR("less")}, {STR("entli"), STR("ent")},
    {STR("ation"), STR("ate")},   {STR("alism"), STR("al")},    {STR("aliti"), STR("al")},
    {STR("ousli"), STR("ous")},   {STR("iviti"), STR("ive")},   {STR("fulli"), STR("ful")},
    {STR("enci"), STR("ence")},   {STR("anci"), STR("ance")},   {STR("abli"), STR("able")},
    {STR("izer"), STR("ize")},    {STR("ator"), STR("ate")},    {STR("alli"), STR("al")},
    {STR("bli"), STR("ble")},     {STR("logi"), STR("log")},
};
static const Rule STEP_3[] = {
    {STR("ational"), STR("ate")}, {STR("tional"), STR("tion")}, {STR("alize"), STR("al")},
    {STR("icate"), STR("ic")},    {STR("iciti"), STR("ic")},    {STR("ical"), STR("ic")},
    {STR("ness"), STR("")},       {STR("ful"), STR("")},
};
static const Rule STEP_4[] = {
    {STR("ement"), STR("")}, {STR("ance"), STR("")}, {STR("ence"), STR("")}, {STR("able"), STR("")},
    {STR("ible"), STR("")},  {STR("ment"), STR("")}, {STR("ant"), STR("")},  {STR("ent"), STR("")},
    {STR("ism"), STR("")},   {STR("ate"), STR("")},  {STR("iti"), STR("")},  {STR("ous"), STR("")},
    {STR("ive"), STR("")},   {STR("ize"), STR("")},  {STR("al"), STR("")},   {STR("er"), STR("")},
    {STR("ic"), STR("")},
};
/* Forms that no rule reaches. */
static const struct {
    Str form;
    Str base;
} IRREGULAR[] = {
    {STR("ate"), STR("eat")},        {STR("bought"), STR("buy")},    {STR("began"), STR("begin")},
    {STR("begun"), STR("begin")},    {STR("brought"), STR("bring")}, {STR("came"), STR("come")},
    {STR("children"), STR("child")}, {STR("chosen"), STR("choose")}, {STR("drank"), STR("drink")},
    {STR("drunk"), STR("drink")},    {STR("eaten"), STR("eat")},     {STR("feet"), STR("foot")},
    {STR("felt"), STR("feel")},      {STR("found"), STR("find")},    {STR("gave"), STR("give")},
    {STR("given"), STR("give")},     {STR("gone"), STR("go")},       {STR("grew"), STR("grow")},
    {STR("grown"), STR("grow")},     {STR("held"), STR("hold")},     {STR("kept"), STR("keep")},
    {STR("knew"), STR("know")},      {STR("known"), STR("know")},    {STR("left"), STR("leave")},
    {STR("made"), STR("make")},      {STR("meant"), STR("mean")},    {STR("men"), STR("man")},
    {STR("said"), STR("say")},       {STR("sold"), STR("sell")},     {STR("sought"), STR("seek")},
    {STR("spoke"), STR("speak")},    {STR("spoken"), STR("speak")},  {STR("taught"), STR("teach")},
    {STR("thought"), STR("think")},  {STR("told"), STR("tell")},     {STR("took"), STR("take")},
    {STR("taken"), STR("take")},     {STR("went"), STR("go")},       {STR("women"), STR("woman")},
    {STR("written"), STR("write")},  {STR("wrote"), STR("write")},
};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* y is a vowel unless it starts the word or follows a vowel. */
static bool is_vowel(const Stem *s, size_t i)
{
    if (s->at[i] == 'y')
        return i > 0 && !is_vowel(s, i - 1);
    return strchr("aeiou", s->at[i]) != NULL;
}

static size_t region_after(const Stem *s, size_t start)
{
    size_t i = start;

    while (i < s->len && !is_vowel(s, i))
        i++;
    while (i < s->len && is_vowel(s, i))
        i++;
    return i < s->len ? i + 1 : s->len;
}

static bool ends(const Stem *s, Str suffix)
{
    return str_ends((Str){s->at, s->len}, suffix);
}

static bool has_vowel_before(const Stem *s, size_t end)
{
    for (size_t i = 0; i < end; i++)
        if (is_vowel(s, i))
            return true;
    return false;
}

/* Does word[0, end) end in a short syllable? */
static bool ends_short(const Stem *s, size_t end)
{
    if (end == 2)
        return is_vowel(s, 0) && !is_vowel(s, 1);
    if (end < 3)
        return false;
    return !is_vowel(s, end - 3) && is_vowel(s, end - 2) && !is_vowel(s, end - 1) &&
           strchr("wxy", s->at[end - 1]) == NULL;
}

static void cut(Stem *s, size_t suffix_len)
{
    s->len -= suffix_len;
}

/* Plurals. */
static void step_1a(Stem *s)
{
    if (ends(s, STR("sses")))
        cut(s, 2);
    else if (ends(s, STR("ied")) || ends(s, STR("ies")))
        cut(s, s->len > 4 ? 2 : 1);
    else if (ends(s, STR("us")) || ends(s, STR("ss")))
        return;
    else if (ends(s, STR("s")) && s->len > 2 && has_vowel_before(s, s->len - 2))
        cut(s, 1);
}

/* What is left after -ed and -ing is made a word again: hop(p), creat(e). */
static void mend(Stem *s)
{
    if (ends(s, STR("at")) || ends(s, STR("bl")) || ends(s, STR("iz"))) {
        s->at[s->len++] = 'e';
        return;
    }
    if (s->len >= 2 && s->at[s->len - 1] == s->at[s->len - 2] &&
        strchr("bdfgmnprt", s->at[s->len - 1]) != NULL)
        cut(s, 1);
    else if (s->r1 >= s->len && ends_short(s, s->len))
        s->at[s->len++] = 'e';
}

/* Past and present participles. */
static void step_1b(Stem *s)
{
    static const Str participles[] = {STR("ingly"), STR("edly"), STR("ing"), STR("ed")};

    if (ends(s, STR("eedly")) || ends(s, STR("eed"))) {
        size_t suffix = ends(s, STR("eed")) ? 3 : 5;

        if (s->len - suffix >= s->r1)
            cut(s, suffix - 2);
        return;
    }
    for (size_t i = 0; i < COUNT(participles); i++) {
        if (!ends(s, participles[i]))
            continue;
        if (has_vowel_before(s, s->len - participles[i].len)) {
            cut(s, participles[i].len);
            mend(s);
        }
        return;
    }
}

static void step_1c(Stem *s)
{
    if (s->len > 2 && s->at[s->len - 1] == 'y' && !is_vowel(s, s->len - 2))
        s->at[s->len - 1] = 'i';
}

static void apply(Stem *s, const Rule *rules, size_t count, size_t region)
{
    for (size_t i = 0; i < count; i++) {
        const Rule *rule = &rules[i];

        if (!ends(s, rule->suffix))
            continue;
        if (s->len - rule->suffix.len >= region) {
            cut(s, rule->suffix.len);
            memcpy(s->at + s->len, rule->replacement.data, rule->replacement.len);
            s->len += rule->replacement.len;
        }
        return;
    }
}

static void step_2_li(Stem *s)
{
    if (ends(s, STR("li")) && s->len - 2 >= s->r1 && s->len > 2 &&
        strchr("cdeghkmnrt", s->at[s->len - 3]) != NULL)
        cut(s, 2);
}

static void step_4_ion(Stem *s)
{
    if (ends(s, STR("ion")) && s->len - 3 >= s->r2 && s->len > 3 && strchr("st", s->at[s->len - 4]) != NULL)
        cut(s, 3);
}

static void step_5(Stem *s)
{
    size_t last = s->len - 1;

    if (s->at[last] == 'e' && (last >= s->r2 || (last >= s->r1 && !ends_short(s, last))))
        cut(s, 1);
    else if (s->at[last] == 'l' && last >= s->r2 && last > 0 && s->at[last - 1] == 'l')
        cut(s, 1);
}

/* A base is never longer than its form. */
static size_t regular(char *word, size_t len)
{
    for (size_t i = 0; i < COUNT(IRREGULAR); i++)
        if (str_equal((Str){word, len}, IRREGULAR[i].form) && IRREGULAR[i].base.len <= len) {
            memcpy(word, IRREGULAR[i].base.data, IRREGULAR[i].base.len);
            return IRREGULAR[i].base.len;
        }
    return len;
}

size_t stem_english(char *word, size_t len)
{
    Stem s = {.at = word};

    if (len < 3)
        return len;
    for (size_t i = 0; i < len; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return len;
    s.len = regular(word, len);
    s.r1 = region_after(&s, 0);
    s.r2 = region_after(&s, s.r1);
    step_1a(&s);
    step_1b(&s);
    step_1c(&s);
    step_2_li(&s);
    apply(&s, STEP_2, COUNT(STEP_2), s.r1);
    apply(&s, STEP_3, COUNT(STEP_3), s.r1);
    step_4_ion(&s);
    apply(&s, STEP_4, COUNT(STEP_4), s.r2);
    step_5(&s);
    return s.len;
}
