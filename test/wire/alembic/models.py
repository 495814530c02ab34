"""What is mapped: `Base` as the first migration makes it, with what autogenerate is to find out on top."""

import datetime
import decimal
import enum
import uuid

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(
        schema="library",
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class Binding(enum.Enum):
    hard = "hard"
    soft = "soft"


class Author(Base):
    __tablename__ = "author"
    __table_args__ = {"comment": "who writes"}

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, index=True, comment="as printed")
    key: Mapped[uuid.UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"))
    born: Mapped[datetime.date | None]
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.title")
    # Only in the mapping: what autogenerate adds.
    country: Mapped[str | None] = mapped_column(String(2), index=True)


class Book(Base):
    __tablename__ = "book"
    __table_args__ = (
        UniqueConstraint("author_id", "title"),
        CheckConstraint("price >= 0", name="price"),
        Index("ix_book_tags", "tags", postgresql_using="gin"),
        Index("ix_book_cheap", "price", postgresql_where=text("price < 10")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("library.author.id", ondelete="CASCADE"))
    author: Mapped[Author] = relationship(back_populates="books")
    # Only in the mapping: longer than the migration has it.
    title: Mapped[str] = mapped_column(String(200))
    price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2))
    gross: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2), Computed("price * 1.2"))
    binding: Mapped[Binding] = mapped_column(Enum(Binding, name="binding"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    extra: Mapped[dict | None] = mapped_column(JSONB)
    cover: Mapped[bytes | None] = mapped_column(LargeBinary)
    lent: Mapped[datetime.timedelta | None] = mapped_column(Interval)
    added: Mapped[datetime.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("'2024-01-01 00:00Z'")
    )


class Loan(Base):
    """Only in the mapping: a whole table that autogenerate adds."""

    __tablename__ = "loan"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("library.book.id"))
    note: Mapped[str | None]
