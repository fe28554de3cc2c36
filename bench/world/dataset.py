"""A world of any size, the same every time: interchange JSON Lines (the form `nerdx ingest` reads).

    dataset.py USERS FILE        12 interactions a user, 500 products, 300 ingredients, 2,000 stories, 5 characters

Names and texts are put together from short lists in Korean and English, so that every question matches many documents:
the worst case for a search. Interest follows Zipf's law, as it does with real products.
"""

import itertools
import json
import random
import sys

PRODUCTS, INGREDIENTS, LORE, CHARACTERS = 500, 300, 2000, 5
PER_USER = {"INTERESTED_IN": 6, "PURCHASED": 2, "CHATTED_WITH": 4}
EN = "rice moon river jar spring autumn village mountain brew cloudy clear sweet dry honey pine plum pear winter new"
KO = "쌀 달빛 강물 항아리 봄날 가을 마을 산골 양조 탁주 맑은술 단맛 마른맛 꿀 솔잎 매실 배 겨울 오래된 새로운"
EN, KO = EN.split(), KO.split()


def words(rng, vocabulary, count):
    return " ".join(rng.choice(vocabulary) for _ in range(count))


def node(label, key, **properties):
    return {"label": label, "id": key, "properties": properties}


def edge(kind, start, end, **properties):
    return {"type": kind, "from": start, "to": end, "properties": properties}


def catalogue(rng):
    for i in range(CHARACTERS):
        yield node("Character", f"character-{i}", name=words(rng, EN, 2).title(), name_ko=words(rng, KO, 2))
    for i in range(INGREDIENTS):
        yield node("Ingredient", f"ingredient-{i}", name=words(rng, EN, 2).title(), name_ko=words(rng, KO, 2))
    for i in range(LORE):
        content = f"{words(rng, EN, 40)}. {words(rng, KO, 40)}."
        yield node("Lore", f"lore-{i}", title=words(rng, EN, 3).title(), content=content)
    for i in range(PRODUCTS):
        names = {"name": words(rng, EN, 3).title(), "name_ko": words(rng, KO, 2)}
        facts = {"category": rng.choice(["Takju", "Yakju", "Soju"]), "abv": rng.randrange(50, 450) / 10}
        yield node("Product", f"product-{i}", **names, **facts, summary=f"{words(rng, EN, 12)}. {words(rng, KO, 12)}.")
    for i in range(PRODUCTS):
        for ingredient in rng.sample(range(INGREDIENTS), 3):
            yield edge("HAS_INGREDIENT", f"product-{i}", f"ingredient-{ingredient}")
        for lore in rng.sample(range(LORE), 4):
            yield edge("FEATURES_IN_LORE", f"product-{i}", f"lore-{lore}")


def interactions(rng, users):
    weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(PRODUCTS)))
    minute = itertools.count()
    for user in range(users):
        yield node("User", f"user-{user}", created_at="2026-01-01T00:00:00Z")
        for kind, count in PER_USER.items():
            chats = kind == "CHATTED_WITH"
            ends = rng.choices(range(PRODUCTS), cum_weights=weights, k=count)
            ends = [rng.randrange(CHARACTERS) for _ in ends] if chats else ends
            for end in ends:
                at = next(minute) % 500_000
                when = f"2026-{at // 43200 % 11 + 1:02}-{at // 1440 % 28 + 1:02}T{at // 60 % 24:02}:{at % 60:02}:00Z"
                score = {"score": rng.randrange(1, 11) / 10} if kind == "INTERESTED_IN" else {}
                what = "character" if chats else "product"
                yield edge(kind, f"user-{user}", f"{what}-{end}", timestamp=when, **score)


def facts(users):
    rng = random.Random(1909)
    yield from catalogue(rng)
    yield from interactions(rng, users)


def questions():
    """So many that hardly one has been asked just before."""
    rng = random.Random(2026)
    return [words(rng, EN if i % 2 else KO, 3) for i in range(8000)]


def write(path, users):
    """Returns the number of lines."""
    count = 0
    with open(path, "w", encoding="utf-8") as out:
        for fact in facts(users):
            out.write(json.dumps(fact, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


if __name__ == "__main__":
    print(write(sys.argv[2], int(sys.argv[1])), "lines")
