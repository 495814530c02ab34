"""Runs the SQL texts of its standard input (a JSON array) on one connection and prints the last one's outcome.

Each text is prepared and its rows come in binary format.
"""

import json
import sys

import psycopg

with psycopg.connect(sys.argv[1], autocommit=True) as conn:
    for text in json.load(sys.stdin):
        try:
            cursor = conn.cursor(binary=True).execute(text, prepare=True)
            outcome = {"rows": cursor.fetchall() if cursor.description else [], "error": None}
        except psycopg.Error as error:
            diag = error.diag
            outcome = {"rows": [], "error": {"code": diag.sqlstate, "message": diag.message_primary,
                                             "detail": diag.message_detail, "hint": diag.message_hint}}
print(json.dumps(outcome, default=str))
