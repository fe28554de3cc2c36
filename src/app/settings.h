/* Every option of the program, in one table. Values come from defaults < file < environment < flags; a service
 * never sees this table: app/ hands it what it needs. */
#ifndef NERDX_APP_SETTINGS_H
#define NERDX_APP_SETTINGS_H

#include "base/options.h"

typedef enum Setting {
    SETTING_CONFIG,
    SETTING_DATA,
    SETTING_LISTEN,
    SETTING_WORLD_GRAPH,
    SETTING_WORLD_GRAPH_USER,
    SETTING_WORLD_GRAPH_PASSWORD,
    SETTING_WORLD_SQL,
    SETTING_AGENTS_SQL,
    SETTING_AGENTS_RUNS,
    SETTING_AGENTS_KEEP,
    SETTING_AGENTS_CONTENT,
    SETTING_LLM_URL,
    SETTING_LLM_MODEL,
    SETTING_LLM_KEY,
    SETTING_LLM_CONNECT_TIMEOUT,
    SETTING_LLM_FIRST_TOKEN_TIMEOUT,
    SETTING_LLM_IDLE_TIMEOUT,
    SETTING_LLM_TIMEOUT,
    SETTING_LLM_RETRIES,
    SETTING_LLM_CONCURRENCY,
    SETTING_LLM_QUEUE,
    SETTING_LLM_MAX_TOKENS,
    SETTING_LLM_TEMPERATURE,
    SETTING_LLM_INPUT_PRICE,
    SETTING_LLM_CACHED_PRICE,
    SETTING_LLM_OUTPUT_PRICE,
    SETTING_KV,
    SETTING_KV_PASSWORD,
    SETTING_RATE_LIMITS,
    SETTING_TRUSTED_PROXIES,
    SETTING_CORS_ORIGINS,
    SETTING_IDENTITY,
    SETTING_LOG_LEVEL,
    SETTING_ACCESS_LOG,
    SETTING_LOOP_THREADS,
    SETTING_WORKERS,
    SETTING_WORKER_QUEUE,
    SETTING_MAX_CONNECTIONS,
    SETTING_MAX_CONNECTIONS_PER_ADDRESS,
    SETTING_HEAD_TIMEOUT,
    SETTING_BODY_TIMEOUT,
    SETTING_IDLE_TIMEOUT,
    SETTING_REQUEST_TIMEOUT,
    SETTING_DRAIN_NOTICE,
    SETTING_DRAIN_TIMEOUT,
    SETTING_HEARTBEAT,
    SETTING_LANGUAGE,
    SETTING_LIMIT,
    SETTING_FORMAT,
    SETTING_BATCH,
    SETTING_DEPTH,
    SETTING_ALL,
    SETTING_CATEGORY,
    SETTING_ABV_MIN,
    SETTING_ABV_MAX,
    SETTING_SESSION,
    SETTING_RESUME,
    SETTING_USER,
    SETTING_TRACE,
    SETTING_PARAMETERS,
    SETTING_EMPTY,
    SETTING_OPEN_SCHEMA,
    SETTING_DRY_RUN,
    SETTING_SOURCE,
    SETTING_REJECTS,
    SETTING_PROSE,
    SETTING_RETRACT,
    SETTING_SERVICE,
    SETTING_REPLACE,
    SETTING_COUNT
} Setting;

OptionTable settings_table(void);

/* Reads all four sources; problems are collected in the result. The caller destroys it. */
Options *settings_read(int count, char *const *arguments, char *const *environment);

/* Splits "HOST:PORT" (or "[::1]:8080"). Errors: INVALID. host is NUL-terminated. */
Err settings_split_address(Str address, Arena *arena, const char **host, int *port);

/* "2.5" is 2500000; from 0 to a million. */
bool settings_decimal(Str text, int64_t *millionths);

#endif
