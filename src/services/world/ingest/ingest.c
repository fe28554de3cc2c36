#include "services/world/ingest/ingest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "services/world/ingest/reader.h"
#include "services/world/review/review.h"
#include "services/world/room.h"

enum { SECOND_US = 1000000 };

static const char FILE_ORIGIN[] = "file:";
static const char STANDARD_INPUT[] = "-";

static const FileReader READERS[] = {
    {".jsonl", "interchange JSON Lines", read_jsonl}, {".ndjson", "interchange JSON Lines", read_jsonl},
    {".csv", "CSV with a header", read_csv},          {".md", "Markdown", read_markdown},
    {".cypher", "CREATE statements", read_cypher},
};
enum { READER_COUNT = sizeof READERS / sizeof *READERS };

Err reader_of(const char *path, const FileReader **out)
{
    for (size_t i = 0; i < READER_COUNT; i++)
        if (str_ends(str_from(path), str_from(READERS[i].ending)) || strcmp(path, STANDARD_INPUT) == 0) {
            *out = &READERS[i];
            return OK;
        }
    return err(UNSUPPORTED, "%s: its ending is none of .jsonl, .ndjson, .csv, .md, .cypher", path);
}

/* "./rice.jsonl" and "rice.jsonl" are one file. */
static Str origin_of(Arena *arena, const IngestConfig *config, const char *path)
{
    if (config->origin != NULL)
        return str_from(config->origin);
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    return str_format(arena, "%s%s", FILE_ORIGIN, path);
}

/* Every file is looked at before any of them is read: a slip in the last name shows at once. */
static Err look_at_files(const IngestConfig *config, int64_t *bytes)
{
    const FileReader *reader;
    struct stat about;

    *bytes = 0;
    for (size_t i = 0; i < config->file_count; i++) {
        TRY(reader_of(config->files[i], &reader));
        if (strcmp(config->files[i], STANDARD_INPUT) == 0)
            continue;
        if (stat(config->files[i], &about) != 0)
            return file_error(config->files[i]);
        *bytes += about.st_size;
    }
    return OK;
}

static int64_t written_us(const World *world, const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0)
        return clock_wall_us(world->clock);
    return (int64_t)about.st_mtim.tv_sec * SECOND_US + about.st_mtim.tv_nsec / 1000;
}

static Err ingest_file(World *world, Intake *intake, const IngestConfig *config, const char *path)
{
    AUTO_ARENA Arena scratch = {0};
    const FileReader *reader;

    arena_init(&scratch);
    TRY(reader_of(path, &reader));
    intake_begin(intake, origin_of(&scratch, config, path), written_us(world, path));
    TRY(reader->read(intake, path));
    return intake_end(intake);
}

static bool is_markdown(const char *path)
{
    const FileReader *reader;
    Err e = reader_of(path, &reader);

    return !failed(&e) && reader->read == read_markdown;
}

/* When everything is in that the files say themselves: a model's failures can't touch it any more. */
static Err read_prose(World *world, const IngestConfig *config, Rejects *rejects, IngestReport *report)
{
    Prose *prose;
    Err e = OK;

    if (config->prose == NULL || config->differences != NULL)
        return OK;
    TRY(prose_begin(world, config->prose, rejects, &prose));
    for (size_t i = 0; i < config->file_count && !failed(&e); i++) {
        AUTO_ARENA Arena scratch = {0};

        if (is_markdown(config->files[i]))
            e = prose_read_file(prose, config->files[i], origin_of(&scratch, config, config->files[i]));
    }
    report->prose = prose_end(prose);
    return e;
}

static Err ingest_all(World *world, const IngestConfig *config, Intake *intake, IngestReport *report)
{
    for (size_t i = 0; i < config->file_count; i++)
        TRY(ingest_file(world, intake, config, config->files[i]));
    if (intake_has_waiting(intake)) /* perhaps for names that came meanwhile */
        TRY(world_refresh(world));
    TRY(intake_finish(intake, report));
    return config->prose != NULL ? world_refresh(world) : OK;
}

Err world_ingest(World *world, const IngestConfig *config, IngestReport *report)
{
    Rejects rejects = {.path = config->rejects};
    int64_t bytes;
    int64_t begun_us;
    Intake *intake;
    Err e;
    Err closed;

    TRY(look_at_files(config, &bytes));
    begun_us = clock_monotonic_us(world->clock);
    intake = intake_create(world, config, &rejects, bytes);
    e = ingest_all(world, config, intake, report);
    intake_destroy(intake);
    report->took_us = clock_monotonic_us(world->clock) - begun_us;
    if (!failed(&e))
        e = read_prose(world, config, &rejects, report);
    closed = rejects_close(&rejects);
    return failed(&e) ? e : closed;
}

static Err retract_one(World *world, Proposals *proposals, Str origin, int64_t *claims)
{
    static const Str review = STR("review:");
    AUTO_ARENA Arena scratch = {0};
    int64_t now_us = clock_wall_us(world->clock);
    bool only_accepted = str_starts(origin, review);
    int64_t accepted = 0;

    TRY(graph_retract(world->graph, origin, now_us, claims));
    if (!only_accepted)
        TRY(graph_retract(world->graph, review_origin(&scratch, origin), now_us, &accepted));
    *claims += accepted;
    return proposals_withdraw(proposals, only_accepted ? str_slice(origin, review.len, origin.len) : origin,
                              only_accepted);
}

Err world_retract(World *world, Proposals *proposals, Str source, int64_t *claims)
{
    AUTO_ARENA Arena scratch = {0};

    TRY(retract_one(world, proposals, source, claims));
    if (*claims == 0)
        TRY(retract_one(world, proposals, str_format(&scratch, "%s%.*s", FILE_ORIGIN, STR_ARG(source)),
                        claims));
    if (*claims == 0)
        return err(NOT_FOUND, "nothing in the world comes from %.*s", STR_ARG(source));
    return world_refresh(world);
}
