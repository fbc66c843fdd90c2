// The tickets of one session at the side that accepted it: what proves that a CONNECT comes from the one who
// opened the session. Holds hashes only; compares in constant time. Pure.

import { hexOf } from '../../hex.ts'

/**
 * - `valid` the session may be resumed with it
 * - `stale` a CONNECT that was overtaken by a later one, or repeated: to be ignored
 * - `reused` a ticket that its owner has certainly replaced: somebody else has it
 * - `wrong` none of this session's
 */
export type TicketVerdict = 'valid' | 'stale' | 'reused' | 'wrong'

/** Octets of a ticket, and of its hash (SHA-256). */
export const TICKET_OCTETS = 32

/**
 * The tickets of one session. A new one goes out with every ACCEPT. Until its owner has shown that it
 * arrived, the one before it stays good: the ACCEPT may have been lost. Attempts only ever rise, so of two
 * who hold the same ticket one wins, and a CONNECT that was under way for long does no harm.
 */
export class Tickets {
  #attempt = 0
  /** Hashes are kept as text, which takes a third of the room. Before {@link begin} that of no ticket. */
  #current = NO_TICKET
  #pending: string | undefined = undefined
  readonly #remembered: number
  /**
   * Hashes of tickets that were replaced for certain, latest last; filled up with the first. Made when the
   * first is: most sessions are never resumed.
   */
  #dead: string[] | undefined = undefined

  /** How many dead ones are remembered. */
  constructor(remembered: number) {
    this.#remembered = remembered
  }

  /** The hash of the first ticket. */
  begin(first: Uint8Array): void {
    this.#current = hexOf(first)
  }

  /** What a ticket with this hash, presented by this attempt, is worth. */
  check(presented: Uint8Array, attempt: number): TicketVerdict {
    const hash = hexOf(presented)
    const current = equal(hash, this.#current)
    const pending = equal(hash, this.#pending ?? this.#current)
    let dead = false
    for (let i = 0; i < this.#remembered; i++) {
      dead = equal(hash, this.#dead?.[i] ?? this.#current) || dead
    }
    const later = attempt > this.#attempt
    if (current || pending) return later ? 'valid' : 'stale'
    if (dead) return later ? 'reused' : 'stale'
    return 'wrong'
  }

  /** `presented` was valid, and a new ticket goes out. */
  replace(presented: Uint8Array, next: Uint8Array, attempt: number): void {
    if (this.#pending !== undefined && equal(hexOf(presented), this.#pending)) this.proven()
    this.#pending = hexOf(next)
    this.#attempt = attempt
  }

  /** The owner has the ticket that went out last: the one before it is dead. */
  proven(): void {
    if (this.#pending === undefined) return
    const first = this.#current
    this.#dead ??= Array.from({ length: this.#remembered }, () => first)
    this.#dead.push(this.#current)
    this.#dead.shift()
    this.#current = this.#pending
    this.#pending = undefined
  }
}

/** Takes the same time wherever the two differ. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < NO_TICKET.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

const NO_TICKET = hexOf(new Uint8Array(TICKET_OCTETS))
