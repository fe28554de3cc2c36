/* What the schema allows to be proposed from prose, as text for a language model: a line a label with its properties, a
 * line a relationship with what it joins. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_VOCABULARY_H
#define NERDX_SERVICES_WORLD_REVIEW_VOCABULARY_H

#include "services/world/schema.h"

/* "- Dish: Food that goes with a drink. Properties: name (text, required)" */
Str vocabulary_labels(Arena *arena, const Schema *schema);

/* "- PAIRS_WITH: Product, Drink -> Dish" */
Str vocabulary_relationships(Arena *arena, const Schema *schema);

#endif
