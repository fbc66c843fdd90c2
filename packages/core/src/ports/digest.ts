// Hashing as the session layer sees it. Types only.

/**
 * SHA-256 of `octets`: 32 octets, now or later (the shape of `crypto.subtle.digest`, which is never at once).
 */
export type Digest = (octets: Uint8Array) => Uint8Array | Promise<Uint8Array>
