// Gather lists: user data in one piece or several. Never copies an octet.

import type { Payload } from './types.ts'

/** How many octets a payload has. */
export function octets(payload: Payload): number {
  if (payload instanceof Uint8Array) return payload.length
  let total = 0
  for (const part of payload) total += part.length
  return total
}

/** True when there is at least one octet: an empty payload is the same as none (clause 8). */
export function isGiven(payload: Payload | undefined): payload is Payload {
  return payload !== undefined && octets(payload) > 0
}

/** Takes a payload from the front in pieces of any size, as views. */
export class PayloadCutter {
  private readonly parts: readonly Uint8Array[]
  private part = 0
  private used = 0
  /** Octets not taken yet. */
  left: number

  constructor(payload: Payload) {
    this.parts = payload instanceof Uint8Array ? [payload] : payload
    this.left = octets(payload)
  }

  /** The next `size` octets, or as many as are left. */
  take(size: number): Payload {
    const taken: Uint8Array[] = []
    let wanted = Math.min(size, this.left)
    this.left -= wanted
    while (wanted > 0) {
      const part = this.parts[this.part]
      if (part === undefined) break
      const piece = part.subarray(this.used, this.used + wanted)
      if (piece.length > 0) taken.push(piece)
      wanted -= piece.length
      this.used += piece.length
      if (this.used === part.length) {
        this.part += 1
        this.used = 0
      }
    }
    const [only] = taken
    return taken.length === 1 && only !== undefined ? only : taken
  }
}
