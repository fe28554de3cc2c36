#include "services/notify/templates.h"

#include "base/memory.h"
#include "base/template.h"
#include "base/yaml.h"
#include "services/notify/rules.h"

/* 정보통신망법 제50조 제4항, 시행령 제61조와 별표 6: at the beginning of the title, in these letters, whatever the language. */
#define ADVERTISING "(광고) "

enum { MOST_SLOTS = 20, MINUTES_A_DAY = 24 * 60 };

struct Templates {
    json_t *document;
    const char *site;
};

/* ---- reading */

static bool has_slot(const json_t *template, Str name)
{
    size_t i;
    json_t *slot;

    json_array_foreach(json_object_get(template, "slots"), i,
                       slot) if (str_equal(json_str(slot), name)) return true;
    return false;
}

/* The name in the next gap of a text; absent: there is none. */
static Str next_gap(Str text, size_t *at)
{
    size_t open = str_find(text, STR("{"), *at);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(text, STR("}"), open);

    if (close == SIZE_MAX)
        return (Str){0};
    *at = close + 1;
    Str gap = str_slice(text, open + 1, close);
    return str_slice(gap, 0, str_find(gap, STR(":"), 0));
}

static bool uses(Str text, Str slot)
{
    size_t at = 0;

    for (Str gap; (gap = next_gap(text, &at)).data != NULL;)
        if (str_equal(gap, slot))
            return true;
    return false;
}

static Err check_gaps(const char *name, const json_t *template, Str text)
{
    size_t at = 0;

    for (Str gap; (gap = next_gap(text, &at)).data != NULL;)
        if (!has_slot(template, gap))
            return err(INVALID, "templates.yaml: %s has a gap {%.*s} that is none of its slots", name,
                       STR_ARG(gap));
    return OK;
}

static Err check_words(const char *name, const json_t *template, Str language)
{
    const json_t *words = json_object_get(template, language.data);
    Str title = json_str_or_empty(words, "title"), text = json_str_or_empty(words, "text");
    size_t i;
    json_t *slot;

    if (title.len == 0 || text.len == 0)
        return err(INVALID, "templates.yaml: %s has no title and text in %s", name, language.data);
    TRY(check_gaps(name, template, title));
    TRY(check_gaps(name, template, text));
    json_array_foreach(json_object_get(template, "slots"), i, slot)
    {
        Str used = json_str(slot);
        if (!str_equal(used, STR("link")) && !uses(title, used) && !uses(text, used))
            return err(INVALID, "templates.yaml: %s doesn't use its slot %.*s in %s", name, STR_ARG(used),
                       language.data);
    }
    return OK;
}

static bool read_category(const json_t *template, NoticeCategory *out)
{
    return rules_find(json_str_at(template, "category"), out);
}

static Err check_digest(const char *name, const json_t *template)
{
    const json_t *minutes = json_object_get(template, "digest_minutes");

    return minutes == NULL ||
                   (json_integer_value(minutes) > 0 && json_integer_value(minutes) <= MINUTES_A_DAY)
               ? OK
               : err(INVALID, "templates.yaml: digest_minutes of %s should be from 1 to %d", name,
                     MINUTES_A_DAY);
}

static Err check_all(const json_t *document)
{
    const char *name;
    json_t *template;

    json_object_foreach((json_t *)document, name, template)
    {
        NoticeCategory category;
        if (!read_category(template, &category))
            return err(INVALID, "templates.yaml: %s has none of the contract's categories", name);
        if (json_array_size(json_object_get(template, "slots")) > MOST_SLOTS)
            return err(INVALID, "templates.yaml: %s has more than %d slots", name, MOST_SLOTS);
        TRY(check_digest(name, template));
        for (size_t i = 0; i < LANGUAGE_COUNT; i++)
            TRY(check_words(name, template, LANGUAGE_TEXT[i]));
    }
    return OK;
}

Err templates_create(AssetTable content, const char *site, Templates **out)
{
    const Asset *asset = asset_find(content, STR("templates.yaml"));
    Templates *templates = memory_new(Templates);

    *out = templates;
    templates->site = site;
    Err e = asset != NULL ? yaml_read(asset->bytes, &templates->document)
                          : err(INVALID, "content/notify has no templates.yaml");
    if (!failed(&e))
        e = check_all(templates->document);
    if (failed(&e)) {
        templates_destroy(templates);
        *out = NULL;
    }
    return e;
}

void templates_destroy(Templates *templates)
{
    if (templates == NULL)
        return;
    json_decref(templates->document);
    memory_free(templates);
}

/* ---- checking what fills the gaps */

static Str value_of(const StrMap *values, Str name)
{
    for (size_t i = 0; i < values->count; i++)
        if (str_equal(values->items[i].key, name))
            return values->items[i].value;
    return (Str){0};
}

static Err check_link(Str link)
{
    bool is_path = str_starts(link, STR("/")) && !str_starts(link, STR("//"));
    bool is_clean = true;

    for (size_t i = 0; i < link.len; i++)
        is_clean &= link.data[i] > ' ' && link.data[i] < 0x7f && strchr("\"<>\\^`{|}", link.data[i]) == NULL;
    return is_clean && (is_path || str_starts(link, STR("https://")))
               ? OK
               : err_at(err(UNPROCESSABLE, "link: must be a path of the site (/…) or an https:// address"),
                        "/values/link");
}

static Err check_value(Str name, Str value)
{
    if (value.data == NULL)
        return err_at(
            err(UNPROCESSABLE, "values: %.*s is missing, which the template has a gap for", STR_ARG(name)),
            "/values");
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.data[i] < ' ' || value.data[i] == 0x7f)
            return err_at(err(UNPROCESSABLE, "%.*s: has a control character", STR_ARG(name)), "/values/%.*s",
                          STR_ARG(name));
    return str_equal(name, STR("link")) ? check_link(value) : OK;
}

Err templates_check(const Templates *templates, Str name, const StrMap *values)
{
    const json_t *template = json_object_getn(templates->document, name.data, name.len);
    size_t i;
    json_t *slot;

    if (template == NULL)
        return err_at(err(UNPROCESSABLE, "template: there is none of the name %.*s", STR_ARG(name)),
                      "/template");
    json_array_foreach(json_object_get(template, "slots"), i, slot)
        TRY(check_value(json_str(slot), value_of(values, json_str(slot))));
    for (size_t j = 0; j < values->count; j++)
        if (!has_slot(template, values->items[j].key))
            return err_at(err(UNPROCESSABLE, "values: %.*s is no gap of %.*s", STR_ARG(values->items[j].key),
                              STR_ARG(name)),
                          "/values");
    return OK;
}

bool templates_category(const Templates *templates, Str name, NoticeCategory *out)
{
    return read_category(json_object_getn(templates->document, name.data, name.len), out);
}

static bool says(const Templates *templates, Str name, const char *what)
{
    return json_is_true(json_object_get(json_object_getn(templates->document, name.data, name.len), what));
}

bool templates_is_inbox_only(const Templates *templates, Str name)
{
    return says(templates, name, "inbox_only");
}

bool templates_is_of_consent(const Templates *templates, Str name)
{
    return says(templates, name, "of_consent");
}

int templates_digest_minutes(const Templates *templates, Str name)
{
    return (int)json_integer_value(
        json_object_get(json_object_getn(templates->document, name.data, name.len), "digest_minutes"));
}

/* ---- putting into words */

static size_t read_slots(const json_t *values, Slot slots[static MOST_SLOTS])
{
    size_t count = 0;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)values, name, value) if (count < MOST_SLOTS) slots[count++] =
        (Slot){name, json_str(value)};
    return count;
}

static Str whole_link(const Templates *templates, Arena *arena, Str link)
{
    return str_starts(link, STR("/")) ? str_format(arena, "%s%.*s", templates->site, STR_ARG(link)) : link;
}

void templates_word(const Templates *templates, Arena *arena, Str name, Json slots, Language language,
                    Wording *out)
{
    const json_t *template = json_object_getn(templates->document, name.data, name.len);
    const json_t *words = json_object_get(template, LANGUAGE_TEXT[language].data);
    const json_t *values = NULL;
    Slot filled[MOST_SLOTS];
    Err e = json_read_into(arena, slots, &values);
    size_t count = failed(&e) ? 0 : read_slots(values, filled);

    *out = (Wording){.category = NOTICE_CATEGORY_STORY, .title = name, .text = STR("")};
    if (words == NULL || !read_category(template, &out->category))
        return;
    out->title = template_fill(arena, json_str_at(words, "title"), filled, count);
    if (RULES[out->category].is_advertising)
        out->title = str_format(arena, ADVERTISING "%.*s", STR_ARG(out->title));
    out->text = str_trim(template_fill(arena, json_str_at(words, "text"), filled, count));
    Str link = json_str_at(values, "link");
    if (link.data != NULL)
        out->link = whole_link(templates, arena, str_copy(arena, link));
}
