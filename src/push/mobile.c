#include "push/mobile.h"

#include <string.h>

static const struct {
    const char *scheme;
    Err (*open)(const MobileConfig *config, const char *rest, MobileProvider **out);
} PROVIDERS[] = {
    {"fcm:", fcm_open},
};

Err mobile_open(const MobileConfig *config, MobileProvider **out)
{
    *out = NULL;
    if (strcmp(config->url, "none") == 0)
        return OK;
    for (size_t i = 0; i < sizeof PROVIDERS / sizeof *PROVIDERS; i++) {
        size_t length = strlen(PROVIDERS[i].scheme);
        if (strncmp(config->url, PROVIDERS[i].scheme, length) == 0)
            return PROVIDERS[i].open(config, config->url + length, out);
    }
    return err(INVALID, "mobile_push: must be none or fcm:FILE");
}

void mobile_close(MobileProvider *provider)
{
    if (provider != NULL)
        provider->close(provider);
}
