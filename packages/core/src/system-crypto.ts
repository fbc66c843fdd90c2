// The platform's randomness and SHA-256. The one file of core that touches them; everything else is given a
// Random and a Digest.
import type { Digest } from './ports/digest.ts'
import type { Random } from './ports/random.ts'

/** Random octets of the platform's generator for secrets, 65,536 at most. */
export const systemRandom: Random = (bytes) => platform.crypto.getRandomValues(bytes)

/**
 * SHA-256, by WebCrypto on pages with a secure origin. Node's own is used there: WebCrypto has it done by
 * another thread, which takes 20 times as long for a few octets, and each new session needs some.
 */
export const systemDigest: Digest = async (octets) => {
  const node = platform.process?.getBuiltinModule?.('node:crypto')
  if (node !== undefined) return new Uint8Array(node.createHash('sha256').update(octets).digest())
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
}

const platform = globalThis as unknown as Platform
