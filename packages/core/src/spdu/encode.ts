import type { LaterSegment, Payload, Spdu } from './types.ts'
export declare function octets(payload: Payload): number
export declare function encodeSpdu(spdu: Spdu | LaterSegment, version?: 1 | 2): readonly Uint8Array[]
