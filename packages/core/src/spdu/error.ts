// The one error of the codec: why octets are no valid SPDU of X.225, or why a caller's SPDU cannot become
// octets.

/**
 * Why, in a closed set:
 * - `truncated` the TSDU ends inside an SPDU, or is empty
 * - `overrun` a parameter is longer than what encloses it
 * - `length` a value has a length its parameter cannot have
 * - `order` parameters out of increasing order; `duplicate` the same one again
 * - `unknown-si` no SPDU has this SI at this place
 * - `misplaced` a parameter of X.225 that does not belong here or not in this version
 * - `missing` a mandatory parameter, or user information that must not be empty
 * - `value` a value outside its range, or that contradicts another parameter
 * - `category` SPDUs that must not stand together, alone, or on this transport flow
 * - `segment` a segment that does not continue the series, or cuts into one
 * - `limit` more than this side accepts
 */
export type SpduReason =
  | 'truncated'
  | 'overrun'
  | 'length'
  | 'order'
  | 'duplicate'
  | 'unknown-si'
  | 'misplaced'
  | 'missing'
  | 'value'
  | 'category'
  | 'segment'
  | 'limit'

/**
 * An invalid SPDU. On receipt the caller's bug never shows as this; on sending only the caller's bug does.
 */
export class SpduError extends Error {
  override readonly name = 'SpduError'
  readonly reason: SpduReason
  /** Where in the TSDU the fault was seen, in octets from its start; 0 when sending and for segments. */
  readonly offset: number
  /**
   * The SPDU's octets up to the fault, at most 9, for Reflect Parameter Values of an ABORT; a copy. Empty
   * when sending.
   */
  readonly reflected: Uint8Array

  constructor(reason: SpduReason, message: string, offset = 0, reflected: Uint8Array = NOTHING) {
    super(message)
    this.reason = reason
    this.offset = offset
    this.reflected = reflected
  }
}

const NOTHING = new Uint8Array(0)
