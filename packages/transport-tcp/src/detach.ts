// Memory of a buffer freed at once, without waiting for the garbage collector.
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/**
 * Frees the memory of a buffer, which is empty afterwards. Nobody else may have a part of it. Takes a
 * microsecond or two. Once any buffer of a process was detached, V8 checks for that at each access to any
 * typed array, which small messages feel.
 */
export function detach(buffer: ArrayBuffer): void {
  transferred[0] = buffer
  nobody.postMessage(undefined, transferred)
}

/**
 * What is transferred to a closed port is taken from here all the same, and freed with the message. Made here
 * and now: a port keeps the asynchronous context in which it was made.
 */
const nobody = closedPort()
const transferred: ArrayBuffer[] = []

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel()
  port1.close()
  return port1
}
