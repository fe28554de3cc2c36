/* The twin that puts letters into a folder, one file each, whole or not at all. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "mail/mailer.h"

enum { FOLDER_MODE = 0700 };

typedef struct FolderMailer {
    Mailer mailer; /* first */
    const char *folder;
} FolderMailer;

static Err put(Mailer *mailer, Arena *arena, const Mail *mail)
{
    const FolderMailer *self = (const FolderMailer *)mailer;
    char id[ID_TEXT];
    Str letter;

    id_print(mailer->config.clock, id);
    TRY(mail_write(arena, &mailer->config, mail, &letter));
    return file_make_private(str_format(arena, "%s/%s.eml", self->folder, id).data, letter);
}

static void close_folder(Mailer *mailer)
{
    memory_free(mailer);
}

Err folder_mailer_open(const MailerConfig *config, const char *rest, Mailer **out)
{
    struct stat found;

    if (mkdir(rest, FOLDER_MODE) != 0 &&
        (errno != EEXIST || stat(rest, &found) != 0 || !S_ISDIR(found.st_mode)))
        return err(FORBIDDEN, "mail: %s can't be made the folder of letters (%s)", rest, strerror(errno));
    FolderMailer *self = memory_new(FolderMailer);
    self->mailer = (Mailer){*config, false, put, close_folder};
    self->folder = rest;
    *out = &self->mailer;
    return OK;
}
