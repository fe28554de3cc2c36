#include "content.h"

#include "check.h"

Voice *open_voice(void)
{
    Voice *voice = NULL;
    Err e = voice_create(AGENTS_CONTENT, &voice);

    if (failed(&e))
        fail_msg("%s", e.message);
    return voice;
}
