/* What labels, relationships and fields of the server's answers are called by people. */
"use strict";

/* Labels of the world model. */
const KINDS = {
  Product: { ko: "제품", en: "product" },
  Ingredient: { ko: "재료", en: "ingredient" },
  Lore: { ko: "이야기", en: "story" },
  Character: { ko: "인물", en: "character" },
  Drink: { ko: "술", en: "drink" },
  Technique: { ko: "기법", en: "technique" },
  Region: { ko: "고장", en: "region" },
  Dish: { ko: "음식", en: "dish" },
  Vessel: { ko: "그릇", en: "vessel" },
  ARExperience: { ko: "AR 체험", en: "AR experience" },
};

/* Relationships, as they are said of what stands at their other end. */
const RELATIONS = {
  HAS_INGREDIENT: { out: { ko: "재료", en: "made with" }, in: { ko: "쓰이는 곳", en: "goes into" } },
  USES_TECHNIQUE: { out: { ko: "방법", en: "method" }, in: { ko: "쓰이는 곳", en: "used for" } },
  FROM_REGION: { out: { ko: "고장", en: "place" }, in: { ko: "이 고장의 것", en: "from here" } },
  PART_OF: { out: { ko: "속한 고장", en: "lies in" }, in: { ko: "이 안의 고장", en: "lies here" } },
  PAIRS_WITH: { out: { ko: "어울리는 음식", en: "goes with" }, in: { ko: "어울리는 술", en: "goes with" } },
  SERVED_IN: { out: { ko: "담는 그릇", en: "served in" }, in: { ko: "담는 것", en: "serves" } },
  MADE_IN: { out: { ko: "도구", en: "made in" }, in: { ko: "만드는 것", en: "makes" } },
  IS_A: { out: { ko: "갈래", en: "is a kind of" }, in: { ko: "이 갈래", en: "kinds" } },
  FEATURES_IN_LORE: { out: { ko: "나오는 이야기", en: "appears in" }, in: { ko: "나오는 것", en: "tells of" } },
  ABOUT: { out: { ko: "다루는 것", en: "is about" }, in: { ko: "이야기", en: "stories" } },
  KNOWS_ABOUT: { out: { ko: "아는 것", en: "knows about" }, in: { ko: "아는 이", en: "known to" } },
  UNLOCKS: { out: { ko: "열리는 것", en: "unlocks" }, in: { ko: "여는 것", en: "unlocked by" } },
};

const kindOf = (label) => (KINDS[label] || { [language]: label })[language];

/* Fields of a hand-off, and what may stand in them. Fields that aren't named here are shown as they are called. */
const FIELDS = {
  wants: { ko: "하신 말씀", en: "In your words" },
  products: { ko: "이야기한 술", en: "Talked about" },
  likes: { ko: "좋아하시는 것", en: "You like" },
  dislikes: { ko: "즐기지 않으시는 것", en: "Not for you" },
  name: { ko: "이름", en: "Name" },
  region: { ko: "사시는 곳", en: "Where you live" },
  avoids: { ko: "피하시는 것", en: "Left out" },
  occasion: { ko: "날", en: "Occasion" },
  budget: { ko: "예산", en: "Budget" },
  quantity: { ko: "수량", en: "How many" },
  quantities: { ko: "수량", en: "How many" },
  needed_by: { ko: "받으실 날", en: "Wanted by" },
  date: { ko: "받으실 날", en: "Wanted by" },
  recipient: { ko: "받으실 분", en: "For" },
};

/* As content/agents/maeju/memory.yaml has them. */
const WHO = {
  mother: { ko: "어머니", en: "your mother" },
  father: { ko: "아버지", en: "your father" },
  parents: { ko: "부모님", en: "your parents" },
  grandmother: { ko: "할머니", en: "your grandmother" },
  grandfather: { ko: "할아버지", en: "your grandfather" },
  partner: { ko: "배우자", en: "your partner" },
  sibling: { ko: "형제자매", en: "your sibling" },
  child: { ko: "자녀", en: "your child" },
  friend: { ko: "친구", en: "your friend" },
  boss: { ko: "상사", en: "your boss" },
};

const plain = (field) => field.replaceAll("_", " ");
const fieldName = (field) => (FIELDS[field] || { [language]: plain(field) })[language];
const whoIs = (who) => (WHO[who] || { [language]: plain(who) })[language];
