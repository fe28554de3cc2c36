#include "services/auth/passwords/rules.h"

#include <string.h>

/* What is ours, and so the first that is tried here (ASVS 5, 6.1.2). */
static const char *const OUR_WORDS[] = {"nerdx", "nerd", "maeju", "joon", "apec", "password", "passwort"};

Err password_rules_read(AssetTable content, PasswordRules *out)
{
    const Asset *asset = asset_find(content, STR("passwords.txt"));

    if (asset == NULL)
        return err(INVALID, "content/auth/passwords.txt is not there");
    out->known = asset->bytes;
    return OK;
}

static Str lowered(Arena *arena, Str text)
{
    char *copy = str_c(arena, text);

    for (size_t i = 0; i < text.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return (Str){copy, text.len};
}

static Str line_around(Str lines, size_t at, size_t *begin)
{
    size_t from = at;

    while (from > 0 && lines.data[from - 1] != '\n')
        from--;
    size_t end = str_find(lines, STR("\n"), from);
    *begin = from;
    return str_slice(lines, from, end);
}

/* Halves the bytes, and looks at the line that is there. */
static bool is_known(Str lines, Str password)
{
    size_t low = 0, high = lines.len;

    while (low < high) {
        size_t begin;
        Str line = line_around(lines, low + (high - low) / 2, &begin);
        int order = str_compare(password, line);
        if (order == 0)
            return true;
        if (order < 0)
            high = begin;
        else
            low = begin + line.len + 1;
    }
    return false;
}

/* One of our words, with nothing but digits and signs around it. */
static bool is_our_word(Arena *arena, Str password)
{
    char *letters = arena_alloc(arena, password.len + 1);
    size_t count = 0;

    for (size_t i = 0; i < password.len; i++)
        if ((password.data[i] >= 'a' && password.data[i] <= 'z') || (unsigned char)password.data[i] >= 0x80)
            letters[count++] = password.data[i];
    letters[count] = '\0';
    for (size_t i = 0; i < sizeof OUR_WORDS / sizeof *OUR_WORDS; i++)
        if (strcmp(letters, OUR_WORDS[i]) == 0)
            return true;
    return false;
}

Err password_check(const PasswordRules *rules, Arena *arena, Str password, Str email)
{
    Str folded = lowered(arena, password);
    Str rest = email, local;

    if (is_known(rules->known, folded) || is_our_word(arena, folded))
        return err_at(err(UNPROCESSABLE, "password: too many others use this one; take several words, or "
                                         "what a password manager makes"),
                      "/password");
    if (str_equal(folded, email) || (str_split(&rest, '@', &local) && str_equal(folded, local)))
        return err_at(
            err(UNPROCESSABLE,
                "password: it is your address; take several words, or what a password manager makes"),
            "/password");
    return OK;
}
