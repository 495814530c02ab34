# What this shop adds to the shipped packs.
package sallyport.command

# Everything that happens here is recorded with its rows, masked as the client saw them.
record contains {"rule": "shop-in-full", "level": "full"} if input.connection.name == "shop"

limit contains {"rule": "agents", "max_rows": 1000, "timeout": "30s"} if input.principal.kind == "agent"
