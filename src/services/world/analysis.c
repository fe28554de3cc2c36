#include "services/world/analysis.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "services/world/fold.h"
#include "services/world/korean.h"
#include "services/world/stem_en.h"

/* Words of questions that name nothing; sorted. They are indexed, but not asked for. */
static const char *const COMMON[] = {
    "a",        "about",    "am",      "an",      "and",          "any",      "are",      "as",
    "at",       "be",       "been",    "by",      "called",       "can",      "could",    "did",
    "do",       "does",     "exactly", "explain", "for",          "from",     "give",     "had",
    "has",      "have",     "he",      "her",     "his",          "how",      "i",        "if",
    "in",       "into",     "is",      "it",      "its",          "kind",     "know",     "like",
    "ll",       "made",     "make",    "me",      "mean",         "more",     "most",     "much",
    "my",       "not",      "now",     "of",      "often",        "on",       "one",      "or",
    "other",    "our",      "out",     "please",  "re",           "really",   "s",        "she",
    "should",   "show",     "so",      "some",    "such",         "t",        "tell",     "than",
    "that",     "the",      "their",   "them",    "then",         "there",    "these",    "they",
    "this",     "those",    "to",      "today",   "up",           "us",       "use",      "used",
    "usually",  "ve",       "very",    "want",    "was",          "we",       "were",     "what",
    "when",     "where",    "which",   "who",     "why",          "will",     "with",     "work",
    "would",    "you",      "your",    "가장",    "같은",         "같이",     "거",       "건",
    "것",       "그",       "그런",    "그럼",    "나",           "누가",     "누구",     "누구야",
    "다른",     "대하",     "대한",    "대해",    "대해서",       "더",       "데",       "때",
    "때문",     "만드나요", "만드는",  "만든",    "만들",         "만들어",   "만들어요", "만들어지나요",
    "만들어진", "만들었",   "말해줘",  "몇",      "못",           "무슨",     "무엇",     "무엇인가요",
    "뭐",       "뭐가",     "뭐라고",  "뭐야",    "뭔가요",       "보여줘",   "보통",     "소개해",
    "소개해줘", "수",       "쓰는",    "쓰이는",  "안",           "알고",     "알려",     "알려주세요",
    "알려줄래", "알려줘",   "어느",    "어디",    "어디서",       "어떤",     "어떻",     "어떻게",
    "언제",     "언제부터", "얼마",    "없나요",  "여기",         "오늘",     "왜",       "요즘",
    "우리",     "이",       "이런",    "있",      "있나",         "있나요",   "있는",     "있는지",
    "있니",     "있어",     "있어요",  "있을까",  "있을까요",     "잘",       "저",       "저런",
    "정도",     "제일",     "좀",      "좋은",    "좋을까",       "좋을까요", "주",       "주세요",
    "줘",       "지금",     "추천",    "추천해",  "추천해주세요", "추천해줘", "하",       "하나요",
    "하는",     "한",       "할",      "해",      "혹시",
};

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_common(Arena *arena, Str word)
{
    const char *key = str_c(arena, word);

    return bsearch(&key, COMMON, sizeof(COMMON) / sizeof(COMMON[0]), sizeof(COMMON[0]), compare_words) !=
           NULL;
}

/* Each two neighbouring characters; a word of one or two is its own pair. */
static void cut_into_pairs(Arena *arena, const Folded *f, size_t count, Word *word)
{
    Str *pairs = arena_array(arena, Str, count + 1);
    size_t n = 0;

    for (size_t i = 0; i == 0 || i + 1 < count; i++)
        pairs[n++] = folded_text(arena, f + i, count < 2 ? 1 : 2);
    word->pairs = pairs;
    word->pair_count = n;
}

/* What may be a verb is also what its forms have in common, which counts as a pair does: 끓이 of 끓여 and 끓인. */
static void add_root(Arena *arena, const Folded *f, size_t whole, size_t count, Word *word)
{
    Folded *root = arena_alloc(arena, whole * sizeof(*root));
    size_t len = korean_verb_root(f, whole, count, root);
    Str text = len > 0 ? folded_text(arena, root, len) : (Str){0};

    if (len == 0)
        return;
    word->root = text;
    if (!str_equal(text, word->term))
        ((Str *)(uintptr_t)word->pairs)[word->pair_count++] = text;
}

static bool is_numeric(const Folded *f)
{
    return is_digit(f) || f->code == '.';
}

/* NERD12: nerd and 12. */
static void cut_at_digits(Arena *arena, const Folded *f, size_t count, Word *word)
{
    Str *pieces = arena_array(arena, Str, count);
    size_t n = 0;

    for (size_t start = 0, i = 1; i <= count; i++) {
        if (i < count && is_numeric(&f[i]) == is_numeric(&f[i - 1]))
            continue;
        pieces[n++] = folded_text(arena, f + start, i - start);
        start = i;
    }
    if (n < 2)
        return;
    word->pieces = pieces;
    word->piece_count = n;
}

static Str stemmed(Arena *arena, Str word)
{
    Str copy = str_copy(arena, word);

    return (Str){copy.data, stem_english((char *)(uintptr_t)copy.data, copy.len)};
}

Str uncompared(Arena *arena, Str plain)
{
    size_t suffix = str_ends(plain, STR("est")) ? 3 : str_ends(plain, STR("er")) ? 2 : 0;

    if (suffix == 0 || plain.len < suffix + 3)
        return (Str){0};
    return stemmed(arena, str_slice(plain, 0, plain.len - suffix));
}

static Word make_word(Arena *arena, Str text, const Folded *f, size_t count, bool is_clause)
{
    Word word = {.surface = str_slice(text, f[0].start, f[count - 1].end)};

    if (f[0].script == SCRIPT_HANGUL) {
        bool common = is_common(arena, folded_text(arena, f, count));
        size_t whole = count;

        count = korean_stem(f, count);
        word.is_hangul = true;
        word.is_predicate = is_clause || korean_is_predicate(f, whole);
        word.plain = word.term = folded_text(arena, f, count);
        word.is_common = common || is_common(arena, word.term);
        cut_into_pairs(arena, f, count, &word);
        add_root(arena, f, whole, count, &word);
    } else if (f[0].script == SCRIPT_HAN) {
        word.plain = word.term = folded_text(arena, f, count);
        cut_into_pairs(arena, f, count, &word);
    } else {
        word.plain = folded_text(arena, f, count);
        word.is_common = is_common(arena, word.plain);
        word.term = stemmed(arena, word.plain);
        cut_at_digits(arena, f, count, &word);
    }
    return word;
}

/* 6.5 is one word. */
static bool joins_digits(const Folded *f, size_t i, size_t count)
{
    return f[i].code == '.' && i > 0 && i + 1 < count && is_digit(&f[i - 1]) && is_digit(&f[i + 1]);
}

static size_t end_of_word(const Folded *f, size_t start, size_t count)
{
    size_t i = start + 1;

    while (i < count && (f[i].script == f[start].script || joins_digits(f, i, count)))
        i++;
    return i;
}

/* What follows a word directly and is grammar only: 를 in NERD12를, 's in Maeju's. */
static bool is_attached_particle(const Folded *f, size_t start, size_t end)
{
    if (start == 0)
        return false;
    if (f[start].script == SCRIPT_HANGUL)
        return f[start - 1].script != SCRIPT_NONE && korean_is_particle(f + start, end - start);
    return f[start - 1].code == '\'' && start > 1 && f[start - 2].script == SCRIPT_LATIN &&
           end == start + 1 && f[start].code == 's';
}

/* Does a clause end here that says of which time, thing or way the next word speaks? 띄울 때, 빚은 것 */
static bool ends_clause(const Folded *f, size_t end, size_t count)
{
    size_t next = end;
    size_t next_end;

    while (next < count && f[next].script == SCRIPT_NONE)
        next++;
    if (next == end || next == count)
        return false;
    next_end = end_of_word(f, next, count);
    return korean_is_adnominal(&f[end - 1]) && korean_is_bound_noun(f + next, next_end - next);
}

static Str first_character(Str s)
{
    size_t end = 0;
    uint32_t code;

    utf8_next(s, &end, &code);
    return str_slice(s, 0, end);
}

static Str last_character(Str s)
{
    size_t start = s.len - 1;

    while (start > 0 && ((unsigned char)s.data[start] & 0xC0) == 0x80)
        start--;
    return str_slice(s, start, s.len);
}

static void join(Arena *arena, const Word *before, Word *word)
{
    if (before->is_hangul && word->is_hangul)
        word->joint = str_format(arena, "%.*s%.*s", STR_ARG(last_character(before->term)),
                                 STR_ARG(first_character(word->term)));
}

Words analyse(Arena *arena, Str text)
{
    size_t count;
    Folded *f = fold_text(arena, text, &count);
    Word *words = arena_alloc(arena, (count + 1) * sizeof(*words));
    size_t n = 0;

    for (size_t i = 0; i < count;) {
        size_t end;

        if (f[i].script == SCRIPT_NONE) {
            i++;
            continue;
        }
        end = end_of_word(f, i, count);
        if (!is_attached_particle(f, i, end)) {
            words[n] = make_word(arena, text, f + i, end - i, ends_clause(f, end, count));
            if (n > 0)
                join(arena, &words[n - 1], &words[n]);
            n++;
        }
        i = end;
    }
    return (Words){words, n};
}

bool is_korean(Str text)
{
    AUTO_ARENA Arena scratch = {0};
    size_t count;
    Folded *f;

    arena_init(&scratch);
    f = fold_text(&scratch, text, &count);
    for (size_t i = 0; i < count; i++)
        if (f[i].script == SCRIPT_HANGUL)
            return true;
    return false;
}
