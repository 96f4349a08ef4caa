"""Health: for load balancers and supervisors."""

from handlers import Answer
from models.database import database


def get_liveness() -> Answer:
    """Live as long as it answers."""
    return {"status": "live"}, 200


def get_readiness() -> Answer:
    """Ready when the database answers; fails as StorageUnavailable otherwise."""
    database.check()
    database.execute_sql("SELECT 1 FROM project LIMIT 1")
    return {"status": "ready"}, 200
