/** First bytes of what a client sends (the documentation's "F" messages). */
export const Frontend = {
	Bind: 0x42, // B
	Close: 0x43, // C
	CopyData: 0x64, // d
	CopyDone: 0x63, // c
	CopyFail: 0x66, // f
	Describe: 0x44, // D
	Execute: 0x45, // E
	Flush: 0x48, // H
	FunctionCall: 0x46, // F
	Parse: 0x50, // P
	Password: 0x70, // p: PasswordMessage and every SASL and GSS answer
	Query: 0x51, // Q
	Sync: 0x53, // S
	Terminate: 0x58, // X
} as const;

/** First bytes of what a server sends (the documentation's "B" messages). */
export const Backend = {
	Authentication: 0x52, // R
	BackendKeyData: 0x4b, // K
	BindComplete: 0x32, // 2
	CloseComplete: 0x33, // 3
	CommandComplete: 0x43, // C
	CopyBothResponse: 0x57, // W
	CopyData: 0x64, // d
	CopyDone: 0x63, // c
	CopyInResponse: 0x47, // G
	CopyOutResponse: 0x48, // H
	DataRow: 0x44, // D
	EmptyQueryResponse: 0x49, // I
	ErrorResponse: 0x45, // E
	FunctionCallResponse: 0x56, // V
	NegotiateProtocolVersion: 0x76, // v
	NoData: 0x6e, // n
	NoticeResponse: 0x4e, // N
	NotificationResponse: 0x41, // A
	ParameterDescription: 0x74, // t
	ParameterStatus: 0x53, // S
	ParseComplete: 0x31, // 1
	PortalSuspended: 0x73, // s
	ReadyForQuery: 0x5a, // Z
	RowDescription: 0x54, // T
} as const;

export type FrontendType = (typeof Frontend)[keyof typeof Frontend];
export type BackendType = (typeof Backend)[keyof typeof Backend];

/** Format codes of parameters and columns. */
export const TEXT_FORMAT = 0;
export const BINARY_FORMAT = 1;

/** ReadyForQuery's byte: idle, in a transaction block, in a failed one. */
export type TransactionStatus = "I" | "T" | "E";
