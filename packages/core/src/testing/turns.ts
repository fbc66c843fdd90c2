// Turns of the event loop: the platform's queues, taken once at load so that a test's fake timers do not
// reach them.

/** What Node and browsers give; `setImmediate` is Node's, `MessageChannel` the quickest way in a browser. */
interface Platform {
  queueMicrotask(callback: () => void): void
  setTimeout(callback: () => void, delay: number): unknown
  readonly setImmediate?: (callback: () => void) => unknown
  readonly MessageChannel?: new () => MessageChannelLike
}

interface MessageChannelLike {
  readonly port1: { addEventListener(type: 'message', listener: () => void): void; start(): void }
  readonly port2: { postMessage(message: unknown): void }
}

const platform = globalThis as unknown as Platform

/** Calls back when the code that runs now has ended, before any timer or I/O. */
export const microtask: (callback: () => void) => void = platform.queueMicrotask.bind(globalThis)

/** Calls back after every microtask that is due, when timers and I/O have had their turn. */
export const macrotask: (callback: () => void) => void = chooseMacrotask()

/** Resolves after `count` turns of the event loop. Default 1. */
export async function turns(count = 1): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => macrotask(resolve))
}

function chooseMacrotask(): (callback: () => void) => void {
  const { setImmediate, MessageChannel } = platform
  if (setImmediate !== undefined) return (callback) => void setImmediate(callback)
  if (MessageChannel === undefined) return (callback) => void platform.setTimeout(callback, 0)
  const waiting: (() => void)[] = []
  const channel = new MessageChannel()
  channel.port1.addEventListener('message', () => waiting.shift()?.())
  channel.port1.start()
  return (callback) => {
    waiting.push(callback)
    channel.port2.postMessage(0)
  }
}
