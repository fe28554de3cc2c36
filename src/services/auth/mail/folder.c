/* The twin that puts letters into a folder, one file each, whole or not at all. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "services/auth/mail/mailer.h"

enum { FOLDER_MODE = 0700 };

typedef struct FolderMailer {
    Mailer mailer; /* first */
    Arena arena;
    const char *folder;
} FolderMailer;

static Err put(Mailer *mailer, Arena *arena, const Mail *mail)
{
    const FolderMailer *self = (const FolderMailer *)mailer;
    char id[ID_TEXT];

    id_print(mailer->clock, id);
    return file_make_private(str_format(arena, "%s/%s.eml", self->folder, id).data,
                             mail_write(arena, mailer->clock, mail));
}

static void close_folder(Mailer *mailer)
{
    FolderMailer *self = (FolderMailer *)mailer;

    arena_finish(&self->arena);
    memory_free(self);
}

Err folder_mailer_open(const char *folder, const Clock *clock, Mailer **out)
{
    struct stat found;

    if (mkdir(folder, FOLDER_MODE) != 0 &&
        (errno != EEXIST || stat(folder, &found) != 0 || !S_ISDIR(found.st_mode)))
        return err(FORBIDDEN, "mail: %s can't be made the folder of letters (%s)", folder, strerror(errno));
    FolderMailer *self = memory_new(FolderMailer);
    self->mailer = (Mailer){clock, put, close_folder};
    arena_init(&self->arena);
    self->folder = str_c(&self->arena, str_from(folder));
    *out = &self->mailer;
    return OK;
}
