"""The peer: what the same service is when it is FastAPI over Neo4j's asynchronous driver, as such services are usually
written. uvicorn peer:app --workers 2 --no-access-log; NEO4J_URL, NEO4J_PASSWORD."""

import contextlib
import os

import fastapi
import pydantic

import neo4j

QUERY = """
CALL db.index.fulltext.queryNodes('catalogue', $query) YIELD node, score
RETURN node {.id, .name, .name_ko, .title, .summary} AS entity, labels(node) AS labels, score LIMIT $limit
"""
ENTITY = """
MATCH (n:Entity {id: $id})
CALL (n) { MATCH (n)-[r]-(m) RETURN type(r) AS type, startNode(r) = n AS out, properties(r) AS of, m.id AS id,
           coalesce(m.name, m.title) AS name LIMIT $limit }
RETURN properties(n) AS properties, labels(n) AS labels,
       collect({type: type, out: out, of: of, id: id, name: name}) AS near
"""
RECOMMEND = """
MATCH (u:Entity {id: $id})-[:INTERESTED_IN]->(p)<-[:INTERESTED_IN]-(o)
WITH u, o LIMIT 200
MATCH (o)-[:INTERESTED_IN]->(q) WHERE NOT EXISTS { (u)-[:INTERESTED_IN]->(q) }
RETURN q.id AS id, q.name AS name, count(*) AS score ORDER BY score DESC, id LIMIT $limit
"""
LEARN = """
UNWIND $events AS e
MERGE (u:Entity {id: e.user_id}) ON CREATE SET u:User
WITH u, e MATCH (p:Entity {id: e.entity_id})
MERGE (u)-[r:INTERESTED_IN]->(p) SET r.score = e.score, r.event_id = e.event_id
"""


class Query(pydantic.BaseModel):
    query: str
    max_results: int = 5


class Event(pydantic.BaseModel):
    event_id: str
    user_id: str
    type: str
    entity_id: str
    score: float


class Learn(pydantic.BaseModel):
    events: list[Event]


@contextlib.asynccontextmanager
async def lifespan(app):
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    async with neo4j.AsyncGraphDatabase.driver(os.environ["NEO4J_URL"], auth=auth) as driver:
        app.state.driver = driver
        yield


app = fastapi.FastAPI(lifespan=lifespan)


async def run(statement, **parameters):
    records, _, _ = await app.state.driver.execute_query(statement, parameters, database_="neo4j")
    return [record.data() for record in records]


@app.post("/api/v1/world-model/query")
async def query(question: Query):
    return {"results": await run(QUERY, query=question.query, limit=question.max_results)}


@app.get("/api/v1/world-model/entity/{key}")
async def entity(key: str, limit: int = 20):
    found = await run(ENTITY, id=key, limit=limit)
    if not found:
        raise fastapi.HTTPException(404)
    return found[0]


@app.get("/api/v1/world-model/recommend/{key}")
async def recommend(key: str, limit: int = 5):
    return {"items": await run(RECOMMEND, id=key, limit=limit)}


@app.post("/api/v1/world-model/learn")
async def learn(lesson: Learn):
    await run(LEARN, events=[event.model_dump() for event in lesson.events])
    return {"accepted": len(lesson.events)}
