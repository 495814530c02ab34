/** The style of the page, word for word: the page's content security policy allows this text alone. */
export const APPROVAL_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; }
dt { color: color-mix(in srgb, CanvasText 70%, Canvas); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { border: 1px solid GrayText; border-radius: .4rem; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
	unicode-bidi: plaintext; direction: ltr; }
.remark { border-left: .3rem solid #b45309; padding-left: .7rem; }
label { display: block; margin: .8rem 0; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; }
button { font: inherit; padding: .5rem 1.2rem; margin-right: .6rem; }
#message { font-weight: 600; }
[hidden] { display: none; }
`;

/**
 * The script of the page, word for word. Everything that comes from the gateway becomes a text node, never markup;
 * the token stays in the input's value and goes nowhere but into the header of requests to this origin.
 */
export const APPROVAL_SCRIPT = `
"use strict";
const id = location.pathname.split("/").pop();
const by = (name) => document.getElementById(name);
const say = (text) => { by("message").textContent = text; };
by("cli").textContent = "sallyport approvals show " + id + "\\nsallyport approvals approve " + id;

async function call(method, path, body) {
	const answer = await fetch("/api/v1/approvals/" + id + path, {
		method,
		credentials: "omit",
		redirect: "error",
		headers: {
			authorization: "Bearer " + by("token").value.trim(),
			...(body === undefined ? {} : { "content-type": "application/json" }),
		},
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const value = await answer.json();
	if (!answer.ok) throw new Error(value.message + " " + value.remedy + " (" + value.code + ")");
	return value;
}

function row(name, value) {
	const term = document.createElement("dt");
	term.textContent = name;
	const detail = document.createElement("dd");
	detail.textContent = value;
	by("facts").append(term, detail);
}

const when = (instant) => new Date(instant).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });

function show(approval) {
	const { principal, requirement, display } = approval;
	by("facts").replaceChildren();
	row("State", approval.state + (approval.missing > 0 ? ", " + approval.missing + " more wanted" : ""));
	row("Who", principal.subject + " (" + principal.kind + ", " + principal.provider + ")");
	if (principal.on_behalf_of !== null) row("On behalf of", principal.on_behalf_of.subject);
	row("Where", approval.connection + ", as " + display.role);
	row("Why", display.reason === "" ? "no reason given" : display.reason);
	row("Rule", requirement.rule + ": " + requirement.min + " of " + requirement.approvers.join(", "));
	row("For", requirement.scope === "command" ? "this command, once" : "the rest of the session");
	row("Effects", approval.shown.effects.join(", "));
	row("Touches", display.relations.join(", "));
	row("Asked", when(approval.requested_at));
	row("Until", when(approval.expires_at));
	for (const answer of approval.answers) {
		row(answer.verdict === "approve" ? "Approved" : "Denied",
			answer.by.subject + ", " + when(answer.at) + (answer.reason === null ? "" : ": " + answer.reason));
	}
	by("text").textContent = display.text;
	by("runs").textContent = display.runs.join("\\n");
	for (const id of ["runs", "runs-title"]) by(id).hidden = display.runs.length === 0;
	by("parameters").textContent = display.parameters.map((value, at) => "$" + (at + 1) + " = " + value).join("\\n");
	by("parameters").hidden = display.parameters.length === 0;
	by("remarks").replaceChildren(...display.remarks.map((remark) => {
		const line = document.createElement("p");
		line.className = "remark";
		line.textContent = remark;
		return line;
	}));
	by("request").hidden = false;
	by("answer").hidden = approval.state !== "pending";
}

async function attempt(work, done = "") {
	for (const button of document.querySelectorAll("button")) button.disabled = true;
	try {
		say("");
		show(await work());
		say(done);
	} catch (error) {
		say(error.message);
	} finally {
		for (const button of document.querySelectorAll("button")) button.disabled = false;
	}
}

const answerWith = (verdict) => () => {
	const reason = by("reason").value.trim();
	return call("POST", "/" + verdict, reason === "" ? {} : { reason });
};
by("load").addEventListener("click", () => attempt(() => call("GET", "")));
by("token").addEventListener("keydown", (event) => { if (event.key === "Enter") by("load").click(); });
by("approve").addEventListener("click", () => attempt(answerWith("approve"), "You have approved it."));
by("deny").addEventListener("click", () => attempt(answerWith("deny"), "You have denied it."));
`;

export const APPROVAL_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Approval - Sallyport</title>
<style>${APPROVAL_STYLE}</style>
</head>
<body>
<h1>A command waits for approval</h1>
<label>Your token <input id="token" type="password" autocomplete="off" spellcheck="false"></label>
<button id="load">Show the request</button>
<p id="message" role="alert"></p>
<section id="request" hidden>
<dl id="facts"></dl>
<h2>What will run</h2>
<div id="remarks"></div>
<pre id="text"></pre>
<pre id="parameters" hidden></pre>
<h2 id="runs-title" hidden>Which runs</h2>
<pre id="runs" hidden></pre>
<div id="answer" hidden>
<label>Reason (optional) <input id="reason" maxlength="2000" autocomplete="off"></label>
<button id="approve">Approve</button>
<button id="deny">Deny</button>
</div>
</section>
<h2>On the command line</h2>
<pre id="cli"></pre>
<script type="module">${APPROVAL_SCRIPT}</script>
</body>
</html>
`;
