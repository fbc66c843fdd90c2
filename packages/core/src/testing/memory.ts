// A transport that lives in memory: both roles on one object, whole TSDUs, bounded buffers, and a link for a
// test to break. It behaves as a network does: nothing is delivered inside the call that causes it, and
// octets are copied.
import type { Clock } from '../ports/clock.ts'
import {
  type AbortSignalLike,
  type Transport,
  type TransportConnection,
  TransportError,
  type TransportListening,
} from '../ports/transport.ts'
import { systemClock } from '../system-clock.ts'
import { DEFAULT_MAX_TSDU_LENGTH, Link, type LinkSettings, type MemoryLink } from './memory-link.ts'
import { microtask } from './turns.ts'

/** What a memory transport is like. */
export interface MemoryOptions {
  /** Names the address and the ends: `memory`. */
  readonly name?: string
  /**
   * The clock of all delays. Default: the real one. Under another clock delivery uses microtasks and this
   * clock's timers alone, so that the same test always runs the same way.
   */
  readonly clock?: Clock
  /**
   * Milliseconds that connecting and each TSDU take. Default: 0, no timer at all. A function is asked each
   * time.
   */
  readonly delay?: number | (() => number)
  /** The connections have expedited data. Default: false. */
  readonly expedited?: boolean
  /**
   * Whether expedited data overtakes the normal data that waits; a function is asked each time, so a seed can
   * decide. Default: true, it arrives ahead of all that has not. Never may it fall behind later normal data.
   */
  readonly overtakes?: boolean | (() => boolean)
  /** The most TSDUs delivered in one turn. Default: all that wait. */
  readonly split?: number
  /** Octets that may wait before `send` returns false. Default: 1 MiB. */
  readonly highWaterMark?: number
  /** The connections' first `maxTsduLength`, in octets. Default: 64 MiB. */
  readonly maxTsduLength?: number
  /** Called with each new link before its ends are handed out: the place to set faults. */
  readonly onLink?: (link: MemoryLink) => void
}

/** A transport in memory, with its links in a test's hands. */
export interface MemoryTransport extends Transport {
  /** The links that are open, oldest first. */
  readonly links: readonly MemoryLink[]
  /** What becomes of a `connect`: `accept` (the default), `refuse`, or `hang` until its signal aborts. */
  onConnect: 'accept' | 'refuse' | 'hang'
  /** Throws, naming what is left, unless every link has ended, nobody listens and nobody connects. */
  expectNothingLeft(): void
}

/** Makes a transport in memory. What `listen` offers, `connect` of the same object reaches. */
export function memory(options: MemoryOptions = {}): MemoryTransport {
  return new Memory(options)
}

class Memory implements MemoryTransport {
  onConnect: MemoryTransport['onConnect'] = 'accept'
  readonly #name: string
  readonly #settings: LinkSettings
  readonly #onLink: ((link: MemoryLink) => void) | undefined
  readonly #links = new Set<Link>()
  #opened = 0
  #connecting = 0
  #accept: ((connection: TransportConnection) => void) | undefined

  constructor(options: MemoryOptions) {
    this.#name = options.name ?? 'memory'
    this.#onLink = options.onLink
    const overtakes = options.overtakes ?? true
    this.#settings = {
      expedited: options.expedited ?? false,
      overtakes: typeof overtakes === 'boolean' ? () => overtakes : overtakes,
      clock: options.clock ?? systemClock,
      yields: options.clock === undefined || options.clock === systemClock,
      delay: options.delay ?? 0,
      split: options.split ?? Infinity,
      highWaterMark: options.highWaterMark ?? 2 ** 20,
      maxTsduLength: options.maxTsduLength ?? DEFAULT_MAX_TSDU_LENGTH,
    }
  }

  get links(): readonly MemoryLink[] {
    return [...this.#links]
  }

  connect(signal?: AbortSignalLike): Promise<TransportConnection> {
    if (signal?.aborted === true) return Promise.reject(aborted(signal))
    this.#connecting++
    return new Promise((resolve, reject) => {
      let over = false
      const settle = (outcome: () => void): void => {
        if (over) return
        over = true
        this.#connecting--
        timer?.cancel()
        signal?.removeEventListener('abort', onAbort)
        outcome()
      }
      const onAbort = (): void => settle(() => reject(aborted(signal)))
      const arrive = (): void => {
        if (this.onConnect !== 'hang') settle(() => this.#open(resolve, reject))
      }
      const { delay, clock } = this.#settings
      const wait = typeof delay === 'number' ? delay : delay()
      const timer = wait > 0 ? clock.setTimer(wait, arrive) : undefined
      if (timer === undefined) microtask(arrive)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  async listen(onConnection: (connection: TransportConnection) => void): Promise<TransportListening> {
    if (this.#accept !== undefined)
      throw new TransportError('address', `${this.#name} is being offered already`)
    this.#accept = onConnection
    let offered = true
    return {
      address: this.#name,
      close: async () => {
        if (offered) this.#accept = undefined
        offered = false
      },
    }
  }

  expectNothingLeft(): void {
    const left = [...this.#links].map(describeLink)
    if (this.#accept !== undefined) left.push('an address being offered')
    if (this.#connecting > 0) left.push(`${this.#connecting} connecting`)
    if (left.length > 0) throw new Error(`left in ${this.#name}: ${left.join('; ')}`)
  }

  #open(resolve: (connection: TransportConnection) => void, reject: (error: TransportError) => void): void {
    const accept = this.#accept
    if (accept === undefined || this.onConnect === 'refuse') {
      const why = accept === undefined ? 'nobody listens' : 'told to refuse'
      return reject(new TransportError('refused', `cannot reach ${this.#name}: ${why}`))
    }
    const link = new Link(++this.#opened, this.#name, this.#settings, (closed) => this.#links.delete(closed))
    this.#links.add(link)
    this.#onLink?.(link)
    accept(link.acceptor)
    resolve(link.initiator)
  }
}

function aborted(signal: AbortSignalLike | undefined): TransportError {
  return new TransportError('aborted', 'connecting was aborted', { cause: signal?.reason })
}

function describeLink(link: Link): string {
  const waiting = link.waiting('to-acceptor') + link.waiting('to-initiator')
  const whose = [link.initiator.ended ? '' : 'initiator', link.acceptor.ended ? '' : 'acceptor'].filter(
    Boolean,
  )
  return `link ${link.number} (not ended: ${whose.join(' and ')}; ${waiting} octets waiting)`
}
