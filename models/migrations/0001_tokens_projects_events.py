"""Projects, tokens of every kind, and the events that tell of them."""

from peewee import SQL, BigIntegerField, BlobField, ForeignKeyField, Model, TextField

APPEND_ONLY = {
    "SqliteStore": [
        f"CREATE TRIGGER event_no_{verb} BEFORE {verb.upper()} ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        for verb in ("update", "delete")
    ]
    + [
        "CREATE TRIGGER event_no_replace BEFORE INSERT ON event "
        "WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    ],
    "PostgresStore": [
        "CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
        "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event "
        "FOR EACH ROW EXECUTE FUNCTION event_is_append_only()",
        "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()",
    ],
}


def up(migrator, db):
    class Project(Model):
        id = TextField(primary_key=True)
        name = TextField()
        created_at = BigIntegerField()
        deleted_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "project"

    class Token(Model):
        id = TextField(primary_key=True)
        kind = TextField()
        project = ForeignKeyField(Project, null=True, index=False, on_delete="RESTRICT")
        name = TextField()
        digest = BlobField(unique=True)
        sealed = BlobField(null=True)
        key_id = TextField()
        fingerprint = TextField()
        shown = TextField()
        hint = TextField()
        type = TextField(null=True)
        role = TextField(null=True)
        environment = TextField(null=True)
        brokers = TextField(null=True)
        issuer = TextField()
        created_at = BigIntegerField()
        expires_at = BigIntegerField(null=True)
        last_used_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)
        end_reason = TextField(null=True)

        class Meta:
            database = db
            table_name = "token"
            indexes = ((("project", "kind", "id"), False),)

    Token.add_index(
        Token.index(
            Token.project,
            Token.kind,
            Token.name,
            unique=True,
            where=SQL("ended_at IS NULL"),
            name="token_live_name",
        )
    )

    class Event(Model):
        id = TextField(primary_key=True)
        at = BigIntegerField()
        action = TextField()
        project_id = TextField(null=True)
        token_id = TextField(null=True)
        actor_id = TextField()
        actor_name = TextField()
        address = TextField(null=True)
        request_id = TextField(null=True)

        class Meta:
            database = db
            table_name = "event"
            indexes = ((("project_id", "id"), False),)

    class SealingKey(Model):
        id = TextField(primary_key=True)
        first_used_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "sealing_key"

    db.create_tables([Project, Token, Event, SealingKey])
    for statement in APPEND_ONLY[type(db).__name__]:
        db.execute_sql(statement)
