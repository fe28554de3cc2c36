#include "services/world/answers.h"

#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

typedef struct Kept {
    char *bytes; /* the question, then the answer */
    size_t question_len;
    size_t answer_len;
    int64_t version;
} Kept;

struct Answers {
    pthread_mutex_t lock;
    Kept places[ANSWERS_PLACES];
};

Answers *answers_create(void)
{
    Answers *answers = memory_new(Answers);

    (void)pthread_mutex_init(&answers->lock, NULL);
    return answers;
}

void answers_destroy(Answers *answers)
{
    if (answers == NULL)
        return;
    for (size_t i = 0; i < ANSWERS_PLACES; i++)
        memory_free(answers->places[i].bytes);
    (void)pthread_mutex_destroy(&answers->lock);
    memory_free(answers);
}

static Kept *place_of(Answers *answers, Str question)
{
    return &answers->places[str_hash(question) % ANSWERS_PLACES];
}

static bool is_it(const Kept *kept, Str question, int64_t version)
{
    return kept->bytes != NULL && kept->version == version &&
           str_equal((Str){kept->bytes, kept->question_len}, question);
}

Str answers_find(Answers *answers, Arena *arena, Str question, int64_t version)
{
    MUTEX_HOLD(&answers->lock);
    const Kept *kept = place_of(answers, question);

    return is_it(kept, question, version)
               ? str_copy(arena, (Str){kept->bytes + kept->question_len, kept->answer_len})
               : (Str){0};
}

void answers_keep(Answers *answers, Str question, int64_t version, Str answer)
{
    char *bytes;

    if (answer.len > ANSWER_MAX_BYTES)
        return;
    bytes = memory_alloc(question.len + answer.len);
    memcpy(bytes, question.data, question.len);
    memcpy(bytes + question.len, answer.data, answer.len);
    MUTEX_HOLD(&answers->lock);
    Kept *kept = place_of(answers, question);

    memory_free(kept->bytes);
    *kept = (Kept){bytes, question.len, answer.len, version};
}

void answers_keep_for(void *question, Str answer)
{
    const AnswersQuestion *asked = question;

    answers_keep(asked->answers, asked->text, asked->version, answer);
}
