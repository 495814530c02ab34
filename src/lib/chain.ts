/**
 * Goes on with a value that is there, or will be: at once where it is there, so that what needn't wait doesn't lose
 * its place in the order of things.
 */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
	return value instanceof Promise ? value.then(next) : next(value);
}
