# Who may open a session: on unless `data.sallyport.packs.sessions.enabled` is false. Whoever is authenticated may
# use every connection, unless data says otherwise:
#
#     sessions:
#       principals: [group:corp/engineering, kind:agent]   # in place of `anyone`
#       connections:
#         payroll: [group:corp/finance]                    # in place of `principals` for this connection
package sallyport.session

import data.sallyport.principal

# METADATA
# title: Sessions
# description: A connection that has a list of its own is open to those on it, any other to `principals`.
allow contains {"rule": "sessions", "message": "the principal may use this connection"} if {
	not data.sallyport.packs.sessions.enabled == false
	principal.is_any(sessions_open_to)
}

# METADATA
# description: Those who may use the connection that is asked for.
sessions_open_to := data.sallyport.packs.sessions.connections[input.connection.name] if {
	data.sallyport.packs.sessions.connections[input.connection.name]
} else := data.sallyport.packs.sessions.principals if {
	data.sallyport.packs.sessions.principals
} else := ["anyone"]
