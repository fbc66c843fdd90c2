// Every bound of this package: default, unit, reason. Nothing else may hold a bound of its own.

/** The bounds of `rpc`; each is a default that options may replace where its docstring says so. */
export const rpcLimits: RpcLimits = Object.freeze({
  nameLength: 128,
  valueDepth: 64,
  bigintOctets: 64 * 1024,
  arrayLength: 32 * 1024 * 1024,
  objectKeys: 4 * 1024 * 1024,
  decodeAllowance: 64 * 1024 * 1024,
  keptOctets: 1024 * 1024,
})

/** The type of {@link rpcLimits}. */
export interface RpcLimits {
  /** 128 UTF-16 units in the name of a service or a method. Reason: it is bound by name once per session and shown in errors. Fixed. */
  readonly nameLength: number
  /**
   * 64 levels; the message itself is the first, a call's list of arguments the second, an argument the third.
   * Reason: decoders of containers inside extensions nest, and so does most code that later reads such a value. Fixed.
   */
  readonly valueDepth: number
  /** 65,536 octets (524,288 bits) in one bigint. Reason: arithmetic on what a peer sent must not stall the process. Fixed. */
  readonly bigintOctets: number
  /** 33,554,432 elements in one array. Reason: beyond this engines keep arrays as hash tables, at 10 times the memory. Fixed. */
  readonly arrayLength: number
  /** 4,194,304 keys in one object. Reason: some engines end the process when an object outgrows 2^23 keys. Fixed. */
  readonly objectKeys: number
  /**
   * 67,108,864 octets (64 MiB) that one message's values may take in memory beyond 8 times its length.
   * Reason: a million empty objects are 1 MB on the wire and 64 MB in memory. Replace with `msgpack({ decodeAllowance })`.
   */
  readonly decodeAllowance: number
  /** 1,048,576 octets (1 MiB) of encoder or decoder memory kept for re-use. Reason: one large message must not hold its size for ever. Fixed. */
  readonly keptOctets: number
}
