// What was read from a socket and copied is given back at once. The garbage collector frees buffers only when
// there are many of them: until then each new one is cold memory, and all of them hasten the next collection.
import { carryBallast } from './ballast.ts'
import { detach } from './detach.ts'
import { tcpLimits } from './limits.ts'

/**
 * Frees a buffer that nobody else has a part of; it is empty afterwards. Leaves it to the garbage collector
 * where it shares its memory or is too short to be worth it, and while this process has received little in
 * such buffers.
 */
export function giveBack(octets: Uint8Array): void {
  if (!worthIt(octets.length)) return
  carryBallast(octets.length)
  const { buffer } = octets
  if (octets.length < tcpLimits.givenBackOctets || octets.length < buffer.byteLength) return
  if (buffer instanceof ArrayBuffer) detach(buffer)
}

/** So many octets were received in a buffer that cannot be given back. */
export function notGivenBack(octets: number): void {
  if (lead < tcpLimits.givenBackLead) lead = Math.max(0, lead - octets)
}

/**
 * Detaching makes every typed array of the process a little slower. Where small messages are most of what is
 * received, and would pay for it, nothing is given back.
 */
function worthIt(octets: number): boolean {
  if (lead < tcpLimits.givenBackLead) lead += octets
  return lead >= tcpLimits.givenBackLead
}

/** By how many octets what could be given back leads over what could not, in this process. */
let lead = 0
