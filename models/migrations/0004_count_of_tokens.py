"""How many tokens a project has, which is limited, without reading them."""

from peewee import BigIntegerField, Model, TextField


def up(migrator, db):
    class Token(Model):
        project_id = TextField()
        end_reason = TextField(null=True)
        retires_at = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "token"

    columns = (Token.project_id, Token.end_reason, Token.retires_at)
    Token.add_index(Token.index(*columns, name="token_count"))
    Token._schema.create_indexes(safe=False)
