// The presentation PDUs of X.226 in which RPC octets travel, in normal mode with simply encoded user
// data: a BER octet string with the tag [APPLICATION 0]. It costs six octets per SSDU, and makes
// captures readable from layer 4 to 6.

import type { Sealing } from '@parley/core'

/** Octets in front of the messages of an SSDU that is sent. */
export const DATA_HEADER_LENGTH = 6

/** Writes the header of a data PPDU (TD, TTD) with `length` octets of messages at `at`. */
export function writeDataHeader(bytes: Uint8Array, at: number, length: number): void {
  writeHeader(bytes, at, USER_DATA, length)
}

/** The messages in a data PPDU; undefined when it is not exactly one. No octet is copied. */
export function dataContent(ppdu: Uint8Array): Uint8Array | undefined {
  return open(ppdu, USER_DATA)
}

/**
 * Which PPDU the user data of a session service is: S-CONNECT CP and CPA, its refusal CPR, S-U-ABORT ARU,
 * S-RESYNCHRONIZE RS. The other services have none: their user data stands alone.
 */
export type ControlPpdu = 'connect' | 'refuse' | 'abort' | 'resynchronize' | 'other'

/** The octets as the user data of a session service. */
export function encodeControl(ppdu: ControlPpdu, octets: Uint8Array): Uint8Array {
  const userData = element(USER_DATA, [octets])
  if (ppdu === 'other') return userData
  if (ppdu === 'refuse' || ppdu === 'resynchronize') return element(SEQUENCE, [userData])
  if (ppdu === 'abort') return element(CONTEXT_0, [userData])
  return element(SET, [NORMAL_MODE, element(CONTEXT_2, [userData])])
}

/** Wraps what a session says of itself in these PPDUs. */
export const ppduSealing: Sealing = { seal: encodeControl, unseal: decodeControl }

/** What {@link encodeControl} was given; undefined when the octets are not exactly that PPDU. */
export function decodeControl(ppdu: ControlPpdu, octets: Uint8Array): Uint8Array | undefined {
  if (ppdu === 'other') return dataContent(octets)
  if (ppdu !== 'connect') return dataContent(open(octets, ppdu === 'abort' ? CONTEXT_0 : SEQUENCE) ?? NOTHING)
  const members = open(octets, SET) ?? NOTHING
  if (!NORMAL_MODE.every((octet, i) => members[i] === octet)) return undefined
  return dataContent(open(members.subarray(NORMAL_MODE.length), CONTEXT_2) ?? NOTHING)
}

/** User-data, simply-encoded-data: [APPLICATION 0] IMPLICIT OCTET STRING. */
const USER_DATA = 0x40
const SEQUENCE = 0x30
const SET = 0x31
const CONTEXT_0 = 0xa0
/** normal-mode-parameters of CP-type and CPA-PPDU. */
const CONTEXT_2 = 0xa2
/** mode-selector [0] IMPLICIT SET { mode-value [0] IMPLICIT INTEGER normal-mode (1) }. */
const NORMAL_MODE = Uint8Array.of(CONTEXT_0, 3, 0x80, 1, 1)
const LONG_FORM = 0x80
const NOTHING = new Uint8Array(0)

/** The long form of the length is written always: the header is reserved before the length is known. */
function writeHeader(bytes: Uint8Array, at: number, tag: number, length: number): void {
  bytes[at] = tag
  bytes[at + 1] = LONG_FORM | 4
  bytes[at + 2] = length >>> 24
  bytes[at + 3] = length >>> 16
  bytes[at + 4] = length >>> 8
  bytes[at + 5] = length
}

function element(tag: number, content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(DATA_HEADER_LENGTH + length)
  writeHeader(bytes, 0, tag, length)
  let at = DATA_HEADER_LENGTH
  for (const part of content) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/**
 * The content of the one BER element that `octets` must be: this tag, a definite length, nothing behind it.
 */
function open(octets: Uint8Array, tag: number): Uint8Array | undefined {
  const first = octets[1]
  if (octets[0] !== tag || first === undefined) return undefined
  if (first < LONG_FORM) return octets.length === 2 + first ? octets.subarray(2) : undefined
  const count = first - LONG_FORM
  if (count < 1 || count > 4) return undefined
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + (octets[2 + i] ?? 0)
  return octets.length === 2 + count + length ? octets.subarray(2 + count) : undefined
}
