/* A world of four entities, small enough to know by heart. */
#ifndef NERDX_TESTS_TINY_WORLD_H
#define NERDX_TESTS_TINY_WORLD_H

#include "base/asset.h"

#define TINY_SCHEMA                                                                                      \
    "labels:\n"                                                                                          \
    "  Product: {words: {en: [bottle], ko: [제품]}, recommended_by: [taste, category]}\n"                \
    "  Ingredient: {words: {en: [ingredient], ko: [재료]}, properties: {year: integer}}\n"               \
    "  Character: {}\n"                                                                                  \
    "  User: {catalogue: false, personal: true}\n"                                                       \
    "relationships:\n"                                                                                   \
    "  HAS_INGREDIENT: {joins: [{from: [Product], to: [Ingredient]}], once: true, step: 0.45,\n"         \
    "    shared: shared_ingredient,\n"                                                                   \
    "    properties: {share: {type: number, min: 0, max: 1}}}\n"                                         \
    "  INTERESTED_IN: {joins: [{from: [User], to: [Product, Ingredient]}], once: true, learned: true,\n" \
    "    taste: 1}\n"                                                                                    \
    "  CHATTED_WITH: {joins: [{from: [User], to: [Character]}], learned: true}\n"

#define TINY_REASONS                                                                                       \
    "en: {people_who_liked: \"liked {liked}\", people_who_disliked: \"not {liked}\", taste: \"{word}\",\n" \
    "  popular: many, there: here, shared_ingredient: \"{liked} has {shared}\",\n"                         \
    "  liked_ingredient: \"has {liked}\"}\n"                                                               \
    "ko: {people_who_liked: \"{liked:을} 좋아한\", people_who_disliked: \"{liked:이} 싫은\",\n"            \
    "  taste: \"{word}\", popular: 많은, there: 여기, shared_ingredient: \"{liked}처럼 {shared:으로}\",\n" \
    "  liked_ingredient: \"{liked:으로}\"}\n"

#define TINY_CONCEPTS "same: [[dusk, 해질녘, evening]]\nplain: [anything]\n"

#define TINY_PAGE(id, label, en, ko, sentence_en, sentence_ko, more)                 \
    "---\nid: " id "\nlabels: [" label "]\nname: {en: \"" en "\", ko: \"" ko "\"}\n" \
    "summary: {en: \"" sentence_en "\", ko: \"" sentence_ko "\"}\n" more             \
    "sample: true\nsources: []\n---\n\n"                                             \
    "## ko\n\n" sentence_ko "\n\n## en\n\n" sentence_en "\n"

#define TINY_BOTTLE                                                                                   \
    TINY_PAGE("bottle", "Product", "Moonlight Jar", "달빛 항아리", "A clear bottle for the evening.", \
              "저녁에 마시는 맑은 술입니다.", "relationships: [{type: HAS_INGREDIENT, to: icheon-rice}]\n")
#define TINY_RICE                                                                                     \
    TINY_PAGE("icheon-rice", "Ingredient", "Icheon Rice", "이천 쌀", "Grown on the plain of Icheon.", \
              "이천 들판에서 자란 벼입니다.",                                                         \
              "aliases: {en: [royal grain], ko: [임금님 쌀]}\n"                                       \
              "properties: {asked_as: [what sushi is made of], asked_as_ko: [밥이 되는 곡식]}\n")
#define TINY_OTHER \
    TINY_PAGE("wheat", "Ingredient", "Wheat", "밀", "Crushed for the starter.", "빻아서 누룩을 띄웁니다.", "")
#define TINY_TELLER \
    TINY_PAGE("maeju-ai", "Character", "Maeju", "매주", "The storyteller.", "이야기꾼입니다.", "")

#define TINY_ASSET(file, text) {.path = (file), .mime = "text/markdown", .bytes = STR(text), .etag = #text}

static const Asset TINY_FILES[] = {
    TINY_ASSET("character/maeju-ai.md", TINY_TELLER),
    TINY_ASSET("concepts.yaml", TINY_CONCEPTS),
    TINY_ASSET("ingredient/icheon-rice.md", TINY_RICE),
    TINY_ASSET("ingredient/wheat.md", TINY_OTHER),
    TINY_ASSET("product/bottle.md", TINY_BOTTLE),
    TINY_ASSET("reasons.yaml", TINY_REASONS),
    TINY_ASSET("schema.yaml", TINY_SCHEMA),
};
static const AssetTable TINY_WORLD = {TINY_FILES, sizeof TINY_FILES / sizeof *TINY_FILES};

#endif
