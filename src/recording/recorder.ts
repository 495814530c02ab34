import type { Clock, Log } from "../lib/index.ts";
import type { RecordingsConfig } from "./config.ts";
import type { RecordEvent } from "./events.ts";
import type { ByteRange, RecordedText } from "./recorded-text.ts";
import type { RowsRecorder } from "./rows.ts";

export interface RecorderOptions {
	readonly dataDir: string;
	readonly config: RecordingsConfig;
	readonly log: Log;
	readonly clock?: Clock;
}

export declare class Recorder {
	private constructor();
	static open(options: RecorderOptions): Promise<Recorder>;
	append(event: RecordEvent): void | Promise<void>;
	appendLater(event: RecordEvent): void;
	text(text: string, redactions: readonly ByteRange[]): RecordedText;
	rows(session: string, command: string, columns: readonly string[]): RowsRecorder;
	readonly healthy: boolean;
	readonly publicKey: string;
	close(): Promise<void>;
}
