// The platform's randomness and SHA-256. The one file of core that touches them; everything else is given a
// Random and a Digest.
import type { Digest } from './ports/digest.ts'
import type { Random } from './ports/random.ts'

/** Random octets of the platform's generator for secrets, 65,536 at most. */
export const systemRandom: Random = (bytes) => platform.crypto.getRandomValues(bytes)

/** SHA-256 by WebCrypto: in Node and, on pages with a secure origin, in browsers. */
export const systemDigest: Digest = async (octets) =>
  new Uint8Array(await platform.crypto.subtle.digest('SHA-256', octets))

/** What Node and browsers have in common here. */
interface Platform {
  readonly crypto: {
    getRandomValues(bytes: Uint8Array): Uint8Array
    readonly subtle: { digest(name: 'SHA-256', octets: Uint8Array): Promise<ArrayBuffer> }
  }
}

const platform = globalThis as unknown as Platform
