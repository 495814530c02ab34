import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { S3SigningConfig } from "./config.ts";

export interface AwsCredentials {
	readonly accessKey: string;
	readonly secretKey: string;
	readonly region: string;
	readonly sessionToken: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** From AWS's own environment variables. Throws with the name of the one that is missing. */
export function environmentCredentials(env: Environment): AwsCredentials {
	return {
		accessKey: required(env, "AWS_ACCESS_KEY_ID"),
		secretKey: required(env, "AWS_SECRET_ACCESS_KEY"),
		region: required(env, "AWS_REGION"),
		sessionToken: env["AWS_SESSION_TOKEN"] || env["AWS_SECURITY_TOKEN"] || undefined,
	};
}

/** From a profile of AWS's shared credentials file, read anew each time. Throws when it is not there. */
export function profileCredentials(
	config: NonNullable<S3SigningConfig["profile_credentials"]>,
	env: Environment,
): AwsCredentials {
	const path = config.path ?? (env["AWS_SHARED_CREDENTIALS_FILE"] || join(homedir(), ".aws", "credentials"));
	const name = config.profile ?? (env["AWS_PROFILE"] || "default");
	const profile = readProfile(readFileSync(path, "utf8"), name);
	const of = (setting: string): string => {
		const value = profile.get(setting);
		if (value === undefined || value === "")
			throw new Error(`the profile ${name} of ${path} has no ${setting}`);
		return value;
	};
	return {
		accessKey: of("aws_access_key_id"),
		secretKey: of("aws_secret_access_key"),
		region: config.aws_region ?? required(env, "AWS_REGION"),
		sessionToken: profile.get("aws_session_token") || undefined,
	};
}

/** The settings of one section; without that section there are none. */
function readProfile(text: string, name: string): ReadonlyMap<string, string> {
	const settings = new Map<string, string>();
	let here = false;
	for (const line of text.split(/\r?\n/)) {
		const section = /^\s*\[\s*(.*?)\s*\]/.exec(line);
		if (section !== null) here = section[1] === name;
		const setting = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
		if (here && setting?.[1] !== undefined) settings.set(setting[1], setting[2] ?? "");
	}
	return settings;
}

/** Throws where the variable is missing. */
export function required(env: Environment, name: string): string {
	const value = env[name];
	if (value === undefined || value === "") throw new Error(`${name} is not set in the gateway's environment`);
	return value;
}
