import { printable, printableLines } from "../../recording/index.ts";
import { columns } from "./columns.ts";
import { Spinner } from "./spinner.ts";
import { type Style, styleFor } from "./style.ts";

/** A decision as the record has it. */
export interface ShownDecision {
	readonly action: string;
	readonly revision: string;
	readonly reasons: readonly { readonly rule: string; readonly message: string }[];
	/** The rules whose masks were in force. */
	readonly masks: readonly string[];
}

/** What a statement gave: rows, a tag, or the server's kind of error. */
export interface ShownResult {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly (string | null)[])[];
	readonly tag: string;
}

export interface ShownError {
	readonly code: string;
	readonly message: string;
	readonly detail: string;
	readonly hint: string;
}

const LABEL = 11;

/** Tells the scenario: who sent what, what the policy said and why, what came back, and whether that is right. */
export class Narrator {
	readonly #out: NodeJS.WriteStream;
	readonly #style: Style;
	readonly #spinner: Spinner;
	#failures = 0;
	#muted = false;

	constructor(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
		this.#out = out;
		this.#style = styleFor(out, env);
		this.#spinner = new Spinner(out);
	}

	/** How many checks did not hold. */
	get failures(): number {
		return this.#failures;
	}

	/** Says nothing from now on: what still runs when the demo is interrupted has nothing to tell. */
	mute(): void {
		this.#muted = true;
	}

	title(text: string): void {
		this.#write(this.#style.bold(text));
	}

	step(number: number, text: string): void {
		this.#write("", this.#style.bold(`${number}  ${text}`), this.#style.dim("─".repeat(text.length + 3)));
	}

	/** A remark between what is sent and answered. */
	remark(text: string): void {
		this.#labelled("", printableLines(text), this.#style.dim);
	}

	/** Something that stands by itself: `name  lines`. */
	fact(name: string, text: string): void {
		this.#labelled(name, printableLines(text));
	}

	sent(who: string, text: string): void {
		this.#write("");
		this.#labelled(who, printableLines(text), this.#style.cyan);
	}

	decided({ action, revision, reasons, masks }: ShownDecision): void {
		const { green, yellow, red, dim } = this.#style;
		const paint = action === "allow" ? green : action === "deny" ? red : yellow;
		const said = action.toUpperCase().replaceAll("_", " ");
		const why = [
			...reasons.map(({ rule, message }) => (rule === message ? rule : `${rule}: ${message}`)),
			...masks.map((rule) => `${rule}: personal data in what comes back is masked`),
		].map(printable);
		this.#labelled("policy", [
			`${paint(said)}  ${why[0] ?? ""}`,
			...why.slice(1).map((line) => " ".repeat(said.length + 2) + line),
			dim(`revision ${printable(revision).slice(0, 12)}`),
		]);
	}

	returned({ columns: names, rows, tag }: ShownResult): void {
		this.#labelled("back", names.length === 0 ? [printable(tag)] : columns(names, rows));
	}

	refused({ code, message, detail, hint }: ShownError): void {
		this.#labelled(
			"back",
			[`ERROR ${code}: ${message}`, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`]
				.filter((line) => line !== "")
				.map(printable),
		);
	}

	/** What must hold; says so, and counts when it doesn't. */
	check(holds: boolean, what: string): void {
		if (!holds) this.#failures += 1;
		this.#labelled("", [holds ? this.#style.green(`✓ ${what}`) : this.#style.red(`✗ NOT SO: ${what}`)]);
	}

	/** A step that could not be played to its end. */
	failed(error: unknown): void {
		this.#failures += 1;
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		this.#labelled("", [this.#style.red("✗ this step could not be played:"), ...printableLines(text)]);
	}

	/** Shows that something takes a while. */
	during<T>(text: string, work: Promise<T>): Promise<T> {
		return this.#spinner.during(text, work);
	}

	line(text = ""): void {
		this.#write(text);
	}

	outcome(text: string, good: boolean): void {
		this.#write("", good ? this.#style.green(text) : this.#style.red(text));
	}

	#labelled(label: string, lines: readonly string[], paint: (text: string) => string = (text) => text): void {
		for (const [at, line] of lines.entries()) {
			const head = at === 0 ? label.padEnd(LABEL) : " ".repeat(LABEL);
			this.#write(`   ${this.#style.dim(head)}${paint(line)}`.trimEnd());
		}
	}

	#write(...lines: readonly string[]): void {
		if (this.#muted) return;
		for (const line of lines) this.#out.write(`${line}\n`);
	}
}
