const MAX_NAME_LENGTH = 256;
const MAX_GROUPS = 1_000;
// Control and format characters (line breaks, bidirectional marks, zero-width ones), lone surrogates, separators:
// a name that looks like another, or that breaks a line of the log, is nobody's.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Why a text can't be a subject, as a sentence; undefined when it can. */
export function subjectProblem(subject: string): string | undefined {
	return nameProblem(subject, "A subject");
}

/** Why these can't be a principal's groups; undefined when they can. Never cut short: a rule may deny by group. */
export function groupProblem(groups: readonly string[]): string | undefined {
	if (groups.length > MAX_GROUPS) return `A principal has at most ${MAX_GROUPS} groups.`;
	for (const group of groups) {
		const problem = nameProblem(group, "A group");
		if (problem !== undefined) return problem;
	}
	return undefined;
}

function nameProblem(name: string, what: string): string | undefined {
	if (name.length === 0) return `${what} can't be empty.`;
	if (name.length > MAX_NAME_LENGTH) return `${what} has at most ${MAX_NAME_LENGTH} characters.`;
	return UNSAFE.test(name) ? `${what} can't hold control or invisible characters.` : undefined;
}
