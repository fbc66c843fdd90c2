// Memory of a buffer given back at once. The garbage collector frees buffers only when there are 32 MB of
// them: until then each new one is cold memory, and all of them hasten the next collection of the whole heap.
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { tcpLimits } from './limits.ts'

/**
 * Frees a buffer that nobody else has a part of; it is empty afterwards. Leaves it to the garbage collector
 * where it shares its memory, or is too short to be worth it.
 */
export function giveBack(octets: Uint8Array): void {
  const { buffer } = octets
  if (octets.length < tcpLimits.givenBackOctets || octets.length < buffer.byteLength) return
  if (!(buffer instanceof ArrayBuffer)) return
  transferred[0] = buffer
  nobody ??= closedPort()
  nobody.postMessage(undefined, transferred)
}

/** What is transferred to a closed port is taken from here all the same, and freed with the message. */
let nobody: MessagePort | undefined
const transferred: ArrayBuffer[] = []

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel()
  port1.close()
  return port1
}
