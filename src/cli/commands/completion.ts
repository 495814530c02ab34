import { Argument, type Command } from "commander";
import type { AddCommand } from "../context.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Each script asks `sallyport __complete WORDS...` for what may stand in the last word's place. */
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
	bash: `_sallyport() {
	local IFS=$'\\n'
	COMPREPLY=($(compgen -W "$(sallyport __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sallyport sallyport
`,
	zsh: `#compdef sallyport
_sallyport() {
	local -a candidates
	candidates=("\${(@f)$(sallyport __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
	compadd -- $candidates || _files
}
compdef _sallyport sallyport
`,
	fish: `complete -c sallyport -f -a '(sallyport __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
};

export const completion: AddCommand = (parent, { terminal }) => {
	parent
		.command("completion")
		.description("print a script that completes commands and options in a shell")
		.addArgument(new Argument("<shell>").choices([...SHELLS]))
		.addHelpText(
			"after",
			'\nbash: eval "$(sallyport completion bash)"\nzsh:  eval "$(sallyport completion zsh)"\nfish: sallyport completion fish | source',
		)
		.action((shell: (typeof SHELLS)[number]) => terminal.raw(SCRIPTS[shell]));
};

/** What the scripts ask; not listed. */
export const complete: AddCommand = (parent, { terminal }) => {
	parent
		.command("__complete [words...]", { hidden: true })
		.allowUnknownOption()
		.helpOption(false)
		.action((words: string[]) => {
			for (const candidate of candidates(parent, words)) terminal.line(candidate);
		});
};

/** The words that may stand in place of the last one, which is the one being typed. */
export function candidates(program: Command, words: readonly string[]): string[] {
	const typed = words.at(-1) ?? "";
	let command = program;
	for (const word of words.slice(0, -1)) {
		const next = command.commands.find((each) => each.name() === word);
		if (next !== undefined) command = next;
	}
	const visible = command.createHelp();
	const before = visible
		.visibleOptions(command)
		.find(({ long, short, required }) => required && [long, short].includes(words.at(-2)));
	if (before !== undefined) return (before.argChoices ?? []).filter((choice) => choice.startsWith(typed));
	const values = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
	const names = visible.visibleCommands(command).map((each) => each.name());
	const options = visible.visibleOptions(command).flatMap(({ long }) => (long === undefined ? [] : [long]));
	const wanted = [...names, ...values];
	const offered = typed.startsWith("-") ? options : wanted.length === 0 ? options : wanted;
	return offered.filter((candidate) => candidate.startsWith(typed)).sort();
}
