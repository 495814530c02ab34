import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A day's work on the database of the JDBC URL that is the argument, by pgjdbc: one line a step, its name, a tab and
 * the outcome. The same program runs directly on a server and through the gateway, and the lines have to be equal, so
 * nothing that differs from run to run is printed.
 */
public final class Work {
	interface Step {
		Object run(Connection connection) throws Exception;
	}

	public static void main(String[] arguments) throws Exception {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		Map<String, Step> steps = new LinkedHashMap<>();
		steps.put("prepared statements", Work::prepared);
		steps.put("pipelining", Work::pipelining);
		steps.put("batch", Work::batch);
		steps.put("binary", Work::binary);
		steps.put("arrays", Work::arrays);
		steps.put("cursor", Work::cursor);
		steps.put("COPY in", Work::copyIn);
		steps.put("COPY out", Work::copyOut);
		steps.put("LISTEN and NOTIFY", Work::listen);
		steps.put("cancel", Work::cancel);
		steps.put("transactions and savepoints", Work::transactions);
		steps.put("error codes", Work::errors);
		steps.put("large objects", Work::largeObjects);
		steps.put("metadata", Work::metadata);
		for (Map.Entry<String, Step> step : steps.entrySet()) {
			try (Connection connection = DriverManager.getConnection(arguments[0])) {
				out.println(step.getKey() + "\t" + step.getValue().run(connection));
			} catch (Exception failed) {
				out.println(step.getKey() + "\tstep failed: " + failure(failed));
			}
		}
	}

	private static String failure(Exception error) {
		ServerErrorMessage told = error instanceof PSQLException ? ((PSQLException) error).getServerErrorMessage() : null;
		if (told == null) return error.toString();
		return Arrays.asList(told.getSeverity(), told.getSQLState(), told.getMessage(), told.getDetail(), told.getHint(),
				told.getPosition(), told.getTable(), told.getColumn(), told.getConstraint()).toString();
	}

	private static List<String> rows(ResultSet found) throws SQLException {
		List<String> rows = new ArrayList<>();
		while (found.next()) {
			List<String> row = new ArrayList<>();
			for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) row.add(text(found, column));
			rows.add(row.toString());
		}
		return rows;
	}

	/** Not all columns: sizes and counts of rows are the autovacuum's guess of the moment. */
	private static List<String> named(ResultSet found, String... columns) throws SQLException {
		List<String> rows = new ArrayList<>();
		while (found.next()) for (String column : columns) rows.add(found.getString(column));
		return rows;
	}

	private static String text(ResultSet found, int column) throws SQLException {
		boolean bytes = found.getMetaData().getColumnTypeName(column).equals("bytea");
		return bytes ? Arrays.toString(found.getBytes(column)) : found.getString(column);
	}

	private static List<String> query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			return rows(statement.executeQuery(sql));
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Past its threshold of five the driver gives the statement a name and keeps it. */
	private static Object prepared(Connection connection) throws SQLException {
		List<String> names = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement("SELECT name, seen FROM customers WHERE id = ?")) {
			for (int id = 1; id <= 12; id++) {
				statement.setInt(1, id);
				names.addAll(rows(statement.executeQuery()));
			}
			names.add(statement.getParameterMetaData().getParameterTypeName(1));
		}
		return names;
	}

	/** What this driver pipelines is a batch: all of its Bind and Execute go out before the first answer is read. */
	private static Object pipelining(Connection connection) throws SQLException {
		execute(connection, "CREATE TEMP TABLE p (n int PRIMARY KEY)");
		try (PreparedStatement statement = connection.prepareStatement("INSERT INTO p VALUES (?)")) {
			for (int n = 0; n < 1_000; n++) {
				statement.setInt(1, n);
				statement.addBatch();
			}
			int[] counts = statement.executeBatch();
			for (int n = 2_000; n > 900; n -= 50) {
				statement.setInt(1, n);
				statement.addBatch();
			}
			try {
				statement.executeBatch();
				return "no error";
			} catch (BatchUpdateException error) {
				return Arrays.stream(counts).sum() + " " + Arrays.toString(error.getUpdateCounts()) + failure(error.getNextException())
						+ query(connection, "SELECT count(*), max(n) FROM p");
			}
		}
	}

	private static Object batch(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.addBatch("CREATE TEMP TABLE b (n int, t text)");
			statement.addBatch("INSERT INTO b VALUES (1, 'one'), (2, 'two'), (3, 'three')");
			statement.addBatch("UPDATE b SET t = 'many' WHERE n > 1");
			int[] counts = statement.executeBatch();
			statement.execute("INSERT INTO b VALUES (4, 'four') RETURNING n", Statement.RETURN_GENERATED_KEYS);
			List<String> keys = rows(statement.getGeneratedKeys());
			return Arrays.toString(counts) + keys + query(connection, "SELECT * FROM b ORDER BY n");
		}
	}

	/** With `prepareThreshold=-1` in the URL everything that can be travels in binary format. */
	private static Object binary(Connection connection) throws SQLException {
		connection.unwrap(PGConnection.class).setPrepareThreshold(-1);
		String sql = "SELECT ?::int4, ?::int8, ?::float8, ?::bool, ?::text, ?::bytea, ?::date, ?::timestamp, ?::numeric, ?::uuid";
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setInt(1, -7);
			statement.setLong(2, 1L << 40);
			statement.setDouble(3, 2.25);
			statement.setBoolean(4, true);
			statement.setString(5, "it's");
			statement.setBytes(6, new byte[] {0, -1, 7});
			statement.setObject(7, java.time.LocalDate.of(2024, 2, 29));
			statement.setObject(8, java.time.LocalDateTime.of(2024, 2, 29, 12, 30, 1, 500_000_000));
			statement.setBigDecimal(9, new java.math.BigDecimal("12.340"));
			statement.setObject(10, java.util.UUID.fromString("00000000-0000-0000-0000-000000000001"));
			return rows(statement.executeQuery());
		}
	}

	private static Object arrays(Connection connection) throws SQLException {
		connection.unwrap(PGConnection.class).setPrepareThreshold(-1);
		try (PreparedStatement statement = connection.prepareStatement("SELECT ?::int[], ?::text[], tags FROM customers WHERE id = ANY(?)")) {
			statement.setArray(1, connection.createArrayOf("int4", new Integer[] {1, null, 3}));
			statement.setArray(2, connection.createArrayOf("text", new String[] {"a\"b", null, ""}));
			statement.setArray(3, connection.createArrayOf("int4", new Integer[] {4}));
			try (ResultSet found = statement.executeQuery()) {
				found.next();
				List<String> values = new ArrayList<>();
				for (int column = 1; column <= 3; column++) {
					Array array = found.getArray(column);
					values.add(array.getBaseTypeName() + Arrays.toString((Object[]) array.getArray()));
				}
				return values;
			}
		}
	}

	private static Object cursor(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		long sum = 0;
		try (Statement statement = connection.createStatement()) {
			statement.setFetchSize(1_000);
			ResultSet found = statement.executeQuery("SELECT g, repeat('x', 500) FROM generate_series(1, 20000) g");
			while (found.next()) {
				sum += found.getInt(1);
				if (found.getInt(1) % 5_000 == 0) query(connection, "SELECT count(*) FROM orders");
			}
		}
		connection.commit();
		return sum;
	}

	private static Object copyIn(Connection connection) throws Exception {
		execute(connection, "CREATE TEMP TABLE c (id int, note text)");
		CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
		StringBuilder lines = new StringBuilder();
		for (int n = 0; n < 50_000; n++) lines.append(n).append('\t').append("y".repeat(90)).append('\n');
		long count = copy.copyIn("COPY c FROM STDIN", new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
		String refused = "";
		try {
			copy.copyIn("COPY c FROM STDIN", new ByteArrayInputStream("not a number\tx\n".getBytes(StandardCharsets.UTF_8)));
		} catch (SQLException error) {
			refused = failure(error);
		}
		return count + refused + query(connection, "SELECT count(*), sum(id), sum(length(note)) FROM c");
	}

	private static Object copyOut(Connection connection) throws Exception {
		ByteArrayOutputStream data = new ByteArrayOutputStream();
		CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
		long count = copy.copyOut("COPY (SELECT g, repeat('z', 90) FROM generate_series(1, 50000) g) TO STDOUT", data);
		CRC32 sum = new CRC32();
		sum.update(data.toByteArray());
		return count + " " + data.size() + " " + sum.getValue();
	}

	private static Object listen(Connection connection) throws SQLException {
		execute(connection, "LISTEN news");
		execute(connection, "NOTIFY news, 'one'");
		query(connection, "SELECT pg_notify('news', 'two')");
		PGConnection own = connection.unwrap(PGConnection.class);
		List<String> heard = new ArrayList<>();
		while (heard.size() < 2)
			for (PGNotification note : own.getNotifications(10_000))
				heard.add(note.getName() + " " + note.getParameter() + " " + (note.getPID() == own.getBackendPID()));
		return heard;
	}

	private static Object cancel(Connection connection) throws Exception {
		try (Statement statement = connection.createStatement()) {
			Thread canceller = new Thread(() -> {
				try {
					Thread.sleep(200);
					statement.cancel();
				} catch (InterruptedException | SQLException error) {
					throw new IllegalStateException(error);
				}
			});
			canceller.start();
			String cancelled = "";
			try {
				statement.executeQuery("SELECT pg_sleep(30)");
			} catch (SQLException error) {
				cancelled = failure(error);
			}
			canceller.join();
			return cancelled + query(connection, "SELECT 1");
		}
	}

	private static Object transactions(Connection connection) throws SQLException {
		execute(connection, "CREATE TEMP TABLE t (n int)");
		connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
		connection.setAutoCommit(false);
		execute(connection, "INSERT INTO t VALUES (1)");
		Savepoint savepoint = connection.setSavepoint("inner");
		List<String> failures = new ArrayList<>();
		for (String sql : new String[] {"INSERT INTO t VALUES (2)", "SELECT 1 / 0", "SELECT 1"}) {
			try {
				execute(connection, sql);
			} catch (SQLException error) {
				failures.add(failure(error));
			}
		}
		connection.rollback(savepoint);
		execute(connection, "INSERT INTO t VALUES (3)");
		connection.commit();
		execute(connection, "DELETE FROM t");
		connection.rollback();
		connection.setReadOnly(true);
		return failures + "" + query(connection, "SELECT n FROM t ORDER BY n") + query(connection, "SHOW transaction_read_only");
	}

	private static Object errors(Connection connection) {
		List<String> failures = new ArrayList<>();
		for (String sql : new String[] {"SELEC 1", "SELECT nope FROM customers", "SELECT 1 FROM nowhere", "SELECT nothing(1)",
				"INSERT INTO customers (id, name, email) VALUES (900, 'x', 'c1@example.com')",
				"INSERT INTO customers (id, email) VALUES (901, 'y')",
				"INSERT INTO orders (id, customer_id, total) VALUES (9001, 1, -1)",
				"INSERT INTO orders (id, customer_id, total) VALUES (9002, 4711, 1)", "SELECT 'x'::int", "SELECT 1/0"}) {
			try {
				execute(connection, sql);
			} catch (SQLException error) {
				failures.add(failure(error));
			}
		}
		return failures;
	}

	/** By the fast path: lo_creat, lo_open, lowrite, loread and the rest as FunctionCall messages. */
	private static Object largeObjects(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
		long id = manager.createLO(LargeObjectManager.READWRITE);
		try (LargeObject object = manager.open(id, LargeObjectManager.READWRITE)) {
			object.write("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
			object.seek(99_990);
			int read = object.read(100).length;
			object.truncate(10);
			object.seek(0);
			return read + " " + new String(object.read(100), StandardCharsets.UTF_8) + " " + object.size();
		} finally {
			manager.delete(id);
			connection.commit();
		}
	}

	/** What tools ask by `DatabaseMetaData`. */
	private static Object metadata(Connection connection) throws SQLException {
		var data = connection.getMetaData();
		List<List<String>> found = new ArrayList<>();
		found.add(rows(data.getSchemas()));
		found.add(rows(data.getTables(null, "public", "%", null)));
		found.add(rows(data.getColumns(null, "public", "customers", "%")));
		found.add(rows(data.getPrimaryKeys(null, "public", "orders")));
		found.add(rows(data.getImportedKeys(null, "public", "orders")));
		found.add(named(data.getIndexInfo(null, "public", "customers", false, true), "INDEX_NAME", "COLUMN_NAME", "NON_UNIQUE"));
		found.add(rows(data.getFunctions(null, "public", "%")));
		found.add(rows(data.getTablePrivileges(null, "public", "orders")));
		found.add(List.of(rows(data.getTypeInfo()).size() > 300 ? "types" : "few types"));
		return found;
	}
}
