#include "mail/mailer.h"

#include "base/memory.h"

typedef struct MailerTwin {
    const char *scheme;
    Err (*open)(const MailerConfig *config, const char *rest, Mailer **out);
} MailerTwin;

static const MailerTwin TWINS[] = {
    {"file:", folder_mailer_open},
    {"smtp://", smtp_mailer_open},
    {"smtps://", smtp_mailer_open},
    {"none", no_mailer_open},
};

Err mailer_open(const MailerConfig *config, Mailer **out)
{
    *out = NULL;
    TRY(mail_check_address(mail_bare_address(config->from)));
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++) {
        size_t len = strlen(TWINS[i].scheme);
        if (strncmp(config->url, TWINS[i].scheme, len) == 0)
            return TWINS[i].open(config, config->url + len, out);
    }
    return err(INVALID, "mail: %s is neither file:/FOLDER, smtp://HOST:PORT, smtps://HOST:PORT nor none",
               config->url);
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

Err no_mailer_open(const MailerConfig *config, const char *rest, Mailer **out)
{
    (void)rest;
    *out = memory_new(Mailer);
    **out = (Mailer){*config, false, refuse, free_mailer};
    return OK;
}
