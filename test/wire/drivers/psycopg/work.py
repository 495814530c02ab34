"""Does a day's work on the database that its argument names, by psycopg 3, and prints one JSON line a step.

The same program runs directly on a server and through the gateway, and the lines have to be equal, so nothing that
differs from run to run is printed.
"""

import datetime
import decimal
import json
import sys
import threading

import psycopg
from psycopg.rows import dict_row


def plain(value):
    """A value in a form that JSON has and that tells types apart."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (bytes, memoryview)):
        return "bytes " + bytes(value).hex()
    if isinstance(value, (decimal.Decimal, datetime.date, datetime.datetime, datetime.timedelta)):
        return f"{type(value).__name__} {value}"
    return value


STEPS = []


def step(function):
    STEPS.append(function)
    return function


def failure(error):
    diag = error.diag
    return [type(error).__name__, diag.severity, diag.sqlstate, diag.message_primary, diag.message_detail,
            diag.message_hint, diag.statement_position, diag.table_name, diag.column_name, diag.constraint_name]


@step
def rows_of_many_types(conn):
    sql = "SELECT id, name, balance, born, seen, tags, extra, photo, active, NULL FROM customers WHERE id <= %s ORDER BY id"
    return plain(conn.execute(sql, [3]).fetchall())


@step
def the_same_in_binary(conn):
    sql = "SELECT id, name, balance, born, seen, tags, extra, photo, active, NULL::int FROM customers WHERE id <= %s ORDER BY id"
    return plain(conn.cursor(binary=True).execute(sql, [3]).fetchall())


@step
def dictionaries(conn):
    return conn.cursor(row_factory=dict_row).execute("SELECT 1 AS one, 'x' AS two").fetchall()


@step
def parameters_of_many_types(conn):
    values = [1, 2**40, 1.5, decimal.Decimal("12.340"), "it's", True, None, b"\x00\xff", datetime.date(2024, 2, 29),
              datetime.datetime(2024, 2, 29, 12, 30, 1, 5), [1, None, 3], ["a", None]]
    casts = ["int4", "int8", "float8", "numeric", "text", "bool", "text", "bytea", "date", "timestamp", "int4[]", "text[]"]
    texts = ", ".join(f"%s::{cast}" for cast in casts)
    binaries = ", ".join(f"%b::{cast}" for cast in casts)
    return [plain(conn.cursor(binary=True).execute(f"SELECT {marks}", values).fetchone()) for marks in (texts, binaries)]


@step
def a_statement_prepared_and_used_again(conn):
    sql = "SELECT name FROM customers WHERE id = %s"
    return [conn.execute(sql, [n], prepare=True).fetchone()[0] for n in (1, 2, 3, 2)]


@step
def a_statement_that_is_prepared_by_itself(conn):
    return [conn.execute("SELECT %s::int + 1", [n]).fetchone()[0] for n in range(12)]


@step
def a_pipeline(conn):
    with conn.pipeline():
        cursors = [conn.execute("SELECT %s::int * 2", [n]) for n in range(50)]
        conn.execute("INSERT INTO scratch VALUES (1, 'pipeline')")
        last = conn.execute("SELECT note FROM scratch WHERE id = 1")
    result = [cursor.fetchone()[0] for cursor in cursors], last.fetchall()
    conn.execute("DELETE FROM scratch WHERE id = 1")
    return result


@step
def a_pipeline_that_fails_in_the_middle(conn):
    outcomes = []
    try:
        with conn.pipeline() as pipeline:
            conn.execute("INSERT INTO scratch VALUES (2, 'before')")
            conn.execute("SELECT 1 / %s", [0])
            conn.execute("INSERT INTO scratch VALUES (2, 'after')")
            pipeline.sync()
    except psycopg.Error as error:
        outcomes.append(failure(error))
    conn.rollback()
    outcomes.append(conn.execute("SELECT count(*) FROM scratch WHERE id = 2").fetchone())
    return outcomes


@step
def executemany(conn):
    cursor = conn.cursor()
    cursor.executemany("INSERT INTO scratch VALUES (%s, %s) RETURNING id", [(n, "many") for n in range(20)], returning=True)
    ids = []
    while True:
        ids.append(cursor.fetchone()[0])
        if not cursor.nextset():
            break
    conn.execute("DELETE FROM scratch WHERE note = 'many'")
    return ids


@step
def a_named_cursor(conn):
    with conn.transaction(), conn.cursor(name="it's mine") as cursor:
        cursor.itersize = 7
        cursor.execute("SELECT g FROM generate_series(1, 40) g")
        head = cursor.fetchmany(5)
        rest = [row[0] for row in cursor]
    return [head, rest]


@step
def a_cursor_that_scrolls_and_is_held(conn):
    cursor = conn.cursor(name="held", scrollable=True, withhold=True)
    cursor.execute("SELECT id FROM customers ORDER BY id")
    conn.commit()
    first = cursor.fetchmany(2)
    cursor.scroll(10, mode="absolute")
    then = cursor.fetchmany(2)
    cursor.close()
    return [first, then]


@step
def rows_by_stream(conn):
    return sum(row[0] for row in conn.cursor().stream("SELECT g FROM generate_series(1, 20000) g"))


@step
def copy_in_and_out(conn):
    with conn.cursor().copy("COPY scratch FROM STDIN") as copy:
        for n in range(1000):
            copy.write_row((n, f"copy\t{n}"))
    with conn.cursor().copy("COPY (SELECT * FROM scratch ORDER BY id LIMIT 3) TO STDOUT") as copy:
        out = [row for row in copy.rows()]
    count = conn.execute("SELECT count(*), sum(id) FROM scratch").fetchone()
    conn.execute("DELETE FROM scratch WHERE id >= 0")
    return [out, count]


@step
def copy_in_binary(conn):
    with conn.cursor().copy("COPY scratch FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "text"])
        copy.write_row((7, "binary"))
        copy.write_row((8, None))
    with conn.cursor().copy("COPY scratch TO STDOUT (FORMAT binary)") as copy:
        copy.set_types(["int4", "text"])
        out = [row for row in copy.rows()]
    conn.execute("DELETE FROM scratch WHERE id >= 0")
    return out


@step
def a_copy_that_the_client_gives_up(conn):
    try:
        with conn.cursor().copy("COPY scratch FROM STDIN") as copy:
            copy.write_row((1, "given up"))
            raise RuntimeError("no more")
    except (RuntimeError, psycopg.Error) as error:
        outcome = str(error).splitlines()[0]
    conn.rollback()
    return [outcome, conn.execute("SELECT count(*) FROM scratch").fetchone()]


@step
def a_copy_that_the_server_refuses(conn):
    try:
        with conn.cursor().copy("COPY scratch FROM STDIN") as copy:
            copy.write("not a number\tx\n" * 2000)
    except psycopg.Error as error:
        outcome = failure(error)
    conn.rollback()
    return [outcome, conn.execute("SELECT 1").fetchone()]


@step
def fifty_megabytes_both_ways(conn):
    block = b"".join(b"%d\t%s\n" % (n, b"x" * 90) for n in range(10000, 20000))
    with conn.cursor().copy("COPY scratch FROM STDIN") as copy:
        for _ in range(52):
            copy.write(block)
    size = 0
    with conn.cursor().copy("COPY scratch TO STDOUT") as copy:
        for data in copy:
            size += len(data)
    conn.execute("TRUNCATE scratch")
    return [len(block) * 52, size]


@step
def transactions_and_savepoints(conn):
    with conn.transaction():
        conn.execute("INSERT INTO scratch VALUES (1, 'kept')")
        try:
            with conn.transaction():
                conn.execute("INSERT INTO scratch VALUES (2, 'lost')")
                conn.execute("SELECT 1 / 0")
        except psycopg.errors.DivisionByZero as error:
            lost = failure(error)
        with conn.transaction() as inner:
            conn.execute("INSERT INTO scratch VALUES (3, 'lost')")
            raise psycopg.Rollback(inner)
    rows = conn.execute("SELECT * FROM scratch ORDER BY id").fetchall()
    conn.execute("DELETE FROM scratch WHERE id = 1")
    conn.commit()
    return [lost, rows]


@step
def errors_and_their_fields(conn):
    outcomes = []
    for sql in ("SELEC 1", "SELECT nope FROM customers", "SELECT 1 FROM nowhere", "SELECT nothing(1)",
                "INSERT INTO customers (id, name, email) VALUES (900, 'x', 'c1@example.com')",
                "INSERT INTO customers (id, email) VALUES (901, 'y')",
                "INSERT INTO orders (id, customer_id, total) VALUES (9001, 1, -1)",
                "INSERT INTO orders (id, customer_id, total) VALUES (9002, 4711, 1)",
                "SELECT 'x'::int", "SELECT '[1'::jsonb", "SELECT 1/0"):
        try:
            conn.execute(sql)
        except psycopg.Error as error:
            outcomes.append(failure(error))
        conn.rollback()
    return outcomes


@step
def a_failed_transaction(conn):
    outcomes = []
    for sql in ("SELECT 1/0", "SELECT 1", "COMMIT"):
        try:
            outcomes.append(conn.execute(sql).statusmessage)
        except psycopg.Error as error:
            outcomes.append(failure(error))
        outcomes.append(conn.info.transaction_status.name)
    conn.rollback()
    return outcomes


@step
def several_statements_in_one_text(conn):
    cursor = conn.execute("SELECT 1; SELECT 2, 3; SELECT count(*) FROM customers")
    results = [cursor.fetchall()]
    while cursor.nextset():
        results.append(cursor.fetchall())
    return results


@step
def notices(conn):
    said = []
    conn.add_notice_handler(lambda diag: said.append([diag.severity, diag.sqlstate, diag.message_primary]))
    conn.execute("DROP TABLE IF EXISTS nowhere")
    conn.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 42; RAISE WARNING 'careful'; END $$")
    return said


@step
def listening(conn):
    conn.commit()
    conn.autocommit = True
    conn.execute("LISTEN news")
    conn.execute("NOTIFY news, 'read all about it'")
    conn.execute("SELECT pg_notify('news', 'again')")
    heard = [[note.channel, note.payload] for note in conn.notifies(timeout=5, stop_after=2)]
    conn.execute("UNLISTEN *")
    conn.autocommit = False
    return heard


@step
def a_statement_that_is_cancelled(conn):
    started = threading.Event()

    def cancel():
        started.wait()
        conn.cancel_safe()

    thread = threading.Timer(0.3, cancel)
    thread.start()
    started.set()
    try:
        conn.execute("SELECT pg_sleep(30)")
    except psycopg.errors.QueryCanceled as error:
        outcome = failure(error)
    thread.join()
    conn.rollback()
    return [outcome, conn.execute("SELECT 1").fetchone()]


@step
def settings_of_the_session(conn):
    conn.execute("SET search_path TO pg_catalog, public")
    conn.execute("SET LOCAL statement_timeout = '5s'")
    conn.execute("SET timezone TO 'Europe/Berlin'")
    found = [conn.execute(f"SHOW {name}").fetchone()[0] for name in ("search_path", "statement_timeout", "timezone")]
    seen = str(conn.execute("SELECT seen FROM customers WHERE id = 1").fetchone()[0])
    conn.rollback()
    return [found, seen, conn.execute("SHOW search_path").fetchone()[0], conn.info.parameter_status("TimeZone")]


@step
def temporary_tables_and_ddl(conn):
    conn.execute("CREATE TEMP TABLE mine (id int, customer text)")
    conn.execute("INSERT INTO mine SELECT id, name FROM customers WHERE id < 4")
    rows = conn.execute("SELECT * FROM mine ORDER BY id").fetchall()
    conn.execute("ALTER TABLE mine ADD COLUMN more int DEFAULT 5")
    return [rows, conn.execute("SELECT * FROM mine ORDER BY id").fetchall()]


@step
def a_prepared_statement_whose_table_changes(conn):
    conn.execute("CREATE TABLE changing (id int)")
    conn.execute("INSERT INTO changing VALUES (1)")
    conn.commit()
    sql = "SELECT * FROM changing WHERE id = %s"
    outcomes = [conn.execute(sql, [1], prepare=True).fetchall()]
    conn.commit()
    conn.execute("ALTER TABLE changing ADD COLUMN more int")
    conn.commit()
    for _ in range(2):
        try:
            outcomes.append(conn.execute(sql, [1], prepare=True).fetchall())
        except psycopg.Error as error:
            outcomes.append([*failure(error), error.diag.source_function])
        conn.rollback()
    conn.execute("DEALLOCATE ALL")
    conn.execute("ALTER TABLE changing DROP COLUMN more")
    conn.execute("CREATE INDEX ON changing (id)")
    conn.commit()
    outcomes.append(conn.execute("SELECT id FROM changing WHERE id = %s", [1], prepare=True).fetchall())
    conn.execute("ALTER TABLE changing ADD COLUMN yet_more int")
    outcomes.append(conn.execute("SELECT id FROM changing WHERE id = %s", [1], prepare=True).fetchall())
    conn.execute("DROP TABLE changing")
    conn.commit()
    return outcomes


@step
def two_phase_status(conn):
    return [conn.info.server_version, conn.info.encoding, conn.info.parameter_status("standard_conforming_strings"),
            conn.info.parameter_status("integer_datetimes")]


@step
def a_row_of_twenty_megabytes(conn):
    return len(conn.execute("SELECT repeat('x', 20 * 1024 * 1024)").fetchone()[0])


@step
def a_parameter_of_five_megabytes(conn):
    return conn.execute("SELECT length(%s::text)", ["y" * (5 * 1024 * 1024)]).fetchone()


def main(url):
    with psycopg.connect(url) as conn:
        conn.execute("TRUNCATE scratch")
    for work in STEPS:
        with psycopg.connect(url) as conn:
            try:
                outcome = work(conn)
            except Exception as error:  # a step that fails is a line that differs
                outcome = {"step failed": f"{type(error).__name__}: {error}"}
            conn.rollback()
        print(json.dumps([work.__name__, plain(outcome)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
