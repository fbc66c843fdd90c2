// The wire of X.225: SPDUs to octets and back. Knows no state; everything here is pure.

// What an SPDU is
export { spduTable } from './table.ts'
export type {
  DecodedSpdu,
  LaterSegment,
  Payload,
  ReceivedSpdu,
  Spdu,
  SpduType,
  TsduMaximumSize,
} from './types.ts'
export {
  connectDataOctets,
  defaultRequirements,
  enclosure,
  exceptionReason,
  functionalUnit,
  maxSerialNumber,
  prepareType,
  protocolOption,
  refuseReason,
  resyncType,
  syncType,
  tokenBit,
  tokenSetting,
  transportDisconnect,
  versionBit,
} from './constants.ts'

// TSDUs to SPDUs
export {
  decodeExpedited,
  decodeTsdu,
  openingContext,
  plainData,
  reflect,
  type DecodeContext,
} from './concatenation.ts'
export { SegmentJoiner } from './segmentation.ts'
export { SpduError, type SpduReason } from './error.ts'

// SPDUs to TSDUs
export { encodeData, encodeTsdu } from './concatenation.ts'
export { encodeSpdu } from './encode.ts'
export { octets } from './payload.ts'
export { cutConnect, isUncut, segmentSsdu } from './segmentation.ts'

// For people
export { describe } from './describe.ts'
