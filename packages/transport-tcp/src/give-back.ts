// What was read from a socket and copied is given back at once. The garbage collector frees buffers only when
// there are many of them: until then each new one is cold memory, and all of them hasten the next collection.
// Only in processes that receive mostly large TSDUs: freeing so makes every typed array a little slower, and
// small messages would pay for it.
import { carryBallast } from './ballast.ts'
import { detach } from './detach.ts'
import { tcpLimits } from './limits.ts'

/** A TSDU of so many octets was put together from several DTs. */
export function putTogether(octets: number): void {
  if (octets < tcpLimits.givenBackOctets) return handedOver(octets)
  if (lead < tcpLimits.givenBackLead) lead += octets
  if (lead >= tcpLimits.givenBackLead) carryBallast(octets)
}

/** So many octets were received in TSDUs of single DTs, which lie where they were read. */
export function handedOver(octets: number): void {
  if (lead < tcpLimits.givenBackLead) lead = Math.max(0, lead - octets)
}

/**
 * Frees a buffer that nobody else has a part of; it is empty afterwards. Leaves it to the garbage collector
 * where it shares its memory or is too short to be worth it, and while this process has received little in
 * large TSDUs.
 */
export function giveBack({ buffer, length }: Uint8Array): void {
  if (lead < tcpLimits.givenBackLead || length < tcpLimits.givenBackOctets) return
  if (length === buffer.byteLength && buffer instanceof ArrayBuffer) detach(buffer)
}

/** By how many octets large TSDUs of several DTs lead over all others, in this process. */
let lead = 0
