import type { Builtin, BuiltinGroup } from "../builtin.ts";
import { RegoObject, type RegoValue } from "../values.ts";
import { fromJson } from "./json.ts";

/** OPA's base64url.decode: padding may be missing, line breaks are skipped. */
function decodeBase64Url(text: string): Buffer {
	const compact = text.replace(/[\r\n]/g, "");
	if (text.endsWith("=") ? compact.length % 4 !== 0 : text.length % 4 === 1)
		throw new Error("illegal base64url");
	const bare = compact.replace(/={0,2}$/, "");
	if (!/^[A-Za-z0-9_-]*$/.test(bare) || bare.length % 4 === 1) throw new Error("illegal base64url");
	return Buffer.from(bare, "base64url");
}

function objectFrom(bytes: Buffer): RegoObject {
	const value = fromJson(bytes.toString("utf8"));
	if (!(value instanceof RegoObject)) throw new Error("decoded JSON type was not an Object");
	return value;
}

function decode(token: string): RegoValue {
	const parts = token.split(".");
	const [header = "", payload = "", signature = ""] = parts;
	if (parts.length !== 3) throw new Error(`encoded JWT must have 3 sections, found ${parts.length}`);
	const head = objectFrom(decodeBase64Url(header));
	if (head.get("enc") !== undefined) throw new Error("JWT is a JWE object, which is not supported");
	const body = decodeBase64Url(payload);
	const contentType = head.get("cty");
	if (contentType !== undefined && typeof contentType !== "string") throw new Error("cty must be a string");
	if (contentType === "JWT") return decode(body.toString("utf8").replace(/^["']+|["']+$/g, ""));
	return [head, objectFrom(body), decodeBase64Url(signature).toString("hex")];
}

const decodeToken: Builtin = (operands) => decode(operands.string(1));

/** By v1/topdown/tokens.go; nothing is verified. */
export const JWT_BUILTINS: BuiltinGroup = { "io.jwt.decode": decodeToken };
