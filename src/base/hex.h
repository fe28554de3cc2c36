/* Bytes as lower-case hexadecimal digits. */
#ifndef NERDX_BASE_HEX_H
#define NERDX_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Writes 2 * count digits and a NUL; returns where the NUL is. */
char *hex_print(char *out, const uint8_t *bytes, size_t count);

/* The same in an arena. */
Str hex_text(Arena *arena, Str bytes);

/* Reads 2 * count digits; false on anything else, upper case too. */
bool hex_parse(const char *text, uint8_t *out, size_t count);

/* All of a text, into an arena; of an empty one no bytes. False as above, and for half a byte. */
bool hex_bytes(Arena *arena, Str digits, Str *out);

#endif
