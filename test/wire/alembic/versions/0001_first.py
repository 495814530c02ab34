"""The first migration, as somebody writes one by hand: DDL, a view, a function with its trigger, and rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA library")
    author = op.create_table(
        "author",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text, nullable=False, comment="as printed"),
        sa.Column("key", sa.Uuid, server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("born", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_author"),
        schema="library",
        comment="who writes",
    )
    op.create_index("ix_library_author_name", "author", ["name"], schema="library")
    op.create_table(
        "book",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("price", sa.Numeric(10, 2), nullable=False),
        sa.Column("gross", sa.Numeric(10, 2), sa.Computed("price * 1.2"), nullable=False),
        sa.Column("binding", sa.Enum("hard", "soft", name="binding", schema="library"), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text), server_default="{}", nullable=False),
        sa.Column("extra", postgresql.JSONB),
        sa.Column("cover", sa.LargeBinary),
        sa.Column("lent", sa.Interval),
        sa.Column(
            "added", sa.DateTime(timezone=True), server_default=sa.text("'2024-01-01 00:00Z'"), nullable=False
        ),
        sa.Column("gone", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_book"),
        sa.UniqueConstraint("author_id", "title", name="uq_book_author_id"),
        sa.CheckConstraint("price >= 0", name="ck_book_price"),
        sa.ForeignKeyConstraint(
            ["author_id"], ["library.author.id"], name="fk_book_author_id_author", ondelete="CASCADE"
        ),
        schema="library",
    )
    op.create_index("ix_book_tags", "book", ["tags"], schema="library", postgresql_using="gin")
    op.create_index(
        "ix_book_cheap", "book", ["price"], schema="library", postgresql_where=sa.text("price < 10")
    )
    op.execute("CREATE VIEW library.cheap AS SELECT id, price FROM library.book WHERE price < 10")
    op.execute(
        "CREATE FUNCTION library.trimmed() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.name := btrim(NEW.name); RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER trimmed BEFORE INSERT OR UPDATE ON library.author"
        " FOR EACH ROW EXECUTE FUNCTION library.trimmed()"
    )
    op.bulk_insert(author, [{"name": " Ada "}, {"name": "Grace"}])


def downgrade() -> None:
    op.execute("DROP VIEW library.cheap")
    op.drop_table("book", schema="library")
    op.drop_table("author", schema="library")
    op.execute("DROP FUNCTION library.trimmed()")
    op.execute("DROP TYPE library.binding")
    op.execute("DROP SCHEMA library CASCADE")
