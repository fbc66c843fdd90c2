// What happened in a world, as a number that depends on every bit and the order of it; as lines for people
// where they are wanted; and as counts of what befell.

/** See the head of this file. */
export class Trace {
  /** The lines, when they are kept. */
  readonly lines: string[] | undefined
  readonly counts = new Map<string, number>()
  readonly #now: () => number
  #hash = 0x811c9dc5

  constructor(now: () => number, keepsLines: boolean) {
    this.#now = now
    this.lines = keepsLines ? [] : undefined
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }

  /** Something happened. */
  note(what: string): void {
    let hash = this.#mixed(this.#hash, Math.round(this.#now() * 1000))
    for (let at = 0; at < what.length; at++) hash = this.#mixed(hash, what.charCodeAt(at))
    this.#hash = hash
    this.lines?.push(`${this.#now().toFixed(1).padStart(9)}  ${what}`)
  }

  /** Octets went somewhere. */
  octets(what: string, parts: readonly Uint8Array[]): void {
    let hash = this.#hash
    let length = 0
    for (const part of parts) {
      length += part.length
      for (const octet of part) hash = Math.imul(hash ^ octet, 0x01000193)
    }
    this.#hash = hash
    this.note(`${what} ${length}`)
  }

  /** One more of a kind, for those who ask how often. */
  count(kind: string, times = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times)
  }

  #mixed(hash: number, value: number): number {
    return Math.imul(hash ^ value, 0x01000193)
  }
}
