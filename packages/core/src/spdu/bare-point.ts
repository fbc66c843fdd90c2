// The hot path of sync points: a minor point that asks to be confirmed, and its confirmation, both without
// user data, in the one form that they then have. All else about them, and what is wrong with one, is the
// table's; what comes out is the same.

import { maxSerialNumber } from './constants.ts'
import type { LaterSegment, ReceivedSpdu, Spdu } from './types.ts'

/** `01 00 31 LI 2A LI digits` for MIP, `02 00 32 LI 2A LI digits` for MIA; each length has one octet. */
const MIP = { prefix: 1, si: 49 } as const
const MIA = { prefix: 2, si: 50 } as const
const SERIAL_CODE = 42
/** Octets before the digits. */
const HEADER = 6
const ZERO = 0x30

/** The TSDU of a MIP or MIA that has nothing but its serial number; undefined for anything else. */
export function encodeBarePoint(spdu: Spdu | LaterSegment): Uint8Array | undefined {
  if ((spdu.type !== 'MIP' && spdu.type !== 'MIA') || spdu.later === true) return undefined
  const { serialNumber, userData, enclosureItem } = spdu
  const isBare = userData === undefined && enclosureItem === undefined
  if (!isBare || (spdu.type === 'MIP' && spdu.syncTypeItem !== undefined)) return undefined
  if (!Number.isInteger(serialNumber) || serialNumber < 0 || serialNumber > maxSerialNumber) return undefined
  let digits = 1
  for (let least = 10; least <= serialNumber; least *= 10) digits++
  const tsdu = new Uint8Array(HEADER + digits)
  const { prefix, si } = spdu.type === 'MIP' ? MIP : MIA
  tsdu[0] = prefix
  tsdu[2] = si
  tsdu[3] = digits + 2
  tsdu[4] = SERIAL_CODE
  tsdu[5] = digits
  let rest = serialNumber
  for (let at = tsdu.length - 1; at >= HEADER; at--) {
    tsdu[at] = ZERO + (rest % 10)
    rest = Math.floor(rest / 10)
  }
  return tsdu
}

/** The MIP or MIA of a TSDU of that form; undefined for any other TSDU. */
export function decodeBarePoint(tsdu: Uint8Array): ReceivedSpdu<'MIP' | 'MIA'> | undefined {
  const digits = tsdu.length - HEADER
  if (digits < 1 || digits > MOST_DIGITS || tsdu[1] !== 0) return undefined
  if (tsdu[3] !== digits + 2 || tsdu[4] !== SERIAL_CODE || tsdu[5] !== digits) return undefined
  const isPoint = tsdu[0] === MIP.prefix && tsdu[2] === MIP.si
  if (!isPoint && (tsdu[0] !== MIA.prefix || tsdu[2] !== MIA.si)) return undefined
  let serialNumber = 0
  for (let at = HEADER; at < tsdu.length; at++) {
    const digit = (tsdu[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return undefined
    serialNumber = serialNumber * 10 + digit
  }
  return { type: isPoint ? 'MIP' : 'MIA', serialNumber }
}

const MOST_DIGITS = String(maxSerialNumber).length
