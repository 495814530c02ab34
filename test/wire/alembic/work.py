"""
Works with SQLAlchemy and Alembic on the database at the URL given, from the first migration to the last downgrade, and
prints as JSON what came of it. The second argument is a directory for generated migrations.
"""

import datetime
import decimal
import json
import shutil
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, selectinload

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from models import Author, Base, Binding, Book  # noqa: E402


def main(url: str, scratch: str) -> None:
    engine = create_engine(url)
    place = Path(scratch, "alembic")
    shutil.copytree(HERE, place)
    config = Config()
    config.set_main_option("script_location", str(place))
    outcome: dict[str, object] = {}

    def migrate(what, *arguments, **options) -> None:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            what(config, *arguments, **options)

    migrate(command.upgrade, "head")
    outcome["first"] = reflected(engine)
    migrate(command.revision, "what differs", autogenerate=True, rev_id="0002")
    [generated] = place.glob("versions/0002_*.py")
    outcome["generated"] = generated.read_text()
    migrate(command.upgrade, "head")
    migrate(command.check)
    outcome["second"] = reflected(engine)
    outcome["work"] = work(engine)
    outcome["tables"] = rows(engine)
    migrate(command.downgrade, "0001")
    outcome["back"] = reflected(engine)
    migrate(command.downgrade, "base")
    outcome["schemas"] = sorted(inspect(engine).get_schema_names())
    engine.dispose()
    print(json.dumps(outcome, default=str, sort_keys=True))


def reflected(engine) -> object:
    """All that an inspector tells of the schema; names that the tool makes are the same each time."""
    inspector = inspect(engine)
    found = {}
    for kind in ("columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints"):
        of_all = getattr(inspector, f"get_multi_{kind}")(schema="library")
        found[kind] = {str(table): repr(details) for table, details in sorted(of_all.items())}
    found["comments"] = repr(sorted(inspector.get_multi_table_comment(schema="library").items()))
    found["enums"] = inspector.get_enums(schema="library")
    found["views"] = sorted(inspector.get_view_names(schema="library"))
    found["definition"] = inspector.get_view_definition("cheap", schema="library")
    found["sequences"] = sorted(inspector.get_sequence_names(schema="library"))
    return found


def work(engine) -> list[object]:
    """Objects made, read, changed and deleted, in the ways that the library has for it; errors included."""
    done: list[object] = []
    with Session(engine) as session:
        authors = [Author(name=f"author {n}", country="ch", born=datetime.date(1900, 1, 1 + n)) for n in range(5)]
        for author in authors:
            author.books = [
                Book(
                    title=f"book {n}",
                    price=decimal.Decimal(n) * 4,
                    binding=Binding.hard if n % 2 else Binding.soft,
                    tags=["a", f't"{n}'],
                    extra={"n": n, "deep": [None, {"ü": 1.5}]},
                    cover=bytes(range(n * 10)),
                    lent=datetime.timedelta(days=n, seconds=7),
                )
                for n in range(4)
            ]
        session.add_all(authors)
        session.commit()
        done.append([(author.id, len(author.books)) for author in authors])
    with Session(engine) as session:
        loaded = session.scalars(select(Author).options(selectinload(Author.books)).order_by(Author.id)).all()
        done.append([(a.name, [(b.title, b.gross, b.binding, b.tags, b.extra) for b in a.books]) for a in loaded])
        loaded[2].name = "  changed  "
        session.delete(loaded[2].books[0])
        session.flush()
        session.refresh(loaded[2])
        done.append(loaded[2].name)
        done.append(session.execute(update(Book).where(Book.price > 8).values(price=Book.price + 1)).rowcount)
        done.append(session.execute(delete(Book).where(Book.title == "book 3").returning(Book.id)).scalars().all())
        try:
            with session.begin_nested():
                session.execute(insert(Book).values(author_id=4711, title="x", price=1, binding=Binding.soft))
        except DBAPIError as error:
            done.append([type(error).__name__, error.orig.sqlstate, error.orig.diag.constraint_name])
        session.commit()
    with engine.begin() as connection:
        statement = upsert(Book).values(author_id=3, title="book 1", price=99, binding=Binding.soft)
        merged = statement.on_conflict_do_update(
            index_elements=["author_id", "title"], set_={"price": statement.excluded.price}
        ).returning(Book.price)
        done.append(connection.execute(merged).scalar_one())
        done.append(connection.execute(select(func.count(), func.sum(Book.price)).where(Book.tags.contains(["a"]))).all())
        done.append(connection.execute(text("SELECT id FROM library.cheap ORDER BY 1")).scalars().all())
    with engine.connect().execution_options(stream_results=True, max_row_buffer=3) as connection:
        done.append(sum(1 for _ in connection.execute(select(Book).order_by(Book.id))))
    return [repr(each) for each in done]


def rows(engine) -> dict[str, list[str]]:
    """Every row of every table; `key` is made of chance."""
    with engine.connect() as connection:
        return {
            name: [
                repr({key: value for key, value in row.items() if key != "key"})
                for row in connection.execute(select(table).order_by(table.c.id)).mappings()
            ]
            for name, table in Base.metadata.tables.items()
        }


main(*sys.argv[1:])
