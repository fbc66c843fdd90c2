// Memory of a buffer given back at once. The garbage collector frees buffers only when there are 32 MB of
// them: until then each new one is cold memory, and all of them hasten the next collection of the whole heap.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { tcpLimits } from './limits.ts'

/**
 * Frees a buffer that nobody else has a part of; it is empty afterwards. Leaves it to the garbage collector
 * where it shares its memory or is too short to be worth it, and while this process has received little in
 * such buffers.
 */
export function giveBack(octets: Uint8Array): void {
  if (!worthIt(octets.length)) return
  const { buffer } = octets
  if (octets.length < tcpLimits.givenBackOctets || octets.length < buffer.byteLength) return
  if (!(buffer instanceof ArrayBuffer)) return
  transferred[0] = buffer
  nobody ??= closedPort()
  nobody.postMessage(undefined, transferred)
}

/** So many octets were received in a buffer that cannot be given back. */
export function notGivenBack(octets: number): void {
  if (lead < tcpLimits.givenBackLead) lead = Math.max(0, lead - octets)
}

/**
 * Once any buffer of a process was detached, V8 checks for that at each access to any typed array. So where
 * small messages are most of what is received, and would pay for it, none is.
 */
function worthIt(octets: number): boolean {
  if (lead < tcpLimits.givenBackLead) lead += octets
  return lead >= tcpLimits.givenBackLead
}

/** By how many octets what could be given back leads over what could not, in this process. */
let lead = 0
/** What is transferred to a closed port is taken from here all the same, and freed with the message. */
let nobody: MessagePort | undefined
const transferred: ArrayBuffer[] = []

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel()
  port1.close()
  return port1
}
