import { connect, createServer, type Socket } from "node:net";
import {
	AUTHENTICATION_OK,
	decodeStartupPacket,
	encodeBackendKeyData,
	encodeCommandComplete,
	encodeDataRow,
	encodeParameterStatus,
	encodeReadyForQuery,
	Frontend,
	frontendLimits,
	MessageReader,
	readExactly,
	startupLength,
} from "../../src/protocols/postgres/codec/index.ts";

/**
 * A server for more idle sessions than PostgreSQL can hold: it lets everybody in, answers SHOW and says which process it is. Connections for the
 * gateway's catalog go on to a real server. Arguments: its port, the port to listen on.
 */

const REPORTED = {
	server_version: "15.0",
	server_encoding: "UTF8",
	client_encoding: "UTF8",
	standard_conforming_strings: "on",
	integer_datetimes: "on",
	session_authorization: "postgres",
};
const SHOWN: Readonly<Record<string, string>> = {
	...REPORTED,
	search_path: '"$user", public',
	role: "none",
	transform_null_equals: "off",
	session_replication_role: "origin",
	pg_backend_pid: "1",
};
const COMPLETE: Readonly<Record<number, Buffer>> = {
	[Frontend.Parse]: Buffer.from("1\0\0\0\x04", "latin1"),
	[Frontend.Bind]: Buffer.from("2\0\0\0\x04", "latin1"),
	[Frontend.Close]: Buffer.from("3\0\0\0\x04", "latin1"),
	[Frontend.Sync]: encodeReadyForQuery("I"),
	[Frontend.Query]: encodeReadyForQuery("I"),
};
/** A setting, or the server's process. */
const ASKED = /(?:SHOW |SELECT pg_catalog\.)(\w+)/;
const GREETING = Buffer.concat([
	AUTHENTICATION_OK,
	...Object.entries(REPORTED).map(([name, value]) => encodeParameterStatus(name, value)),
	encodeBackendKeyData(Number(SHOWN["pg_backend_pid"]), Buffer.alloc(4)),
	encodeReadyForQuery("I"),
]);

const [realPort = "", port = ""] = process.argv.slice(2);
createServer({ noDelay: true }, (socket) => {
	socket.on("error", () => socket.destroy());
	serve(socket).catch(() => socket.destroy()); // it went away
}).listen({ port: Number(port), host: "127.0.0.1", backlog: 4_096 });

async function serve(socket: Socket): Promise<void> {
	const head = await readExactly(socket, 4);
	const startup = Buffer.concat([head, await readExactly(socket, (startupLength(head) ?? 4) - 4)]);
	const packet = decodeStartupPacket(startup);
	if (packet.type === "ssl_request") {
		socket.write("N");
		return serve(socket);
	}
	if (packet.type !== "startup") return void socket.end();
	if (packet.parameters.get("application_name") === "sallyport catalog") return passOn(socket, startup);
	socket.write(GREETING);
	answer(socket);
}

function passOn(socket: Socket, startup: Buffer): void {
	const real = connect(Number(realPort), "127.0.0.1");
	real.on("error", () => socket.destroy());
	real.write(startup);
	socket.pipe(real).pipe(socket);
}

function answer(socket: Socket): void {
	const reader = new MessageReader(frontendLimits());
	let shown = "";
	socket.on("data", (chunk: Buffer) => {
		reader.push(chunk);
		const answers: Buffer[] = [];
		while (reader.next()) {
			const { type, buffer, start, end } = reader;
			if (type === Frontend.Parse || type === Frontend.Query)
				shown = ASKED.exec(buffer.toString("latin1", start, end))?.[1] ?? "";
			if (type === Frontend.Execute || type === Frontend.Query)
				answers.push(encodeDataRow([Buffer.from(SHOWN[shown] ?? "")]), encodeCommandComplete("SHOW"));
			answers.push(COMPLETE[type] ?? Buffer.alloc(0));
		}
		socket.write(Buffer.concat(answers));
	});
}
