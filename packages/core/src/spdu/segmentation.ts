import type { DecodedSpdu, LaterSegment, ReceivedSpdu, Spdu, SpduType } from './types.ts'
export interface JoinLimits {
  readonly ssduOctets: number
  readonly ssduSegments: number
}
export interface SegmentSizes {
  readonly version: 1 | 2
  /** 0 = unlimited */
  readonly maxTsduOctets: number
}
export declare class SegmentJoiner {
  constructor(limits: JoinLimits)
  get segmenting(): SpduType | undefined
  accept(spdu: DecodedSpdu): ReceivedSpdu | undefined
  sent(spdu: Spdu | LaterSegment): void
  clear(): void
}
export declare function segmentSsdu(
  spdu: Spdu,
  sizes: SegmentSizes,
): readonly (Spdu | LaterSegment)[]
export declare function cutConnect(cn: Spdu<'CN'>): {
  connect: Spdu<'CN'>
  overflow: readonly Spdu<'CDO'>[]
}
