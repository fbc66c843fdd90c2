import type { DecodedSpdu, LaterSegment, Payload, ReceivedSpdu, Spdu, SpduType } from './types.ts'
export interface DecodeContext {
  readonly version: 1 | 2 | undefined
  readonly outstanding: 'MAP' | 'AE' | undefined
  readonly segmenting: SpduType | undefined
  readonly extended: boolean
}
export interface EncodeContext {
  readonly version?: 1 | 2 | undefined
  readonly extended?: boolean | undefined
}
export declare const openingContext: DecodeContext
export declare function plainData(tsdu: Uint8Array): Uint8Array | undefined
export declare function decodeTsdu(tsdu: Uint8Array, context: DecodeContext): readonly DecodedSpdu[]
export declare function decodeExpedited(data: Uint8Array, context: DecodeContext): ReceivedSpdu<'AB' | 'EX' | 'PR'>
export declare function reflect(tsdu: Uint8Array): Uint8Array
export declare function encodeData(payload: Payload): readonly Uint8Array[]
export declare function encodeTsdu(
  spdus: readonly (Spdu | LaterSegment)[],
  context?: EncodeContext,
): readonly Uint8Array[]
