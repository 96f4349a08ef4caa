"""The events of one token, without reading those of its project, or of all."""

from peewee import Model, TextField


def up(migrator, db):
    class Event(Model):
        id = TextField(primary_key=True)
        token_id = TextField(null=True)

        class Meta:
            database = db
            table_name = "event"
            indexes = ((("token_id", "id"), False),)

    Event._schema.create_indexes(safe=False)
