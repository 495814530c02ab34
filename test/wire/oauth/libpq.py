"""One query over libpq 18, whose token comes from a hook: libpq.py LIBRARY CONNINFO TOKEN QUERY; answers as JSON."""

import ctypes as c
import json
import sys

library, conninfo, token, query = sys.argv[1:]
pq = c.CDLL(library)
for name in ("PQconnectdb", "PQexec"):
    getattr(pq, name).restype = c.c_void_p
for name in ("PQerrorMessage", "PQgetvalue", "PQresultErrorMessage"):
    getattr(pq, name).restype = c.c_char_p

BEARER_TOKEN = 1  # PQAUTHDATA_OAUTH_BEARER_TOKEN


class Request(c.Structure):
    """PGoauthBearerRequest of libpq-fe.h"""

    _fields_ = [
        ("openid_configuration", c.c_char_p),
        ("scope", c.c_char_p),
        ("poll", c.c_void_p),
        ("cleanup", c.c_void_p),
        ("token", c.c_char_p),
        ("user", c.c_void_p),
    ]


asked = []


@c.CFUNCTYPE(c.c_int, c.c_int, c.c_void_p, c.c_void_p)
def hook(kind, connection, data):
    if kind != BEARER_TOKEN:
        return 0
    request = c.cast(data, c.POINTER(Request)).contents
    asked.append([(text or b"").decode() for text in (request.openid_configuration, request.scope)])
    request.token = token.encode()
    return 1


pq.PQsetAuthDataHook(hook)
connection = c.c_void_p(pq.PQconnectdb(conninfo.encode()))
answer = {"asked": asked, "error": pq.PQerrorMessage(connection).decode(), "value": None}
if pq.PQstatus(connection) == 0:
    result = c.c_void_p(pq.PQexec(connection, query.encode()))
    answer["value"] = pq.PQgetvalue(result, 0, 0).decode()
print(json.dumps(answer))
