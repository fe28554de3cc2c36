"""Fills the peer's Neo4j: constraint, full-text index (cjk), and the facts of a file by UNWIND in batches, as its
Python driver's manual has it. NEO4J_URL, NEO4J_PASSWORD. Prints lines a second."""

import argparse
import collections
import itertools
import json
import os
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


def with_sources(numbered, path):
    """What a graph that can tell where it has a fact from keeps with each, at the least."""
    since = time.time_ns() // 1000
    for line, fact in enumerate(numbered, 1):
        source = {"source": f"file:{path}", "line": line, "since": since}
        yield fact | {"properties": fact.get("properties", {}) | source}


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


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("--sources", action="store_true", help="each fact with its file, line and time")
    parser.add_argument("--ingest-only", action="store_true", help="without the full-text index")
    return parser.parse_args()


def main(options):
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(os.environ["NEO4J_URL"], auth=auth) as driver, driver.session() as session:
        session.run("CREATE CONSTRAINT entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE").consume()
        begin, count = time.monotonic(), 0
        with open(options.path, encoding="utf-8") as lines:
            facts = map(json.loads, lines)
            for batch in in_batches(with_sources(facts, options.path) if options.sources else facts):
                write(session, batch)
                count += len(batch)
        print(f"{count / (time.monotonic() - begin):.0f}")
        if options.ingest_only:
            return
        session.run(INDEX).consume()
        session.run("CALL db.awaitIndexes(600)").consume()


if __name__ == "__main__":
    main(read_options())
