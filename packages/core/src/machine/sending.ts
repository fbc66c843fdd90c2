// How outputs are put on the machine's list: SPDUs in the TSDUs they need, and indications. Decides nothing.

import {
  encodeTsdu,
  isUncut,
  segmentSsdu,
  type LaterSegment,
  type Payload,
  type Spdu,
} from '../spdu/index.ts'
import type { Indication } from './indications.ts'
import type { Incoming, Spm } from './spm.ts'

/** Tells our user. */
export function indicate(m: Spm, primitive: Indication): void {
  m.outputs.push({ do: 'indicate', primitive })
}

/** Sends an SPDU on the normal flow once the session connection is open. */
export function send(m: Spm, spdu: Spdu): void {
  sendWith(m, spdu, m.version ?? 2, m.maxSend)
}

/** Sends an SPDU on the normal flow, in segments where it is too long for one TSDU. */
export function sendWith(m: Spm, spdu: Spdu, version: 1 | 2, maxTsduOctets: number): void {
  if (isUncut(spdu, maxTsduOctets)) sendSegment(m, spdu, version)
  else for (const segment of segmentSsdu(spdu, { version, maxTsduOctets })) sendSegment(m, segment, version)
  m.joiner?.sent(spdu)
}

/** Sends what is one TSDU. */
export function sendSegment(m: Spm, segment: Spdu | LaterSegment, version: 1 | 2): void {
  const tsdu = encodeTsdu([segment], { version, extended: m.peerExtends })
  m.outputs.push({ do: 'send', tsdu, expedited: false })
}

/** Sends on the expedited flow, where it overtakes, and so cuts, what is being received in segments. */
export function sendExpedited(m: Spm, spdu: Spdu<'EX' | 'PR' | 'AB'>): void {
  m.outputs.push({ do: 'send', tsdu: encodeTsdu([spdu]), expedited: true })
  m.joiner?.sent(spdu)
}

/** The user data of the request that is being carried out. Empty is the same as none: it conveys nothing. */
export function requestedUserData(e: Incoming): Payload | undefined {
  const request = e.request
  const userData = request !== undefined && 'userData' in request ? request.userData : undefined
  return userData === undefined || userData.length === 0 ? undefined : userData
}

/**
 * A copy: what is known of a session for as long as it lasts must not hold the memory of the TSDU it came in.
 */
export function kept(octets: Uint8Array | undefined): Uint8Array | undefined {
  return octets?.slice()
}
