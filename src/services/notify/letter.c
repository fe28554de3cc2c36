#include "services/notify/letter.h"

#include "base/memory.h"
#include "base/template.h"
#include "base/yaml.h"

struct Letter {
    json_t *words; /* by language: WORDS */
    Str page;
};

static const char *const WORDS[] = {"open", "footer", "refuse", "withdraw", "advertiser", "several"};

static Err read_all(Letter *letter, AssetTable content)
{
    const Asset *words = asset_find(content, STR("letter.yaml")),
                *page = asset_find(content, STR("letter.html"));

    if (words == NULL || page == NULL)
        return err(INVALID, "content/notify has no letter.yaml and letter.html");
    letter->page = page->bytes;
    TRY(yaml_read(words->bytes, &letter->words));
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        const json_t *of = json_object_get(letter->words, LANGUAGE_TEXT[i].data);
        for (size_t j = 0; j < sizeof WORDS / sizeof *WORDS; j++)
            if (json_str_at(of, WORDS[j]).data == NULL)
                return err(INVALID, "letter.yaml has no %s in %s", WORDS[j], LANGUAGE_TEXT[i].data);
    }
    return OK;
}

Err letter_create(AssetTable content, Letter **out)
{
    Letter *letter = memory_new(Letter);
    Err e = read_all(letter, content);

    *out = failed(&e) ? NULL : letter;
    if (failed(&e))
        letter_destroy(letter);
    return e;
}

void letter_destroy(Letter *letter)
{
    if (letter == NULL)
        return;
    json_decref(letter->words);
    memory_free(letter);
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* For text and for quoted attributes. */
static void put_escaped(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *entity = entity_of(text.data[i]);
        if (entity != NULL)
            buf_put(out, str_from(entity));
        else
            buf_put_char(out, text.data[i]);
    }
}

static Str escaped(Arena *arena, Str text)
{
    Buf out = {.arena = arena};

    put_escaped(&out, text);
    return buf_str(&out);
}

/* A paragraph a block of lines. */
static Str paragraphs(Arena *arena, Str text)
{
    Buf out = {.arena = arena};
    bool is_open = false;
    Str line;

    while (str_split(&text, '\n', &line)) {
        if (line.len == 0) {
            buf_put(&out, is_open ? STR("</p>\n") : STR(""));
            is_open = false;
            continue;
        }
        buf_put(&out, is_open ? STR("<br>\n") : STR("<p>"));
        put_escaped(&out, line);
        is_open = true;
    }
    buf_put(&out, is_open ? STR("</p>") : STR(""));
    return buf_str(&out);
}

static Str button(Arena *arena, Str link, Str words)
{
    Buf out = {.arena = arena};

    if (link.data == NULL)
        return STR("");
    buf_put(&out, STR("<p><a style=\"display:inline-block;padding:10px "
                      "20px;border-radius:6px;background:#7a3b1d;color:#fff;text-decoration:none\" href=\""));
    put_escaped(&out, link);
    buf_put(&out, STR("\">"));
    put_escaped(&out, words);
    buf_put(&out, STR("</a></p>"));
    return buf_str(&out);
}

/* ---- below */

static Str words_of(const Letter *letter, Language language, const char *name)
{
    return str_trim(json_str_at(json_object_get(letter->words, LANGUAGE_TEXT[language].data), name));
}

static Str who_advertises(const Letter *letter, Arena *arena, Language language, const Advertiser *who)
{
    const Slot slots[] = {
        {"name", who->name}, {"address", who->address}, {"phone", who->phone}, {"email", who->email}};

    return template_fill(arena, words_of(letter, language, "advertiser"), slots,
                         sizeof slots / sizeof *slots);
}

/* Advertising says it in both languages, the reader's first (정보통신망법 시행령 별표 6); other letters in the reader's. */
typedef struct Below {
    Buf text;
    Buf page;
} Below;

static void put_below(const Letter *letter, Arena *arena, Language language, const LetterEnd *end, Below *out)
{
    Str refuse = words_of(letter, language, end->is_of_consent ? "withdraw" : "refuse");

    if (end->advertiser != NULL) {
        Str who = who_advertises(letter, arena, language, end->advertiser), page = paragraphs(arena, who);
        buf_format(&out->text, "%.*s\n", STR_ARG(who));
        buf_put(&out->page, page);
    }
    if (end->unsubscribe.data == NULL)
        return;
    buf_format(&out->text, "%.*s: %.*s\n", STR_ARG(refuse), STR_ARG(end->unsubscribe));
    buf_put(&out->page, STR("<p><a style=\"color:#6b6258\" href=\""));
    put_escaped(&out->page, end->unsubscribe);
    buf_put(&out->page, STR("\">"));
    put_escaped(&out->page, refuse);
    buf_put(&out->page, STR("</a></p>"));
}

static Below write_below(const Letter *letter, Arena *arena, Language language, const LetterEnd *end)
{
    Str footer = words_of(letter, language, "footer");
    Below below = {{.arena = arena}, {.arena = arena}};

    buf_format(&below.text, "%.*s\n", STR_ARG(footer));
    buf_put(&below.page, paragraphs(arena, footer));
    put_below(letter, arena, language, end, &below);
    if (end->advertiser != NULL)
        put_below(letter, arena, language == LANGUAGE_KO ? LANGUAGE_EN : LANGUAGE_KO, end, &below);
    return below;
}

Str letter_title_of_several(const Letter *letter, Arena *arena, Language language, Str title, size_t more)
{
    const Slot slots[] = {{"title", title}, {"more", str_format(arena, "%zu", more)}};

    return template_fill(arena, words_of(letter, language, "several"), slots, sizeof slots / sizeof *slots);
}

void letter_write(const Letter *letter, Arena *arena, const Wording *wording, Language language,
                  const LetterEnd *end, Mail *mail)
{
    const json_t *words = json_object_get(letter->words, LANGUAGE_TEXT[language].data);
    Below below = write_below(letter, arena, language, end);
    Str footer = buf_str(&below.text), link = wording->link;
    const Slot slots[] = {
        {"language", LANGUAGE_TEXT[language]},      {"title", escaped(arena, wording->title)},
        {"text", paragraphs(arena, wording->text)}, {"open", button(arena, link, json_str_at(words, "open"))},
        {"footer", buf_str(&below.page)},
    };

    mail->text = str_format(arena, "%.*s\n\n%.*s%s-- \n%.*s", STR_ARG(wording->text), STR_ARG(link),
                            link.data != NULL ? "\n\n" : "", STR_ARG(footer));
    mail->html = template_fill(arena, letter->page, slots, sizeof slots / sizeof *slots);
}
