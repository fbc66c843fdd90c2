// The sessions of an acceptor by their identifier, with the caps on how many there may be. Pure.

/** Who has how many. */
export interface RosterCaps {
  readonly sessions: number
  readonly sessionsPerPrincipal: number
}

/** Sessions by identifier, and how many each principal has. */
export class Roster<Entry> {
  readonly #caps: RosterCaps
  readonly #entries = new Map<string, Entry>()
  readonly #principals = new Map<string, number>()

  constructor(caps: RosterCaps) {
    this.#caps = caps
  }

  get size(): number {
    return this.#entries.size
  }

  values(): Entry[] {
    return [...this.#entries.values()]
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id)
  }

  /** Is there room for another session of this principal? One without a name has no cap of its own. */
  hasRoom(principal: string | undefined): boolean {
    const own = principal === undefined ? 0 : (this.#principals.get(principal) ?? 0)
    return this.#entries.size < this.#caps.sessions && own < this.#caps.sessionsPerPrincipal
  }

  add(id: string, principal: string | undefined, entry: Entry): void {
    this.#entries.set(id, entry)
    if (principal !== undefined) this.#principals.set(principal, (this.#principals.get(principal) ?? 0) + 1)
  }

  /** Does nothing when there is no such session. */
  remove(id: string, principal: string | undefined): void {
    if (!this.#entries.delete(id) || principal === undefined) return
    const left = (this.#principals.get(principal) ?? 0) - 1
    if (left > 0) this.#principals.set(principal, left)
    else this.#principals.delete(principal)
  }
}
