/* How a Latin word sounds, roughly, so that ways to write Korean in Latin letters come together: Revised, McCune-Reischauer
 * without its marks, and what people make up. chongmyongju, cheongmyeongju and chungmyungjoo sound the same. */
#ifndef NERDX_SERVICES_WORLD_SOUND_H
#define NERDX_SERVICES_WORLD_SOUND_H

#include "base/arena.h"
#include "base/str.h"

/* The sound of a folded word; absent when it has other letters than Latin ones or is too short to tell. */
Str sound_of(Arena *arena, Str plain);

#endif
