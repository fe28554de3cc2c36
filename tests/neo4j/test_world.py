"""What tests/service promises of the world, on Neo4j: the same tests, with the fixtures of this folder."""

import test_world_learn
import test_world_query

for module in (test_world_learn, test_world_query):
    globals().update({name: value for name, value in vars(module).items() if name.startswith("test_")})
