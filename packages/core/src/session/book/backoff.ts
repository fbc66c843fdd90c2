// How long to wait before the next attempt to resume. Pure: chance comes in as an argument.

/** The bounds of waiting, in milliseconds. */
export interface Backoff {
  readonly reconnectDelay: number
  readonly reconnectDelayMost: number
}

/**
 * Full jitter: at once at first, then anything up to a bound that doubles, so that many who lost their
 * connection at once do not come back at once. `chance` is from 0 up to 1.
 */
export function backoff(failures: number, chance: number, bounds: Backoff): number {
  if (failures === 0) return 0
  const bound = Math.min(bounds.reconnectDelayMost, bounds.reconnectDelay * 2 ** Math.min(failures - 1, 30))
  return Math.floor(chance * bound)
}
