/** The value that is being parsed, taken off from the left. */
export class Cursor {
	rest: string;
	constructor(text: string) {
		this.rest = text;
	}

	take(length: number): string {
		if (this.rest.length < length) throw bad();
		const taken = this.rest.slice(0, length);
		this.rest = this.rest.slice(length);
		return taken;
	}

	match(pattern: RegExp): string {
		const match = pattern.exec(this.rest);
		if (match === null || match.index !== 0) throw bad();
		return this.take(match[0].length);
	}

	/** One or two digits, or exactly two. */
	number(fixed: boolean): number {
		return Number(this.match(fixed ? /^\d\d/ : /^\d\d?/));
	}

	/** The index of the name that it begins with, in any case. */
	name(names: readonly string[], length?: number): number {
		const lower = this.rest.toLowerCase();
		const index = names.findIndex((name) => lower.startsWith(name.slice(0, length).toLowerCase()));
		const name = names[index];
		if (name === undefined) throw bad();
		this.take(name.slice(0, length).length);
		return index;
	}

	/** A literal of the layout; runs of spaces are equal to one another. */
	literal(prefix: string): void {
		let left = prefix;
		while (left !== "") {
			if (left.startsWith(" ")) {
				if (this.rest !== "" && !this.rest.startsWith(" ")) throw bad();
				left = left.replace(/^ +/, "");
				this.rest = this.rest.replace(/^ +/, "");
			} else {
				if (this.rest === "" || this.rest[0] !== left[0]) throw bad();
				left = left.slice(1);
				this.rest = this.rest.slice(1);
			}
		}
	}
}

export function bad(): Error {
	return new Error("the time does not have the layout");
}
