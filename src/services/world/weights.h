/* What counts how much in search: all of it in one place. Chosen by tests/evaluation and by public collections of
 * Korean passages and English conversations (docs/world-search.md says how); relative to a whole word of the question,
 * which counts 1, unless said otherwise. */
#ifndef NERDX_SERVICES_WORLD_WEIGHTS_H
#define NERDX_SERVICES_WORLD_WEIGHTS_H

/* Terms. */
static const double WORD_WEIGHT = 1.0;
static const double HANGUL_WEIGHT = 0.6; /* a word in Hangul, which also counts by its pairs */
static const double PAIR_WEIGHT = 0.54;
static const double JOINT_WEIGHT = 0.36;
static const double PIECE_WEIGHT = 0.35;       /* the 12 of NERD12 */
static const double CORRECTED_WEIGHT = 0.7;    /* a word of a name, misspelt */
static const double EXPANDED_WEIGHT = 0.2;     /* a word of the other names of what was named */
static const double SYNONYM_WEIGHT = 0.2;      /* a word that means about the same (concepts.yaml) */
static const double ONLY_SYNONYM_WEIGHT = 0.6; /* the same when the word itself is nowhere */
static const double LABEL_WORD_WEIGHT = 0.3;   /* how much "dish" must be found in the text of a dish */

/* Entities. */
static const double NAME_BONUS = 0.5;   /* being called by name, a word of it */
static const double LABEL_BONUS = 1.25; /* factor: being the kind of thing that was asked for */
static const double LIKED_BONUS = 1.02; /* factor: the visitor is known to like it; decides between equals */
static const double UNNAMED_STEP = 0.5; /* factor: what flows on from a hit that wasn't called by name */
enum { SPREAD_FROM = 8 };               /* so many of the best hits pass something on */

/* Understanding, from which it follows whether to answer at all. */
static const double PART_SHARE = 0.9;       /* understanding all of a word by its parts */
static const double UNKNOWN_WEIGHT = 2.0;   /* how much a word that is nowhere must be found */
static const double PREDICATE_WEIGHT = 0.3; /* the same for a Korean verb, which comes in many forms */
static const double PLAIN_WEIGHT = 0.3;     /* of a word of talk (anything), wherever it is */
static const double SYNONYM_SHARE = 0.8;    /* understanding a word by one that means about the same */
static const double MENTION_EVIDENCE = 0.4; /* for a single mention in a long text */
static const double MIN_COVERAGE = 0.46;    /* the part of a question that must be understood of an answer */
static const double MIN_NAMED_COVERAGE = 0.32; /* the same of what was called by name */
static const double FAMILIARITY = 0.15; /* so much less of it for each word that everything here speaks of */
static const double MAX_FAMILIARITY = 0.3;
static const double MIN_OF_BEST = 0.12; /* what scores less than this part of the best is left out */
static const double TELLING_FLOW =
    0.5;                  /* what flowed is told when it is more than this part of the own score */
enum { CONSIDERED = 16 }; /* so many more than asked for are looked at, whether they are understood */

#endif
