/** The gateway's API, as one person's tools would speak to it. */
export class ControlClient {
	readonly #url: string;
	readonly #token: string;

	constructor(url: string, token: string) {
		this.#url = url;
		this.#token = token;
	}

	/** Throws `ControlRefusal` for whatever is no success. */
	async json<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
		return (await (await this.#call(method, path, body)).json()) as T;
	}

	/** An answer of one JSON value a line. */
	async lines<T>(path: string): Promise<T[]> {
		const text = await (await this.#call("GET", path)).text();
		return text
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as T);
	}

	async #call(method: string, path: string, body?: object): Promise<Response> {
		const answer = await fetch(new URL(path, this.#url), {
			method,
			headers: {
				authorization: `Bearer ${this.#token}`,
				...(body === undefined ? {} : { "content-type": "application/json" }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (answer.ok) return answer;
		const failure = (await answer.json()) as { code: string; message: string };
		throw new ControlRefusal(answer.status, failure.code, failure.message);
	}
}

/** What the gateway answered in place of a success. */
export class ControlRefusal extends Error {
	readonly status: number;
	readonly code: string;

	constructor(status: number, code: string, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}
