/** What OPA's ABI 1.3 exports and this engine calls; addresses and lengths are bytes in the module's memory. */
export interface PolicyExports {
	opa_malloc(size: number): number;
	opa_heap_ptr_get(): number;
	opa_heap_ptr_set(address: number): void;
	opa_json_parse(address: number, length: number): number;
	opa_json_dump(value: number): number;
	opa_value_parse(address: number, length: number): number;
	opa_value_dump(value: number): number;
	opa_eval_ctx_new(): number;
	opa_eval_ctx_set_input(context: number, value: number): void;
	opa_eval_ctx_set_data(context: number, value: number): void;
	opa_eval_ctx_set_entrypoint(context: number, entrypoint: number): void;
	opa_eval_ctx_get_result(context: number): number;
	eval(context: number): number;
	opa_value_get(object: number, key: number): number;
	opa_value_length(value: number): number;
}
