// The port through which values become octets. msgpack.ts is the adapter in use; others may be passed in.

/**
 * Turns RPC messages (arrays of plain values) into octets and back. One codec object
 * serves every session of a process.
 */
export interface Codec {
  /** Named in the session's connect data; both sides must use the same. */
  readonly name: string
  /**
   * Encodes one message. The result is borrowed: it is valid until the next `encode` of this codec.
   * Throws {@link ValueError} with the path of what cannot be carried; nothing else.
   *
   * Given `splices`, an empty list, the codec may leave large binary values out of the result and add a
   * splice for each, in order, so that they travel from where they lie.
   */
  encode(message: readonly unknown[], splices?: Splice[]): Uint8Array
  /**
   * Reads the messages that stand back to back in one SSDU, calling `visit` for each in order. `length` is
   * the message's length in octets. `problem` is set, and values inside may be placeholders, when the message
   * is well formed but holds a value this side cannot make (an unknown type, say). Throws
   * {@link MalformedError} when the octets are not messages at all, before allocating for them: none has been
   * visited then, or only those ahead of a bad one. Throws what `visit` throws.
   */
  decode(
    ssdu: Uint8Array,
    visit: (message: readonly unknown[], length: number, problem: string | undefined) => void,
  ): void
}

/**
 * A binary value that was left out of a message's octets: it takes the place of those from `from` to `to`.
 */
export interface Splice {
  readonly from: number
  readonly to: number
  readonly octets: Uint8Array
}

/** A value that cannot travel: the caller's mistake. */
export class ValueError extends TypeError {
  override readonly name = 'ValueError'
  /**
   * Where in the message it stands, as property keys and positions from the message's root.
   * Inside a Map that is the key where it is a string or a number and the entry's position
   * otherwise, inside a Set the position.
   */
  readonly path: readonly (string | number)[]
  /** What is wrong with it and what to do about it, without the path. */
  readonly problem: string
  constructor(path: readonly (string | number)[], problem: string, options?: ErrorOptions) {
    super(path.length === 0 ? problem : `${path.join('.')}: ${problem}`, options)
    this.path = path
    this.problem = problem
  }
}

/** Octets that are not what the codec's format allows: the peer's fault, never thrown for a local value. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
  /** Where in the SSDU, in octets from its start; undefined when no single place is to blame. */
  readonly offset: number | undefined
  constructor(reason: string, offset?: number) {
    super(offset === undefined ? reason : `${reason} at octet ${offset}`)
    this.offset = offset
  }
}
