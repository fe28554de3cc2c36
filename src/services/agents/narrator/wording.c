#include <ctype.h>

#include "services/agents/narrator/parts.h"

/* A sentence that begins with a name in small letters gets its capital. */
static Str capitalised(const Telling *telling, Str text)
{
    if (text.len == 0 || !islower((unsigned char)text.data[0]))
        return text;
    char *copy = str_c(telling->arena, text);
    copy[0] = (char)toupper((unsigned char)copy[0]);
    return (Str){copy, text.len};
}

static Str fill(const Telling *telling, Str template, const Slot *slots, size_t count)
{
    return capitalised(telling, template_fill(telling->arena, template, slots, count));
}

/* Whether this session has heard the text, or one of its sentences. */
static bool was_heard(const Telling *telling, const Narration *out, Str text)
{
    Str rest = text, sentence;

    while (text_next_sentence(&rest, voice_abbreviations(telling->voice, telling->tongue), &sentence))
        if (was_said(telling, out, sentence))
            return true;
    return false;
}

Str wording_new(const Telling *telling, const Narration *out, const char *group, Str key, const Slot *slots,
                size_t count)
{
    Texts all = voice_phrases(telling->voice, telling->arena, telling->tongue, group, key);

    for (size_t i = 0; i < all.count; i++) {
        Str text = fill(telling, all.items[(telling->turn + i) % all.count], slots, count);
        if (!was_heard(telling, out, text))
            return text;
    }
    return (Str){NULL, 0};
}

Str wording(const Telling *telling, const Narration *out, const char *group, Str key, const Slot *slots,
            size_t count)
{
    Str text = wording_new(telling, out, group, key, slots, count);
    Texts all = voice_phrases(telling->voice, telling->arena, telling->tongue, group, key);

    if (text.data != NULL || all.count == 0)
        return text;
    return fill(telling, all.items[telling->turn % all.count], slots, count);
}

Str name_lowered(const Telling *telling, Str text)
{
    char *copy = str_c(telling->arena, text);

    copy[0] = (char)tolower((unsigned char)copy[0]);
    return (Str){copy, text.len};
}

static void lower(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
}

/* "Icheon Rice" -> "Icheon rice": only words that content knows to be common. */
static Str small_letters(const Telling *telling, Str name)
{
    Texts common = voice_common_words(telling->voice, telling->tongue);
    char *copy = str_c(telling->arena, name);

    for (size_t start = 0; start < name.len;) {
        size_t space = str_find(name, STR(" "), start);
        size_t end = space == SIZE_MAX ? name.len : space;
        if (texts_have(common, str_slice(name, start, end)))
            lower(copy + start, end - start);
        start = end + 1;
    }
    return (Str){copy, name.len};
}

/* Without what explains it: behind a comma, or in brackets at its end unless content wants that kept ("(sample)"). */
static Str without_gloss(const Telling *telling, Str name)
{
    name = str_slice(name, 0, str_find(name, STR(", "), 0));

    size_t open = str_find(name, STR("("), 1);
    Str gloss = str_slice(name, open, name.len);

    if (open == SIZE_MAX || !str_ends(name, STR(")")) ||
        texts_have(voice_marks(telling->voice, telling->tongue), gloss))
        return name;
    return str_trim(str_slice(name, 0, open));
}

Str name_spoken(const Telling *telling, Str label, Str name)
{
    Str template = voice_template(telling->voice, telling->tongue, "quoted", label);
    const Slot slot = {"name", name};

    if (template.data != NULL)
        return template_fill(telling->arena, template, &slot, 1);
    return small_letters(telling, without_gloss(telling, name));
}

static bool has_latin(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (isalpha((unsigned char)text.data[i]) && (unsigned char)text.data[i] < 0x80)
            return true;
    return false;
}

Str name_introduced(const Telling *telling, const Narration *out, Str label, Str name, Str korean)
{
    Str template = voice_template(telling->voice, telling->tongue, "introduced", (Str){NULL, 0});
    Str spoken = name_spoken(telling, label, name);
    Str word = without_gloss(telling, korean);
    const Slot slots[] = {{"korean", word}, {"name", spoken}};

    if (template.data == NULL ||
        voice_template(telling->voice, telling->tongue, "quoted", label).data != NULL || word.len == 0 ||
        has_latin(word) || was_said(telling, out, word))
        return spoken;
    return template_fill(telling->arena, template, slots, sizeof slots / sizeof *slots);
}

void say_phrase(const Telling *telling, const char *group, Str key, const Fact *about, bool opens_paragraph,
                Narration *out)
{
    const Slot slot = {"name", name_introduced(telling, out, about->label, about->name, about->korean)};

    narration_add(out, wording(telling, out, group, key, &slot, 1), (Str){NULL, 0}, opens_paragraph);
}
