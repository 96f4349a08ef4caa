"""A token's whole life: description, limits, suspension, rotation, and who ended it and why."""

from peewee import SQL, BigIntegerField, BlobField, Model, TextField

TEXTS = ("description", "metadata", "allowed_ips", "rate_limit", "rate_window", "rotated_from")
TEXTS += ("rotated_to", "first_use_ends", "ended_by", "end_note")
NUMBERS = ("not_before", "idle_seconds", "uses_left", "suspended_at", "retires_at")


def up(migrator, db):
    fields = [(name, TextField(null=True)) for name in TEXTS]
    fields += [(name, BigIntegerField(null=True)) for name in NUMBERS]
    migrator.migrate(*(migrator.add_column("token", name, field) for name, field in fields))
    lifetime = BigIntegerField(null=True)
    migrator.migrate(migrator.add_column("project", "max_lifetime_seconds", lifetime))

    class Token(Model):
        project_id = TextField()
        kind = TextField()
        name = TextField()
        issuer = TextField()
        expires_at = BigIntegerField(null=True)
        ended_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "token"

    # A rotated token keeps its name for the time of its grace.
    db.execute_sql("DROP INDEX token_live_name")
    live = SQL("ended_at IS NULL AND rotated_to IS NULL")
    names = (Token.project_id, Token.kind, Token.name)
    Token.add_index(Token.index(*names, unique=True, where=live, name="token_live_name"))
    for column in (Token.issuer, Token.expires_at, Token.ended_at):
        Token.add_index(Token.index(column, name=f"token_{column.name}"))
    Token._schema.create_indexes(safe=False)

    class Idempotency(Model):
        id = TextField(primary_key=True)
        payload = BlobField()
        answer = BlobField()
        created_at = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "idempotency"

    db.create_tables([Idempotency])
