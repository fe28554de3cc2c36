#include "base/particle.h"

#include "base/template.h"
#include "check.h"

typedef struct Row {
    const char *word;
    const char *topic;   /* 은/는 */
    const char *towards; /* 으로/로 */
} Row;

/* Every ending a name can have: Hangul with and without a final, ㄹ, digits, letters, units, brackets, quotes. */
static const Row ROWS[] = {
    {"막걸리", "막걸리는", "막걸리로"},
    {"누룩", "누룩은", "누룩으로"},
    {"이천 쌀", "이천 쌀은", "이천 쌀로"},
    {"소주", "소주는", "소주로"},
    {"항아리", "항아리는", "항아리로"},
    {"안동", "안동은", "안동으로"},
    {"매주", "매주는", "매주로"},
    {"0", "0은", "0으로"},
    {"1", "1은", "1로"},
    {"2", "2는", "2로"},
    {"3", "3은", "3으로"},
    {"4", "4는", "4로"},
    {"5", "5는", "5로"},
    {"6", "6은", "6으로"},
    {"7", "7은", "7로"},
    {"8", "8은", "8로"},
    {"9", "9는", "9로"},
    {"10", "10은", "10으로"},
    {"100", "100은", "100으로"},
    {"10000", "10000은", "10000으로"},
    {"NERD12", "NERD12는", "NERD12로"},
    {"NERD40", "NERD40은", "NERD40으로"},
    {"NERD", "NERD는", "NERD로"},
    {"NERD12 Signature", "NERD12 Signature는", "NERD12 Signature로"},
    {"ABV", "ABV는", "ABV로"},
    {"XML", "XML은", "XML로"},
    {"LLM", "LLM은", "LLM으로"},
    {"wine", "wine은", "wine으로"},
    {"apple", "apple은", "apple로"},
    {"book", "book은", "book으로"},
    {"cup", "cup은", "cup으로"},
    {"rice", "rice는", "rice로"},
    {"Spirit", "Spirit은", "Spirit으로"},
    {"Fresh", "Fresh는", "Fresh로"},
    {"Clear", "Clear는", "Clear로"},
    {"brewing", "brewing은", "brewing으로"},
    {"milk", "milk는", "milk로"},
    {"12%", "12%는", "12%로"},
    {"3 kg", "3 kg은", "3 kg으로"},
    {"500 ml", "500 ml는", "500 ml로"},
    {"막걸리(makgeolli)", "막걸리(makgeolli)는", "막걸리(makgeolli)로"},
    {"매주의 내력 (예시)", "매주의 내력 (예시)은", "매주의 내력 (예시)으로"},
    {"‘첫 술’", "‘첫 술’은", "‘첫 술’로"},
    {"『음식디미방』", "『음식디미방』은", "『음식디미방』으로"},
};

static void check(const char *template, const char *word, const char *expected)
{
    AUTO_ARENA Arena arena = {0};
    const Slot slot = {"name", str_from(word)};

    arena_init(&arena);
    Str filled = template_fill(&arena, str_from(template), &slot, 1);
    assert_string_equal(str_c(&arena, filled), expected);
}

static void a_particle_fits_the_word_before_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        check("{name:은}", ROWS[i].word, ROWS[i].topic);
        check("{name:으로}", ROWS[i].word, ROWS[i].towards);
    }
}

/* Every syllable there is, against the composition of Unicode. */
static void every_hangul_syllable_has_its_ending(void **state)
{
    (void)state;
    for (uint32_t c = 0xAC00; c <= 0xD7A3; c++) {
        char text[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};
        uint32_t final = (c - 0xAC00) % 28;
        Ending expected = final == 0 ? OPEN_ENDING : final == 8 ? RIEUL_ENDING : CLOSED_ENDING;
        assert_int_equal(word_ending((Str){text, sizeof text}), expected);
    }
}

static void every_pair_of_particles_is_known(void **state)
{
    (void)state;
    check("{name:이} {name:을} {name:과} {name:이에요} {name:이라}", "누룩",
          "누룩이 누룩을 누룩과 누룩이에요 누룩이라");
    check("{name:이} {name:을} {name:과} {name:이에요} {name:이라}", "소주",
          "소주가 소주를 소주와 소주예요 소주라");
    check("{name:이} {name:을} {name:과} {name:으로}", "쌀", "쌀이 쌀을 쌀과 쌀로");
}

static void a_gap_without_a_slot_is_nothing_and_an_open_brace_stays(void **state)
{
    (void)state;
    check("{other}{name} {nobody:은}.", "쌀", "쌀 .");
    check("{name:을} {name", "쌀", "쌀을 {name");
    check("{name:에서} {name}", "소주", "소주에서 소주");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_particle_fits_the_word_before_it),
        cmocka_unit_test(every_hangul_syllable_has_its_ending),
        cmocka_unit_test(every_pair_of_particles_is_known),
        cmocka_unit_test(a_gap_without_a_slot_is_nothing_and_an_open_brace_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
