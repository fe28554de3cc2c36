#include "services/auth/mail/letters.h"

#include "base/memory.h"
#include "base/template.h"
#include "base/yaml.h"

enum { LANGUAGES = 2 };

static const char *const KINDS[LETTER_KINDS] = {"verify", "known",   "reset",    "stranger",   "email",
                                                "moved",  "changed", "lost-app", "app-removed"};

typedef struct Words {
    Str subject;
    Str text;
} Words;

struct Letters {
    json_t *document;
    const char *site;
    LetterPost post;
    Words words[LETTER_KINDS][LANGUAGES];
};

static Err read_words(const Letters *letters, const char *kind, const char *language, Words *out)
{
    const json_t *words = json_object_get(json_object_get(letters->document, kind), language);

    *out = (Words){json_str_at(words, "subject"), json_str_at(words, "text")};
    return out->subject.data != NULL && out->text.data != NULL
               ? OK
               : err(INVALID, "letters.yaml: %s has no subject and text in %s", kind, language);
}

static Err read_all(Letters *letters, AssetTable content)
{
    const Asset *asset = asset_find(content, STR("letters.yaml"));

    if (asset == NULL)
        return err(INVALID, "letters.yaml is not there");
    TRY(yaml_read(asset->bytes, &letters->document));
    for (size_t kind = 0; kind < LETTER_KINDS; kind++)
        for (size_t i = 0; i < LANGUAGES; i++)
            TRY(read_words(letters, KINDS[kind], LANGUAGE_TEXT[i].data, &letters->words[kind][i]));
    return OK;
}

Err letters_create(AssetTable content, const char *site, LetterPost post, Letters **out)
{
    Letters *letters = memory_new(Letters);
    Err e;

    letters->site = site;
    letters->post = post;
    e = read_all(letters, content);
    *out = failed(&e) ? NULL : letters;
    if (failed(&e))
        letters_destroy(letters);
    return e;
}

void letters_destroy(Letters *letters)
{
    if (letters == NULL)
        return;
    json_decref(letters->document);
    memory_free(letters);
}

/* In the fragment, which no server and no log sees; the page (web/talk/letter.js) knows what to do. */
static Str link_to(const Letters *letters, Arena *arena, const char *what, Str token)
{
    return str_format(arena, "%s/#%s=%.*s", letters->site, what, STR_ARG(token));
}

Err letters_send(const Letters *letters, Arena *arena, LetterKind kind, Language language, Str to, Str token,
                 int hours)
{
    const Words *words = &letters->words[kind][language];
    Str link = token.data == NULL ? STR("") : link_to(letters, arena, KINDS[kind], token);
    const Slot slots[] = {
        {"link", link},
        {"cancel", token.data == NULL ? STR("") : link_to(letters, arena, "keep-app", token)},
        {"token", token},
        {"hours", str_format(arena, "%d", hours)}};
    Mail mail = {
        .to = to,
        .subject = words->subject,
        .text = template_fill(arena, words->text, slots, sizeof slots / sizeof *slots),
    };

    return letters->post.send(letters->post.context, arena, &mail);
}
