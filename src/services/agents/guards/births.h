/* Years of birth as ages: "2010년생" is read "16살" in 2026. The age is the calendar year less that of birth, as the Youth
 * Protection Act counts (article 2: grown up from 1 January of the year in which one turns nineteen), in Korea's time. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_BIRTHS_H
#define NERDX_SERVICES_AGENTS_GUARDS_BIRTHS_H

#include "base/clock.h"
#include "services/agents/phrases.h"

typedef struct Births {
    const Clock *clock;
    Listener *listeners[TONGUE_COUNT]; /* what they catch as "it" is a year, of two or four digits */
    Str ages[TONGUE_COUNT];            /* what is read in place of the catch; "{}" stands for the age */
} Births;

/* map: {en: {says: [..], age: ..}, ko: ..}, and must outlive *out. Errors: INVALID naming what is wrong. */
Err births_read(const json_t *map, const char *name, const Clock *clock, Births *out);
void births_finish(Births *births);

/* Empty when the text has no year of birth, and for Births of nothing. */
Str births_as_ages(const Births *births, Arena *arena, Str plain);

/* The year that ages are counted in, in Korea; 0 for Births of nothing. */
int64_t births_year(const Births *births);

#endif
