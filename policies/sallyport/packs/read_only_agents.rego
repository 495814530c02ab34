# Off unless `data.sallyport.packs.read_only_agents.enabled` is true: agents only read.
#
#     read_only_agents:
#       enabled: true
#       except: [user:ci/loader]
package sallyport.command

import data.sallyport.principal
import data.sallyport.sql

# METADATA
# title: Agents read
# description: No writes, no locks, nothing stronger; settings and transactions are harmless.
deny contains {
	"rule": "read-only-agents",
	"message": "agents may only read here",
	"remedy": "hand the change to a person",
} if {
	data.sallyport.packs.read_only_agents.enabled
	input.principal.kind == "agent"
	not read_only_agents_except
	count(sql.effects - {"read", "session", "transaction", "temporary"}) > 0
}

# METADATA
# description: True for an agent that may write all the same.
read_only_agents_except if principal.is_any(data.sallyport.packs.read_only_agents.except)
