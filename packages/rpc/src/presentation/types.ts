// Value types of the application: how instances of its classes travel. Both sides must list the same ones.
import { APPLICATION_TAGS } from './values-tags.ts'

/** How instances of one class travel; made by {@link valueType}. */
export interface ValueType {
  /** Names the type on the wire. */
  readonly tag: number
  /** Names the type in error messages. */
  readonly name: string
  /** Instances of exactly this class are carried, those of its subclasses are not. */
  readonly class: { readonly prototype: object }
  encode(value: never): unknown
  decode(carried: never): unknown
}

/** What {@link valueType} is given. */
export interface ValueTypeOptions<T extends object, Carried> {
  /** 0 to 63, the same on both sides and never used for another class again. */
  readonly tag: number
  /** For error messages. Default: the name of the class. */
  readonly name?: string
  /** The class. Instances of its subclasses need types of their own. */
  readonly class: { readonly prototype: T; readonly name?: string }
  /** What to send for an instance: anything that can travel, instances of other value types included. */
  encode(value: T): Carried
  /**
   * The instance again. `carried` is what the peer sent: nothing has checked that it has the
   * type it should have. Throw to refuse it; whoever awaits the value then gets an error with
   * the message of what was thrown.
   */
  decode(carried: Carried): T
}

/**
 * Lets instances of a class travel:
 * `msgpack({ types: [valueType({ tag: 0, class: Money, encode, decode })] })`. Throws
 * RangeError for a tag outside 0 to 63.
 */
export function valueType<T extends object, Carried>(options: ValueTypeOptions<T, Carried>): ValueType {
  const { tag } = options
  if (!Number.isInteger(tag) || tag < 0 || tag >= APPLICATION_TAGS) {
    throw new RangeError(
      `the tag of a value type must be an integer from 0 to ${APPLICATION_TAGS - 1}, not ${tag}`,
    )
  }
  return {
    tag,
    name: options.name ?? options.class.name ?? `type ${tag}`,
    class: options.class,
    encode: (value: T) => options.encode(value),
    decode: (carried: Carried) => options.decode(carried),
  }
}

/** Stands where a peer sent something of a type that this side cannot make. */
export class Undecodable {
  /** The type on the wire. */
  readonly tag: number
  /** Why it could not be made, in one sentence. */
  readonly problem: string
  constructor(tag: number, problem: string) {
    this.tag = tag
    this.problem = problem
  }
}
