// The platform's randomness and SHA-256. The one file of core that touches them; everything else is given a
// Random and a Digest.
import type { Digest } from './ports/digest.ts'
import type { Random } from './ports/random.ts'

/**
 * Random octets of the platform's generator for secrets, 65,536 at most. Few are taken from a stock, since
 * asking the generator costs more than all else that makes a ticket; each is given out once.
 */
export const systemRandom: Random = (bytes) => {
  const { length } = bytes
  if (length > LARGEST_STOCKED) return platform.crypto.getRandomValues(bytes)
  if (taken + length > stock.length) {
    platform.crypto.getRandomValues(stock)
    taken = 0
  }
  const end = taken + length
  bytes.set(stock.subarray(taken, end))
  stock.fill(0, taken, end)
  taken = end
  return bytes
}

const stock = new Uint8Array(4096)
/** So many octets of the stock were given out; none is there before the first are asked for. */
let taken = stock.length
const LARGEST_STOCKED = 256

/**
 * SHA-256, by WebCrypto on pages with a secure origin. Node's own is used there: WebCrypto has it done by
 * another thread, which takes 20 times as long for a few octets, and each new session needs some.
 */
export const systemDigest: Digest = (octets) => {
  if (node === undefined) return webDigest(octets)
  const { hash } = node
  return new Uint8Array(
    hash === undefined ? node.createHash('sha256').update(octets).digest() : hash('sha256', octets, 'buffer'),
  )
}

async function webDigest(octets: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await platform.crypto.subtle.digest('SHA-256', octets))
}

/** What Node and browsers have in common here, and what only Node has. */
interface Platform {
  readonly crypto: {
    getRandomValues(bytes: Uint8Array): Uint8Array
    readonly subtle: { digest(name: 'SHA-256', octets: Uint8Array): Promise<ArrayBuffer> }
  }
  readonly process?: { getBuiltinModule?: (id: 'node:crypto') => NodeCrypto | undefined }
}

interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(octets: Uint8Array): { digest(): Uint8Array } }
  /** In one call: newer than some of the versions of Node that this runs on. */
  readonly hash?: (algorithm: 'sha256', octets: Uint8Array, encoding: 'buffer') => Uint8Array
}

const platform = globalThis as unknown as Platform
const node = platform.process?.getBuiltinModule?.('node:crypto')
