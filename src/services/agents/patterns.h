/* Parts of patterns: {money} in a pattern of content stands for what the file has under parts. */
#ifndef NERDX_SERVICES_AGENTS_PATTERNS_H
#define NERDX_SERVICES_AGENTS_PATTERNS_H

#include "base/json.h"
#include "base/str.h"

/* Fills in the patterns of a row for listener_create, {en: {says: [..], unless: [..]}, ko: {..}}. parts: {en: {money: ..}, ko: {..}};
 * a part may use parts that stand below it. */
void patterns_fill(Arena *arena, json_t *row, const json_t *parts);

/* One pattern, or part, in a language's parts. */
Str pattern_filled(Arena *arena, Str pattern, const json_t *parts);

#endif
