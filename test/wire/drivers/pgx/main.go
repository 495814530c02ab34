// A PostgreSQL client for the wire tests, on pgx: it connects to the URL that is its argument and answers each line of
// JSON on its standard input with one on its standard output.
//
//	{"op": "query", "sql": "...", "args": [...], "mode": "..."}   rows and command tag of one statement
//	{"op": "batch", "batch": [{"sql": "...", "args": [...]}]}      several statements in one pipeline
//	{"op": "copy_in", "sql": "COPY ... FROM STDIN", "data": "..."}
//	{"op": "copy_out", "sql": "COPY ... TO STDOUT"}
//	{"op": "copy_rows", "count": n}      n rows of 100 bytes into scratch (id, note), by CopyFrom in binary format
//	{"op": "cancel", "sql": "..."}       one statement whose context ends after 300 ms
//	{"op": "listen", "count": n}         waits for n notifications
//	{"op": "nested"}                     a transaction with savepoints, one of them failed and rolled back
//
// mode is pgx's: cache_statement (the default), cache_describe, describe_exec, exec or simple_protocol. Values come
// back as JSON, those that have no form of their own there as their text. An answer holds either what came back or
// "error": {"code", "message", "detail", "hint"}; code is empty for what is no answer of the server.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

type statement struct {
	SQL  string `json:"sql"`
	Args []any  `json:"args"`
}

type request struct {
	statement
	Op    string      `json:"op"`
	Mode  string      `json:"mode"`
	Batch []statement `json:"batch"`
	Data  string      `json:"data"`
	Count int         `json:"count"`
}

type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Detail  string `json:"detail"`
	Hint    string `json:"hint"`
}

type result struct {
	Columns []string `json:"columns,omitempty"`
	Rows    [][]any  `json:"rows,omitempty"`
	Tag     string   `json:"tag,omitempty"`
	Data    string   `json:"data,omitempty"`
}

type answer struct {
	result
	Results []result `json:"results,omitempty"`
	Notices []string `json:"notices,omitempty"`
	Error   *failure `json:"error,omitempty"`
}

var modes = map[string]pgx.QueryExecMode{
	"":                pgx.QueryExecModeCacheStatement,
	"cache_statement": pgx.QueryExecModeCacheStatement,
	"cache_describe":  pgx.QueryExecModeCacheDescribe,
	"describe_exec":   pgx.QueryExecModeDescribeExec,
	"exec":            pgx.QueryExecModeExec,
	"simple_protocol": pgx.QueryExecModeSimpleProtocol,
}

const deadline = 60 * time.Second
const longestLine = 16 << 20

func main() {
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(url string) error {
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	config.BuildContextWatcherHandler = func(connection *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: connection, DeadlineDelay: 10 * time.Second}
	}
	var notices []string
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { notices = append(notices, notice.Message) }
	connection, err := pgx.ConnectConfig(context.Background(), config)
	if err := output.Encode(answer{Error: failureOf(err)}); err != nil {
		return err
	}
	if err != nil {
		return nil
	}
	defer connection.Close(context.Background())

	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, longestLine)
	for input.Scan() {
		var asked request
		decoder := json.NewDecoder(bytes.NewReader(input.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&asked); err != nil {
			return err
		}
		notices = nil
		given := perform(connection, asked)
		given.Notices = notices
		if err := output.Encode(given); err != nil {
			return err
		}
	}
	return input.Err()
}

func perform(connection *pgx.Conn, asked request) answer {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	switch asked.Op {
	case "query":
		arguments := append([]any{modes[asked.Mode]}, values(asked.Args)...)
		rows, err := connection.Query(ctx, asked.SQL, arguments...)
		one, err := collect(rows, err)
		return answer{result: one, Error: failureOf(err)}
	case "batch":
		return performBatch(ctx, connection, asked.Batch)
	case "copy_in":
		tag, err := connection.PgConn().CopyFrom(ctx, strings.NewReader(asked.Data), asked.SQL)
		return answer{result: result{Tag: tag.String()}, Error: failureOf(err)}
	case "copy_out":
		var data bytes.Buffer
		tag, err := connection.PgConn().CopyTo(ctx, &data, asked.SQL)
		return answer{result: result{Tag: tag.String(), Data: data.String()}, Error: failureOf(err)}
	case "copy_rows":
		note := strings.Repeat("x", 100)
		source := pgx.CopyFromSlice(asked.Count, func(index int) ([]any, error) { return []any{index, note}, nil })
		count, err := connection.CopyFrom(ctx, pgx.Identifier{"scratch"}, []string{"id", "note"}, source)
		return answer{result: result{Rows: [][]any{{count}}}, Error: failureOf(err)}
	case "cancel":
		return performCancelled(ctx, connection, asked.SQL)
	case "listen":
		var heard result
		for len(heard.Rows) < asked.Count {
			notification, err := connection.WaitForNotification(ctx)
			if err != nil {
				return answer{Error: failureOf(err)}
			}
			heard.Rows = append(heard.Rows, []any{notification.Channel, notification.Payload})
		}
		return answer{result: heard}
	case "nested":
		return performNested(ctx, connection)
	}
	return answer{Error: &failure{Message: "no such operation: " + asked.Op}}
}

// performCancelled lets the context's end send a CancelRequest and waits for what the server makes of it, instead of
// closing the connection, which is pgx's default.
func performCancelled(ctx context.Context, connection *pgx.Conn, sql string) answer {
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	rows, err := connection.Query(short, sql)
	one, err := collect(rows, err)
	return answer{result: one, Error: failureOf(err)}
}

func performNested(ctx context.Context, connection *pgx.Conn) answer {
	var failed error
	err := pgx.BeginFunc(ctx, connection, func(outer pgx.Tx) error {
		if _, err := outer.Exec(ctx, "INSERT INTO scratch VALUES ($1, $2)", 1, "kept"); err != nil {
			return err
		}
		failed = pgx.BeginFunc(ctx, outer, func(inner pgx.Tx) error {
			if _, err := inner.Exec(ctx, "INSERT INTO scratch VALUES ($1, $2)", 2, "lost"); err != nil {
				return err
			}
			_, err := inner.Exec(ctx, "SELECT 1 / $1::int", 0)
			return err
		})
		_, err := outer.Exec(ctx, "INSERT INTO scratch VALUES ($1, $2)", 3, "kept")
		return err
	})
	if err != nil {
		return answer{Error: failureOf(err)}
	}
	return answer{Error: failureOf(failed)}
}

func performBatch(ctx context.Context, connection *pgx.Conn, statements []statement) answer {
	batch := &pgx.Batch{}
	for _, one := range statements {
		batch.Queue(one.SQL, values(one.Args)...)
	}
	sent := connection.SendBatch(ctx, batch)
	var given answer
	for range statements {
		rows, err := sent.Query()
		one, err := collect(rows, err)
		if err != nil {
			given.Error = failureOf(err)
			break
		}
		given.Results = append(given.Results, one)
	}
	if err := sent.Close(); given.Error == nil {
		given.Error = failureOf(err)
	}
	return given
}

func collect(rows pgx.Rows, err error) (result, error) {
	if err != nil {
		return result{}, err
	}
	defer rows.Close()
	var given result
	for _, field := range rows.FieldDescriptions() {
		given.Columns = append(given.Columns, field.Name)
	}
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return given, err
		}
		for index, value := range row {
			row[index] = presentable(value)
		}
		given.Rows = append(given.Rows, row)
	}
	given.Tag = rows.CommandTag().String()
	return given, rows.Err()
}

// presentable is the value as JSON can say it.
func presentable(value any) any {
	switch known := value.(type) {
	case nil, bool, string, int16, int32, int64, float32, float64, []any, map[string]any:
		return known
	case []byte:
		return fmt.Sprintf("\\x%x", known)
	case time.Time:
		return known.Format(time.RFC3339Nano)
	}
	if text, err := json.Marshal(value); err == nil {
		return json.RawMessage(text)
	}
	return fmt.Sprint(value)
}

// values gives whole numbers as such: JSON has one kind of number only.
func values(arguments []any) []any {
	given := make([]any, len(arguments))
	for index, argument := range arguments {
		given[index] = argument
		if number, ok := argument.(json.Number); ok {
			if whole, err := number.Int64(); err == nil {
				given[index] = whole
			} else if fraction, err := number.Float64(); err == nil {
				given[index] = fraction
			}
		}
	}
	return given
}

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return &failure{server.Code, server.Message, server.Detail, server.Hint}
	}
	return &failure{Message: err.Error()}
}
