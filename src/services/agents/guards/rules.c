#include "services/agents/guards/rules.h"

#include "base/memory.h"
#include "base/yaml.h"
#include "services/agents/guards/concepts.h"
#include "services/agents/guards/outcome.h"

/* Where the rules are, below content/agents. */
#define MAIN_FILE "maeju/guards.yaml"
#define FOLDER "maeju/guards"

static Err find_asset(AssetTable content, const char *path, const Asset **out)
{
    *out = asset_find(content, str_from(path));
    return *out != NULL ? OK : err(INVALID, "content/agents/%s is missing", path);
}

/* The file's map; it lives as long as the guards. */
static Err read_file(Guards *guards, AssetTable content, const char *path, const json_t **out)
{
    const Asset *asset;
    json_t **file = &guards->files[guards->file_count];
    Err e;

    TRY(find_asset(content, path, &asset));
    if (guards->file_count == GUARD_FILES_MAX)
        return err(INVALID, "content/agents/%s: more than %d files of rules", path, GUARD_FILES_MAX);
    e = yaml_read(asset->bytes, file);
    if (failed(&e))
        return err(INVALID, "content/agents/%s: %.120s", path, e.message);
    guards->file_count++;
    *out = *file;
    return json_is_object(*file) ? OK : err(INVALID, "content/agents/%s: must be a map of keys", path);
}

static Err listen_for(const Lexicon *lexicon, const json_t *row, bool loose, const char *name, Listener **out)
{
    json_t *expanded = NULL;
    Err e;

    TRY(lexicon_expand(lexicon, row, loose, name, &expanded));
    e = listener_create(expanded, name, out);
    json_decref(expanded);
    return e;
}

static Err read_goes_on(const Guards *guards, const json_t *names, const char *path, unsigned *out)
{
    size_t i;
    json_t *name;

    json_array_foreach((json_t *)names, i, name)
    {
        size_t at = 0;
        while (at < guards->follow_up_count && !str_equal(guards->follow_ups[at].id, json_str(name)))
            at++;
        if (at == guards->follow_up_count)
            return err(INVALID, "%s: %s has no follow-up \"%s\"", path, MAIN_FILE, json_string_value(name));
        *out |= 1U << at;
    }
    return OK;
}

static Err read_meanings(const Guards *guards, const json_t *names, const char *path, MeaningSet *out)
{
    size_t i;
    json_t *name;

    json_array_foreach((json_t *)names, i, name)
    {
        size_t at = meanings_index(&guards->signs.meanings, json_str(name));
        if (at == MEANINGS_MAX)
            return err(INVALID, "%s: " FOLDER "/meanings.yaml has no \"%s\"", path, json_string_value(name));
        *out |= (MeaningSet)1 << at;
    }
    return OK;
}

/* A hand-off's words are another's, and what must not go out is answered by silence. */
static Err read_answers(const json_t *row, const char *path, GuardRule *rule)
{
    rule->answers = json_object_get(row, "answers");
    for (Tongue t = 0; t < TONGUE_COUNT && rule->outcome != CHAT_REPLY_OUTCOME_HANDOFF; t++)
        if (json_array_size(json_object_get(rule->answers, tongue_code(t))) == 0)
            return err(INVALID, "%s: %.*s has no answer in %s", path, STR_ARG(rule->id), tongue_code(t));
    return OK;
}

static Err read_rule(Guards *guards, const Lexicon *lexicon, const json_t *row, const char *path,
                     GuardRules *into)
{
    GuardRule *rule = &into->items[into->count];

    if (into->count == GUARD_RULES_MAX)
        return err(INVALID, "%s: more than %d rules", path, GUARD_RULES_MAX);
    into->count++;
    rule->id = json_str(json_object_get(row, "id"));
    rule->split = json_is_true(json_object_get(row, "split"));
    TRY(read_meanings(guards, json_object_get(row, "signs"), path, &rule->about));
    rule->sources = texts_in(&guards->arena, json_object_get(row, "sources"));
    TRY(read_goes_on(guards, json_object_get(row, "goes_on"), path, &rule->goes_on));
    if (json_object_get(row, "before") != NULL)
        TRY(listen_for(lexicon, json_object_get(row, "before"), false, path, &rule->before));
    if (json_is_true(json_object_get(row, "hides")))
        TRY(listen_for(lexicon, row, true, path, &rule->loose));
    return listen_for(lexicon, row, false, path, &rule->listener);
}

static Err read_rules(Guards *guards, AssetTable content, const Lexicon *lexicon, Str file, GuardRules *into)
{
    AUTO_ARENA Arena arena = {0};
    const json_t *map = NULL;
    size_t i;
    json_t *row;

    arena_init(&arena);
    const char *path = str_c(&arena, str_format(&arena, FOLDER "/%.*s.yaml", STR_ARG(file)));
    TRY(read_file(guards, content, path, &map));
    json_array_foreach(json_object_get(map, "rules"), i, row)
    {
        TRY(read_rule(guards, lexicon, row, path, into));
        if (into == &guards->output)
            continue;
        TRY(guard_outcome_from(file, path, &into->items[into->count - 1].outcome));
        TRY(read_answers(row, path, &into->items[into->count - 1]));
    }
    return OK;
}

static Err read_follow_ups(Guards *guards, const Lexicon *lexicon, const json_t *map)
{
    const char *id;
    json_t *row;

    json_object_foreach((json_t *)map, id, row)
    {
        FollowUp *follow_up = &guards->follow_ups[guards->follow_up_count];
        if (guards->follow_up_count == FOLLOW_UPS_MAX)
            return err(INVALID, MAIN_FILE ": more than %d follow-ups", FOLLOW_UPS_MAX);
        follow_up->id = str_from(id);
        follow_up->turns = (size_t)json_integer_value(json_object_get(row, "turns"));
        follow_up->always = json_object_size(row) == 1;
        guards->follow_up_count++;
        TRY(listen_for(lexicon, row, false, id, &follow_up->listener));
    }
    return OK;
}

static Err read_reading(Guards *guards, const Clock *clock, const json_t *map)
{
    const json_t *spelling = json_object_get(map, "spelling");
    Reading *reading = &guards->reading;

    reading->spelling.words = texts_in(&guards->arena, json_object_get(spelling, "words"));
    reading->spelling.right = texts_in(&guards->arena, json_object_get(spelling, "right"));
    TRY(births_read(json_object_get(map, "births"), MAIN_FILE ": births", clock, &reading->births));
    TRY(letters_read(json_object_get(map, "digits"), MAIN_FILE ": digits", &guards->arena, &reading->digits));
    return letters_read(json_object_get(map, "letters"), MAIN_FILE ": letters", &guards->arena,
                        &reading->letters);
}

/* The file that was read last: of its megabyte everything has been copied. */
static void let_file_go(Guards *guards)
{
    json_decref(guards->files[--guards->file_count]);
}

static Err read_signs(Guards *guards, AssetTable content, const json_t *how)
{
    const Asset *weights = NULL, *grams = NULL;
    const json_t *meanings = NULL;

    TRY(find_asset(content, FOLDER "/weights.tsv", &weights));
    TRY(find_asset(content, FOLDER "/grams.bin", &grams));
    TRY(read_file(guards, content, FOLDER "/meanings.yaml", &meanings));
    TRY(signs_read(meanings, weights->bytes, grams->bytes, how, &guards->reading.letters, &guards->arena,
                   &guards->signs));
    let_file_go(guards);
    return OK;
}

static Err read_all_rules(Guards *guards, AssetTable content, const Lexicon *lexicon, const json_t *map)
{
    size_t i;
    json_t *outcome;

    TRY(read_follow_ups(guards, lexicon, json_object_get(map, "follow_ups")));
    json_array_foreach(json_object_get(map, "order"), i, outcome)
        TRY(read_rules(guards, content, lexicon, json_str(outcome), &guards->input));
    TRY(read_rules(guards, content, lexicon, STR("output"), &guards->output));
    return listen_for(lexicon, json_object_get(map, "personal"), false, MAIN_FILE ": personal",
                      &guards->personal);
}

static Err read_all(Guards *guards, AssetTable content, const Clock *clock)
{
    Lexicon lexicon = {.letters = &guards->reading.letters};
    const json_t *map = NULL;

    TRY(read_file(guards, content, FOLDER "/concepts.yaml", &lexicon.concepts));
    TRY(read_file(guards, content, MAIN_FILE, &map));
    TRY(read_reading(guards, clock, map));
    TRY(read_signs(guards, content, json_object_get(map, "signs")));
    return read_all_rules(guards, content, &lexicon, map);
}

Err guards_create_by(AssetTable content, const Clock *clock, Guards **out)
{
    Guards *guards = memory_new(Guards);
    Err e;

    arena_init(&guards->arena);
    guards->heard = recent_create(MESSAGES_KEPT, sizeof(Heard));
    guards->forbidden = recent_create(TEXTS_KEPT, sizeof(int));
    guards->orders = recent_create(TEXTS_KEPT, sizeof(int));
    e = read_all(guards, content, clock);
    *out = failed(&e) ? NULL : guards;
    if (failed(&e))
        guards_destroy(guards);
    return e;
}

Err guards_create(AssetTable content, Guards **out)
{
    return guards_create_by(content, clock_system(), out);
}

static void rules_finish(GuardRules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        listener_destroy(rules->items[i].listener);
        listener_destroy(rules->items[i].loose);
        listener_destroy(rules->items[i].before);
    }
}

void guards_destroy(Guards *guards)
{
    if (guards == NULL)
        return;
    rules_finish(&guards->input);
    rules_finish(&guards->output);
    for (size_t i = 0; i < guards->follow_up_count; i++)
        listener_destroy(guards->follow_ups[i].listener);
    listener_destroy(guards->personal);
    recent_destroy(guards->heard);
    recent_destroy(guards->forbidden);
    recent_destroy(guards->orders);
    births_finish(&guards->reading.births);
    signs_finish(&guards->signs);
    for (size_t i = 0; i < guards->file_count; i++)
        json_decref(guards->files[i]);
    arena_finish(&guards->arena);
    memory_free(guards);
}
