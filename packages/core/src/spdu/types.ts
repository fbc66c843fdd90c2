// The types of SPDUs, derived from the table: one shape for sending (payloads may be gather lists, nothing is
// copied) and one for what was received (payloads are views of the TSDU). Types only.
import type { spduTable } from './table.ts'

/** The 36 SPDUs, by the abbreviations of X.225 clause 7. */
export type SpduType = keyof typeof spduTable

/**
 * User data on its way out: one array of octets, or several that follow each other. Never copied, so not to
 * be changed.
 */
export type Payload = Uint8Array | readonly Uint8Array[]

/**
 * Session User Requirements aside, the one parameter of two numbers: octets of the largest TSDU each way, 0 =
 * unlimited.
 */
export interface TsduMaximumSize {
  readonly fromInitiator: number
  readonly fromResponder: number
}

/**
 * An SPDU to be sent. Numbers are the octets' own values in the standard's terms (see constants.ts); serial
 * numbers are numbers; selectors, references and identifiers are octets.
 */
export type Spdu<T extends SpduType = SpduType> = { [K in T]: Shape<K, Payload> }[T]

/**
 * An SPDU as received, whole or the first of its segments; payloads are views of the TSDU. Fits where {@link
 * Spdu} is asked.
 */
export type ReceivedSpdu<T extends SpduType = SpduType> = { [K in T]: Shape<K, Uint8Array> }[T]

/**
 * A later segment of a segmented SSDU other than DT and TD: only the enclosure item (0 middle, 2 last) and
 * user data (version 2 only). It means nothing before {@link SegmentJoiner} has put it behind the first one.
 */
export interface LaterSegment<P extends Payload = Payload> {
  readonly type: SegmentedType
  readonly later: true
  readonly enclosureItem: 0 | 2
  readonly userData?: P | undefined
}

/** What a received TSDU may hold. */
export type DecodedSpdu = ReceivedSpdu | LaterSegment<Uint8Array>

/**
 * The SPDUs whose SSDU may be cut by an optional enclosure item in version 2 (all but CN, CDO and those of
 * the data flows).
 */
export type SegmentedType = {
  [K in SpduType]: FieldsOf<K> extends {
    readonly enclosureItem: readonly [25, 'o', 'enclosure', readonly [0, 1]]
  }
    ? K
    : never
}[SpduType]

type FieldsOf<T extends SpduType> = (typeof spduTable)[T]['fields']

type Shape<T extends SpduType, P> = { readonly type: T; readonly later?: undefined } & Fields<
  FieldsOf<T>,
  P
> &
  ((typeof spduTable)[T] extends { readonly information: unknown }
    ? { readonly userInformation: P }
    : unknown)

type Fields<F, P> = {
  readonly [K in keyof F as IsMandatory<F[K]> extends true ? K : never]: Value<F[K], P>
} & {
  readonly [K in keyof F as IsMandatory<F[K]> extends true ? never : K]?: Value<F[K], P> | undefined
}

type IsMandatory<D> = D extends { readonly presence: 'm' } | readonly [number, 'm', ...unknown[]]
  ? true
  : false

type Value<D, P> = D extends { readonly fields: infer F }
  ? Fields<F, P>
  : D extends readonly [number, unknown, infer K, unknown]
    ? K extends 'payload'
      ? P
      : K extends 'octets'
        ? Uint8Array
        : K extends 'sizes'
          ? TsduMaximumSize
          : number
    : never
