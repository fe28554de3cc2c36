#include "services/auth/mail/mailer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct MailerTwin {
    const char *scheme;
    Err (*open)(const char *address, const Clock *clock, Mailer **out);
} MailerTwin;

static const MailerTwin TWINS[] = {
    {"file:", folder_mailer_open},
    {"none", no_mailer_open},
};

Err mailer_open(const char *url, const Clock *clock, Mailer **out)
{
    *out = NULL;
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++) {
        size_t len = strlen(TWINS[i].scheme);
        if (strncmp(url, TWINS[i].scheme, len) == 0)
            return TWINS[i].open(url + len, clock, out);
    }
    return err(INVALID, "mail: %s is neither file:/FOLDER nor none", url);
}

void mailer_close(Mailer *mailer)
{
    if (mailer != NULL)
        mailer->close(mailer);
}

/* --- none --- */

static Err refuse(Mailer *mailer, Arena *arena, const Mail *mail)
{
    (void)mailer;
    (void)arena;
    (void)mail;
    return err(UNAVAILABLE, "No letters are sent from here (mail = none), and this needs one.");
}

static void free_mailer(Mailer *mailer)
{
    memory_free(mailer);
}

Err no_mailer_open(const char *ignored, const Clock *clock, Mailer **out)
{
    (void)ignored;
    *out = memory_new(Mailer);
    **out = (Mailer){clock, refuse, free_mailer};
    return OK;
}
