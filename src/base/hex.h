/* Bytes as lower-case hexadecimal digits. */
#ifndef NERDX_BASE_HEX_H
#define NERDX_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * count digits and a NUL; returns where the NUL is. */
char *hex_print(char *out, const uint8_t *bytes, size_t count);

/* Reads 2 * count digits; false on anything else, upper case too. */
bool hex_parse(const char *text, uint8_t *out, size_t count);

#endif
