#include "services/auth/mail/post.h"

#include "base/random.h"

#define OWNER STR("letter")

enum { MOST_UNSURE = 3 };

static Json write_sealed(const Auth *auth, Arena *arena, const Mail *mail)
{
    Buf plain = {.arena = arena}, out = {.arena = arena};

    buf_put_char(&plain, '{');
    json_put_member(&plain, "to", mail->to);
    json_put_member(&plain, "subject", mail->subject);
    json_put_member(&plain, "text", mail->text);
    json_put_member(&plain, "id", id_new(arena, auth->clock));
    buf_put_char(&plain, '}');
    buf_put_char(&out, '{');
    json_put_member(&out, "sealed", seal_close(&auth->seal, arena, buf_str(&plain), OWNER));
    buf_put_char(&out, '}');
    return buf_str(&out);
}

typedef struct Posting {
    const Auth *auth;
    Arena *arena;
    Json input;
} Posting;

static Err add(void *context, Tx *tx)
{
    const Posting *posting = context;
    JobAdded added;

    return queue_add(posting->auth->queue, tx, posting->arena,
                     &(JobNew){.kind = STR(POST_LETTER), .input = posting->input}, &added);
}

/* One that can't go to its address is refused at once, as by a mailer that is quick. */
Err post_letter(void *context, Arena *arena, const Mail *mail)
{
    const Auth *auth = context;

    if (!auth->mailer->is_slow)
        return auth->mailer->send(auth->mailer, arena, mail);
    TRY(mail_check_address(mail->to));
    Posting posting = {auth, arena, write_sealed(auth, arena, mail)};
    return sql_transact(auth->sql, add, &posting);
}

/* Without it its person can't go on, and a second one does no harm; ten of them would. */
static Err again_if_unsure(const JobRun *run, Err e)
{
    return e.code == CONFLICT && job_attempt(run) < MOST_UNSURE ? err(UNAVAILABLE, "%s", e.message) : e;
}

Err post_run(JobRun *run)
{
    const Auth *auth = job_context(run);
    AUTO_JSON json_t *input = NULL, *letter = NULL;
    Str plain;

    TRY(json_read(job_input(run), &input));
    TRY(seal_open(&auth->seal, job_arena(run), json_str_or_empty(input, "sealed"), OWNER, &plain));
    TRY(json_read(plain, &letter));
    Mail mail = {
        .to = json_str_or_empty(letter, "to"),
        .subject = json_str_or_empty(letter, "subject"),
        .text = json_str_or_empty(letter, "text"),
        .id = json_str_at(letter, "id"),
    };
    return again_if_unsure(run, auth->mailer->send(auth->mailer, job_arena(run), &mail));
}
