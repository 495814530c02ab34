import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ColumnSurvey, Detectors, proposalOf, suggestedBy } from "../../../src/masking/index.ts";

describe("what a column's name suggests", () => {
	it("is told by words, however they are joined", () => {
		const names: Record<string, string | null> = {
			email: "email",
			customerEmail: "email",
			"e-mail address": "email",
			mobile_no: "phone",
			hotel: null,
			intelligence: null,
			card_number: "card",
			company: null,
			panel: null,
			IBAN: "iban",
			ssn: "national_id",
			lastName: "person",
			filename: null,
			date_of_birth: "birth",
			zip_code: "address",
			zipped: null,
			client_ip: "ip",
			shipped: null,
			password_hash: "secret",
			tokens_used: null,
		};
		for (const [name, suggested] of Object.entries(names)) assert.equal(suggestedBy(name), suggested, name);
	});
});

describe("what is proposed for a column", () => {
	const proposed = (name: string, values: readonly string[]) => {
		const survey = new ColumnSurvey(name, new Detectors(["*"]));
		for (const value of values) survey.add(value);
		return proposalOf(survey.evidence);
	};

	it("is a mask where most values are of a kind, whatever the name", () => {
		assert.deepEqual(proposed("a", ["a@example.com", " b@example.com ", "none"]), {
			way: "mask",
			transform: "partial",
			keep: 0,
		});
		assert.deepEqual(proposed("a", ["10.0.0.1"]), { way: "mask", transform: "redact", keep: 0 });
	});

	it("is to look where there is something now and then", () => {
		assert.deepEqual(proposed("a", ["x", "y", "mail a@example.com from 10.0.0.1"]), {
			way: "detect",
			detectors: ["email", "ip"],
		});
	});

	it("is nothing where there is nothing, and what the name says where that is all", () => {
		assert.equal(proposed("a", ["x", "12", ""]), null);
		assert.equal(proposed("a", []), null);
		assert.deepEqual(proposed("iban", []), { way: "mask", transform: "partial", keep: 4 });
	});
});
