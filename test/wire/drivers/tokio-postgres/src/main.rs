//! A day's work on the database that the argument names, by tokio-postgres: one line of JSON a step, `[name, outcome]`.
//!
//! The same program runs directly on a server and through the gateway, and the lines have to be equal, so nothing that
//! differs from run to run is printed. Values always travel in binary format, which is all that this driver does.

use std::future::Future;
use std::pin::{pin, Pin};
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::{stream, SinkExt, StreamExt, TryStreamExt};
use serde_json::{json, Value};
use tokio::sync::mpsc;
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::types::Type;
use tokio_postgres::{connect, AsyncMessage, Client, Error, IsolationLevel, NoTls, SimpleQueryMessage};

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Value, Error>> + 'a>>;
type Step = for<'a> fn(&'a mut Session) -> Outcome<'a>;

struct Session {
    client: Client,
    heard: mpsc::UnboundedReceiver<(String, String)>,
}

/// Connects; what comes unasked goes to `heard`.
async fn open(url: &str) -> Result<Session, Error> {
    let (client, mut connection) = connect(url, NoTls).await?;
    let (tell, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            let said = match message {
                AsyncMessage::Notification(note) => (note.channel().into(), note.payload().into()),
                AsyncMessage::Notice(notice) => ("notice".into(), notice.message().into()),
                _ => continue,
            };
            let _ = tell.send(said);
        }
    });
    Ok(Session { client, heard })
}

fn failure(error: &Error) -> Value {
    match error.as_db_error() {
        Some(told) => json!({
            "severity": told.severity(), "code": told.code().code(), "message": told.message(),
            "detail": told.detail(), "hint": told.hint(), "position": format!("{:?}", told.position()),
            "table": told.table(), "column": told.column(), "constraint": told.constraint(),
        }),
        None => json!({ "error": error.to_string() }),
    }
}

fn prepared(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let statement = session.client.prepare("SELECT id, name FROM customers WHERE id = $1").await?;
        let columns: Vec<_> = statement.columns().iter().map(|c| json!([c.name(), c.type_().name()])).collect();
        let mut names = Vec::new();
        for id in [1, 2, 3, 2] {
            names.push(session.client.query_one(&statement, &[&id]).await?.get::<_, String>(1));
        }
        let typed = session.client.prepare_typed("SELECT $1", &[Type::INT8]).await?;
        let number: i64 = session.client.query_one(&typed, &[&(1_i64 << 40)]).await?.get(0);
        Ok(json!([columns, names, number]))
    })
}

fn pipelining(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let client = &session.client;
        let answers = join_all((0..50_i32).map(|n| async move {
            match client.query_one("SELECT 100 / $1::int", &[&(n - 25)]).await {
                Ok(row) => json!(row.get::<_, i32>(0)),
                Err(error) => failure(&error),
            }
        }));
        Ok(json!(answers.await))
    })
}

fn batch(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let client = &session.client;
        client.batch_execute("CREATE TEMP TABLE b (n int); INSERT INTO b SELECT generate_series(1, 5)").await?;
        let failed = client.batch_execute("INSERT INTO b VALUES (6); SELECT 1 / 0; INSERT INTO b VALUES (7)").await;
        let answers = client.simple_query("SELECT sum(n), count(*) FROM b; DELETE FROM b WHERE n < 3; SELECT 'x'").await?;
        let rows = answers.iter().map(|message| match message {
            SimpleQueryMessage::Row(row) => json!((0..row.len()).map(|n| row.get(n)).collect::<Vec<_>>()),
            SimpleQueryMessage::CommandComplete(count) => json!(count),
            _ => json!("columns"),
        });
        Ok(json!([failed.err().map(|error| failure(&error)), rows.collect::<Vec<_>>()]))
    })
}

fn binary(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let moment = UNIX_EPOCH + Duration::from_millis(1_709_209_800_500);
        let bytes: &[u8] = &[0, 255, 7];
        let sql = "SELECT $1::int2, $2::int4, $3::int8, $4::float4, $5::float8, $6::bool, $7::text, $8::bytea, \
                   $9::timestamptz, $10::text";
        let none: Option<String> = None;
        let row = session
            .client
            .query_one(sql, &[&7_i16, &-1_i32, &(1_i64 << 40), &1.5_f32, &2.25_f64, &true, &"it's", &bytes, &moment, &none])
            .await?;
        let since = |at: std::time::SystemTime| at.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
        Ok(json!([
            row.get::<_, i16>(0), row.get::<_, i32>(1), row.get::<_, i64>(2), row.get::<_, f32>(3), row.get::<_, f64>(4),
            row.get::<_, bool>(5), row.get::<_, String>(6), row.get::<_, Vec<u8>>(7), since(row.get(8)),
            row.get::<_, Option<String>>(9),
        ]))
    })
}

fn arrays(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let numbers = vec![Some(1), None, Some(-3)];
        let texts = vec![Some("a\"b".to_string()), None, Some(String::new())];
        let empty: Vec<i64> = vec![];
        let row = session.client.query_one("SELECT $1::int4[], $2::text[], $3::int8[]", &[&numbers, &texts, &empty]).await?;
        let tags = session.client.query_one("SELECT tags FROM customers WHERE id = ANY($1)", &[&vec![4_i32]]).await?;
        Ok(json!([
            row.get::<_, Vec<Option<i32>>>(0), row.get::<_, Vec<Option<String>>>(1), row.get::<_, Vec<i64>>(2),
            tags.get::<_, Vec<Option<String>>>(0),
        ]))
    })
}

/// Rows of a portal, some at a time, and others in between.
fn cursor(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let transaction = session.client.transaction().await?;
        let portal = transaction.bind("SELECT g, repeat('x', 500) FROM generate_series(1, $1) g", &[&20_000_i32]).await?;
        let (mut pages, mut sum) = (0, 0_i64);
        loop {
            let rows = transaction.query_portal(&portal, 3_000).await?;
            if rows.is_empty() {
                break;
            }
            pages += 1;
            sum += rows.iter().map(|row| i64::from(row.get::<_, i32>(0))).sum::<i64>();
            transaction.query_one("SELECT count(*) FROM orders", &[]).await?;
        }
        transaction.commit().await?;
        Ok(json!([pages, sum]))
    })
}

fn copy_in(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let client = &session.client;
        client.batch_execute("CREATE TEMP TABLE c (id int, note text)").await?;
        let mut sink = pin!(client.copy_in("COPY c FROM STDIN").await?);
        for block in 0..500 {
            let lines: String = (0..100).map(|n| format!("{}\t{}\n", block * 100 + n, "y".repeat(90))).collect();
            sink.send(Bytes::from(lines)).await?;
        }
        let text = sink.finish().await?;
        let writer = BinaryCopyInWriter::new(client.copy_in("COPY c FROM STDIN BINARY").await?, &[Type::INT4, Type::TEXT]);
        let mut writer = pin!(writer);
        for n in 0..1_000_i32 {
            writer.as_mut().write(&[&n, &(n % 3 == 0).then_some("binary")]).await?;
        }
        let binary = writer.finish().await?;
        let mut sink = pin!(client.copy_in("COPY c FROM STDIN").await?);
        sink.send(Bytes::from_static(b"not a number\tx\n")).await?;
        let refused = sink.finish().await.err().map(|error| failure(&error));
        let row = client.query_one("SELECT count(*), sum(id), sum(length(note)) FROM c", &[]).await?;
        Ok(json!([text, binary, refused, row.get::<_, i64>(0), row.get::<_, i64>(1), row.get::<_, i64>(2)]))
    })
}

fn copy_out(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let sql = "COPY (SELECT g, repeat('z', 90) FROM generate_series(1, 50000) g) TO STDOUT";
        let text: Vec<Bytes> = session.client.copy_out(sql).await?.try_collect().await?;
        let sum = text.iter().flatten().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
        let stream = session.client.copy_out("COPY (SELECT id, name FROM customers ORDER BY id) TO STDOUT BINARY").await?;
        let rows: Vec<_> = BinaryCopyOutStream::new(stream, &[Type::INT4, Type::TEXT]).try_collect().await?;
        let names: Vec<_> = rows.iter().take(3).map(|row| json!([row.get::<i32>(0), row.get::<String>(1)])).collect();
        Ok(json!([text.iter().map(Bytes::len).sum::<usize>(), sum, rows.len(), names]))
    })
}

fn listen(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        session.client.batch_execute("LISTEN news").await?;
        session.client.batch_execute("NOTIFY news, 'one'").await?;
        session.client.execute("SELECT pg_notify('news', $1)", &[&"two"]).await?;
        session.client.batch_execute("DO $$ BEGIN RAISE NOTICE 'said'; END $$").await?;
        let mut heard = Vec::new();
        while heard.len() < 3 {
            heard.push(session.heard.recv().await);
        }
        Ok(json!(heard))
    })
}

fn cancel(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let token = session.client.cancel_token();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            token.cancel_query(NoTls).await
        });
        let cancelled = session.client.query("SELECT pg_sleep(30)", &[]).await.err().map(|error| failure(&error));
        let alive: i32 = session.client.query_one("SELECT 1", &[]).await?.get(0);
        Ok(json!([cancelled, alive]))
    })
}

fn transactions(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        session.client.batch_execute("CREATE TEMP TABLE t (n int)").await?;
        let mut outer = session.client.build_transaction().isolation_level(IsolationLevel::Serializable).start().await?;
        outer.execute("INSERT INTO t VALUES (1)", &[]).await?;
        let inner = outer.savepoint("within").await?;
        inner.execute("INSERT INTO t VALUES (2)", &[]).await?;
        let failed = inner.query("SELECT 1 / $1::int", &[&0_i32]).await.err().map(|error| failure(&error));
        let ignored = inner.query("SELECT 1", &[]).await.err().map(|error| failure(&error));
        inner.rollback().await?;
        outer.execute("INSERT INTO t VALUES (3)", &[]).await?;
        outer.commit().await?;
        let undone = session.client.transaction().await?;
        undone.execute("DELETE FROM t", &[]).await?;
        drop(undone);
        let left = session.client.query("SELECT n FROM t ORDER BY n", &[]).await?;
        Ok(json!([failed, ignored, left.iter().map(|row| row.get::<_, i32>(0)).collect::<Vec<_>>()]))
    })
}

fn errors(session: &mut Session) -> Outcome<'_> {
    Box::pin(async move {
        let mut outcomes = Vec::new();
        for sql in [
            "SELEC 1",
            "SELECT nope FROM customers",
            "SELECT 1 FROM nowhere",
            "SELECT nothing(1)",
            "INSERT INTO customers (id, name, email) VALUES (900, 'x', 'c1@example.com')",
            "INSERT INTO customers (id, email) VALUES (901, 'y')",
            "INSERT INTO orders (id, customer_id, total) VALUES (9001, 1, -1)",
            "INSERT INTO orders (id, customer_id, total) VALUES (9002, 4711, 1)",
            "SELECT 'x'::int",
            "SELECT 1/0",
        ] {
            outcomes.push(session.client.query(sql, &[]).await.err().map(|error| failure(&error)));
        }
        Ok(json!(outcomes))
    })
}

const STEPS: [(&str, Step); 12] = [
    ("prepared statements", prepared),
    ("pipelining", pipelining),
    ("batch", batch),
    ("binary", binary),
    ("arrays", arrays),
    ("cursor", cursor),
    ("COPY in", copy_in),
    ("COPY out", copy_out),
    ("LISTEN and NOTIFY", listen),
    ("cancel", cancel),
    ("transactions and savepoints", transactions),
    ("error codes", errors),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let url = std::env::args().nth(1).unwrap_or_default();
    for (name, step) in STEPS {
        let mut session = open(&url).await?;
        let outcome = match step(&mut session).await {
            Ok(outcome) => outcome,
            Err(error) => json!({ "step failed": failure(&error) }),
        };
        println!("{}", json!([name, outcome]));
    }
    Ok(())
}
