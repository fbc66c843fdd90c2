// A transport where one is expected: options in its place are the likeliest mistake.
import type { Transport } from '@parley/core'

/** Throws TypeError for anything that is no transport. */
export function assertTransport(given: unknown, taker: 'connect' | 'serve'): asserts given is Transport {
  const { connect, listen } = Object(given) as Partial<Transport>
  if (typeof connect === 'function' && typeof listen === 'function') return
  const where = taker === 'connect' ? 'its first argument' : '`listen`'
  throw new TypeError(`${taker} takes a transport as ${where}: tcp({ ... }) of @parley/transport-tcp, say`)
}
