// How user data of session services is wrapped for the layer above. Without a wrapping it travels as it is.

/**
 * Which service the user data goes with: S-CONNECT either way, its refusal, S-U-ABORT, or any other one.
 * X.226 has a PPDU of its own for each of the first three.
 */
export type SealedService = 'connect' | 'refuse' | 'abort' | 'other'

/** Wraps what a session says of itself, so that the layer above finds what it expects in its captures. */
export interface Sealing {
  seal(service: SealedService, octets: Uint8Array): Uint8Array
  /** What `seal` was given; undefined for anything else. */
  unseal(service: SealedService, octets: Uint8Array): Uint8Array | undefined
}

/** No wrapping. */
export const plain: Sealing = {
  seal: (_service, octets) => octets,
  unseal: (_service, octets) => octets,
}

/** {@link Sealing.unseal} of user data that may not be there. */
export function opened(
  sealing: Sealing,
  service: SealedService,
  userData: Uint8Array | undefined,
): Uint8Array | undefined {
  return userData === undefined ? undefined : sealing.unseal(service, userData)
}
