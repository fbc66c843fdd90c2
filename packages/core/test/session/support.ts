// What the tests of sessions share: an acceptor in memory under a virtual clock, with everything that is
// usually left to chance decided by a seed, and one end that writes down what it is told.

import {
  connectSession,
  SessionAcceptor,
  type ConnectSessionOptions,
  type Digest,
  type LifeLimits,
  type ReleaseQuestion,
  type Session,
  type SessionAcceptorOptions,
  type SessionAudit,
  type SessionEnd,
  type SessionLimits,
  type SessionCallbacks,
  type SessionListening,
  type Transport,
} from '../../src/index.ts'
import {
  memory,
  seeded,
  turns,
  VirtualClock,
  type MemoryOptions,
  type MemoryTransport,
  type SeededRandom,
} from '../../src/testing/index.ts'

/** Not SHA-256, but as good where nobody attacks: 32 octets that depend on all of the input. */
const quickDigest: Digest = (octets) => {
  const hash = new Uint8Array(32)
  let state = 0x811c9dc5
  for (const octet of octets) state = Math.imul(state ^ octet, 0x01000193)
  for (let i = 0; i < 32; i++) {
    state = Math.imul(state ^ (octets[i] ?? i), 0x01000193)
    hash[i] = state >>> 24
  }
  return hash
}

/** What goes into a house. */
export interface HouseOptions {
  readonly seed?: number
  readonly memory?: MemoryOptions
  readonly limits?: Partial<SessionLimits & LifeLimits>
  readonly acceptor?: Partial<SessionAcceptorOptions>
}

/** One acceptor, with the sessions it has been given. */
export class House {
  readonly clock = new VirtualClock()
  readonly random: SeededRandom
  readonly transport: MemoryTransport
  readonly acceptor: SessionAcceptor
  readonly audits: SessionAudit[] = []
  /** What the acceptor's ends are told, in the order of their sessions. */
  readonly ends: End[] = []
  readonly #initiators: Session[] = []
  readonly #limits: Partial<SessionLimits & LifeLimits>
  listening: SessionListening | undefined

  constructor(options: HouseOptions = {}) {
    this.random = seeded(options.seed ?? 1)
    this.transport = memory({ clock: this.clock, ...options.memory })
    this.#limits = options.limits ?? {}
    this.acceptor = new SessionAcceptor({
      ...this.setting,
      onSession: (session) => void this.ends.push(new End(session)),
      onAudit: (audit) => void this.audits.push(audit),
      ...options.acceptor,
    })
  }

  get setting(): Pick<ConnectSessionOptions, 'clock' | 'random' | 'digest' | 'limits'> {
    return { clock: this.clock, random: this.random.random, digest: quickDigest, limits: this.#limits }
  }

  async listen(): Promise<void> {
    this.listening = await this.acceptor.listen(this.transport)
  }

  /** Opens a session; time passes as needed. */
  async connect(options: ConnectSessionOptions = {}, transport: Transport = this.transport): Promise<End> {
    const opening = connectSession(transport, { ...this.setting, ...options }).then(
      (session) => ({ session }),
      (error: unknown) => ({ error }),
    )
    await this.clock.advanceAsync(200)
    const opened = await opening
    if ('error' in opened) throw opened.error
    this.#initiators.push(opened.session)
    return new End(opened.session)
  }

  /** Milliseconds pass. */
  pass(milliseconds: number): Promise<void> {
    return this.clock.advanceAsync(milliseconds)
  }

  /** Loses the newest link, or does nothing when there is none. */
  cut(): void {
    this.transport.links.at(-1)?.cut()
  }

  /** Ends all and expects that nothing is left. */
  async expectNothingLeft(): Promise<void> {
    for (const session of [...this.acceptor.sessions, ...this.#initiators]) session.abort()
    await this.acceptor.close()
    await turns()
    // What is given up is waited for: timer TIM.
    await this.pass(6_000)
    this.transport.expectNothingLeft()
    this.clock.expectNothingLeft()
  }
}

/** One end of a session that writes down what it is told. */
export class End implements SessionCallbacks {
  readonly session: Session
  readonly log: string[] = []
  readonly states: string[] = []
  question: ReleaseQuestion | undefined
  end: SessionEnd | undefined
  completed = false
  readonly data = (ssdu: Uint8Array): void => void this.log.push(`data ${text(ssdu)}`)
  readonly typedData = (ssdu: Uint8Array): void => void this.log.push(`typed ${text(ssdu)}`)
  readonly drained = (): void => void this.log.push('drained')
  readonly closed = (end: SessionEnd): void => {
    this.log.push(`closed by ${end.by}: ${end.reason}`)
    this.end = end
  }
  releaseRequested?(userData: Uint8Array, question: ReleaseQuestion): void

  constructor(session: Session) {
    this.session = session
    session.states.subscribe({
      next: (state) => void this.states.push(state),
      complete: () => (this.completed = true),
    })
    session.listen(this)
  }

  /** From now on the question of a release waits in `question`. */
  askMe(): void {
    this.releaseRequested = (userData, question) => {
      this.log.push(`release? ${text(userData)}`.trimEnd())
      this.question = question
    }
  }

  /** The lines of the log that begin with this. */
  told(what: string): readonly string[] {
    return this.log.filter((line) => line.startsWith(what))
  }

  send(words: string): boolean {
    return this.session.send([octets(words)])
  }

  sendTyped(words: string): boolean {
    return this.session.sendTyped([octets(words)])
  }
}

/** Octets of a text. */
export function octets(words: string): Uint8Array {
  return new TextEncoder().encode(words)
}

/** The text of octets. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** A house with one session. */
export async function pair(options: HouseOptions = {}): Promise<{ house: House; a: End; b: End }> {
  const house = new House(options)
  await house.listen()
  const a = await house.connect()
  const [b] = house.ends
  if (b === undefined) throw new Error('no session')
  return { house, a, b }
}
