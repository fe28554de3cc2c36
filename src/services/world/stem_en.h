/* English words to their stems, so that "brewing", "brewed" and "brews" are found by each other.
 * Algorithm: M. F. Porter's English stemmer ("Porter2"), https://snowballstem.org/algorithms/english/stemmer.html,
 * without its lists of single exceptions. */
#ifndef NERDX_SERVICES_WORLD_STEM_EN_H
#define NERDX_SERVICES_WORLD_STEM_EN_H

#include <stddef.h>

/* Shortens word[0, len) in place and returns the new length; lower-case ASCII letters only, others are left alone.
 * The stem is never longer than the word. */
size_t stem_english(char *word, size_t len);

#endif
