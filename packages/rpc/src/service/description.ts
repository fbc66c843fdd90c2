// What a service is, as plain data. Decorators and defineService build it; stubs and dispatchers read it.

/** How a method is called: one value back (`unary`), many (`stream`), or in turns (`dialogue`). */
export type MethodKind = 'unary' | 'stream' | 'dialogue'

/** What can be said of a method beside its name and kind. */
export interface MethodOptions {
  /** Running it twice does no more than running it once; it may be retried freely. Default false. */
  readonly idempotent?: boolean
  /** Milliseconds a call of it may take when the caller sets no timeout, 1 to 2^31-1. Default: none. */
  readonly timeout?: number
}

/** The primitive kinds of argument that can be checked before a method runs. */
export type ArgumentCheck = 'number' | 'string' | 'boolean' | 'bigint' | 'bytes'

/** One method of a service. */
export interface MethodDescription {
  readonly name: string
  readonly kind: MethodKind
  readonly idempotent: boolean
  readonly timeout: number | undefined
  /** What the compiler said of each argument, if it did (emitDecoratorMetadata); undefined: not checked. */
  readonly argumentChecks: readonly (ArgumentCheck | undefined)[] | undefined
}

/** A service: its name on the wire and its methods by name. */
export interface ServiceDescription {
  readonly name: string
  readonly methods: ReadonlyMap<string, MethodDescription>
}
