"""Fills the peer's Neo4j: constraint, full-text index (cjk), and the facts of a file by UNWIND in batches, as its
Python driver's manual has it. fill_peer.py FILE [--ingest-only]; NEO4J_URL, NEO4J_PASSWORD. Prints lines a second."""

import collections
import itertools
import json
import os
import sys
import time

import neo4j

BATCH = 10_000
INDEX = """
CREATE FULLTEXT INDEX catalogue IF NOT EXISTS FOR (n:Product|Ingredient|Lore|Character)
ON EACH [n.name, n.name_ko, n.title, n.summary, n.content] OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}
"""


def in_batches(items):
    items = iter(items)
    while batch := list(itertools.islice(items, BATCH)):
        yield batch


def write(session, batch):
    nodes, edges = collections.defaultdict(list), collections.defaultdict(list)
    for fact in batch:
        if "label" in fact:
            nodes[fact["label"]].append({"id": fact["id"], "of": fact["properties"]})
        else:
            edges[fact["type"]].append({"from": fact["from"], "to": fact["to"], "of": fact.get("properties", {})})
    for label, rows in nodes.items():
        session.run(f"UNWIND $rows AS r MERGE (n:Entity {{id: r.id}}) SET n:{label}, n += r.of", rows=rows).consume()
    for kind, rows in edges.items():
        session.run(
            "UNWIND $rows AS r MATCH (a:Entity {id: r.from}), (b:Entity {id: r.to}) "
            f"CREATE (a)-[e:{kind}]->(b) SET e = r.of",
            rows=rows,
        ).consume()


def main(path):
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(os.environ["NEO4J_URL"], auth=auth) as driver, driver.session() as session:
        session.run("CREATE CONSTRAINT entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE").consume()
        begin, count = time.monotonic(), 0
        with open(path, encoding="utf-8") as lines:
            for batch in in_batches(map(json.loads, lines)):
                write(session, batch)
                count += len(batch)
        print(f"{count / (time.monotonic() - begin):.0f}")
        session.run(INDEX).consume()
        session.run("CALL db.awaitIndexes(600)").consume()


if __name__ == "__main__":
    main(sys.argv[1])
