// Randomness as the session layer sees it. Types only.

/**
 * Fills `bytes` with random octets fit for secrets and returns it (the shape of `crypto.getRandomValues`).
 */
export type Random = (bytes: Uint8Array) => Uint8Array
