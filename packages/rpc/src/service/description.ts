// What a service is, as plain data. Decorators and defineService build it; stubs and dispatchers read it.

/**
 * How a method is called: one value back (`unary`), many (`stream`), in turns (`dialogue`), or as long work
 * with checkpoints (`activity`).
 */
export type MethodKind = 'unary' | 'stream' | 'dialogue' | 'activity'

/** What can be said of a method beside its name and kind. */
export interface MethodOptions {
  /** Running it twice does no more than running it once; it may be retried freely. Default false. */
  readonly idempotent?: boolean
  /**
   * What becomes of a call of which nobody knows whether it took effect, because the server went down while
   * it ran it: `once`, the default: it is never run again, the caller is told that it is unknown. `keyed`: it
   * is run again with the same `call().key`, by which whatever it does can be told from doing it twice.
   * `transactional`: it does all it does in `call().transaction`, which commits together with the result; so
   * it is run again only if it had no effect. Unary methods only; with `idempotent` it is always run again.
   */
  readonly effect?: Exclude<MethodEffect, 'query'>
  /** Milliseconds a call of it may take when the caller sets no timeout, 1 to 2^31-1. Default: none. */
  readonly timeout?: number
}

/** What can be said of a method that answers more than once. */
export type ManyOptions = Omit<MethodOptions, 'effect'>

/** What can be said of an activity. */
export interface ActivityMethodOptions extends ManyOptions {
  /**
   * What becomes of the items since the last checkpoint when an activity goes on from there. `skip`, the
   * default: the method yields the same ones again, and those that its caller has had are skipped.
   * `discard`: it may yield others; so an item reaches the caller only with the checkpoint behind it, or with
   * the result.
   */
  readonly replay?: ActivityReplay
}

/** See {@link ActivityMethodOptions.replay}. */
export type ActivityReplay = 'skip' | 'discard'

/** How often the effect of a method may happen; see {@link MethodOptions.effect}. */
export type MethodEffect = 'once' | 'keyed' | 'transactional' | 'query'

/** The primitive kinds of argument that can be checked before a method runs. */
export type ArgumentCheck = 'number' | 'string' | 'boolean' | 'bigint' | 'bytes'

/** One method of a service. */
export interface MethodDescription {
  readonly name: string
  readonly kind: MethodKind
  readonly idempotent: boolean
  /** `query` where it is idempotent. */
  readonly effect: MethodEffect
  readonly timeout: number | undefined
  /** Of activities. */
  readonly replay: ActivityReplay | undefined
  /** What the compiler said of each argument, if it did (emitDecoratorMetadata); undefined: not checked. */
  readonly argumentChecks: readonly (ArgumentCheck | undefined)[] | undefined
}

/** A service: its name on the wire and its methods by name. */
export interface ServiceDescription {
  readonly name: string
  readonly methods: ReadonlyMap<string, MethodDescription>
}
