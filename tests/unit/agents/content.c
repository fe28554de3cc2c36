#include "content.h"

#include "base/clock.h"
#include "check.h"

int open_words(void **state)
{
    Voice *voice = NULL;
    Err e = voice_create(AGENTS_CONTENT, clock_system(), &voice);

    if (failed(&e))
        fail_msg("%s", e.message);
    *state = voice;
    return 0;
}

int close_words(void **state)
{
    voice_destroy(*state);
    return 0;
}
