// What the tests of session connections share: an address in memory under a virtual clock, and a listener
// that writes down what it is told.

import {
  acceptSessions,
  openSession,
  type AcceptAnswer,
  type AcceptOptions,
  type MinorPoint,
  type OpenOptions,
  type Problem,
  type Question,
  type ReleaseQuestion,
  type ResumedActivity,
  type Resync,
  type ResyncQuestion,
  type SessionConnection,
  type SessionEnd,
  type SessionListener,
  type SessionListening,
  type SessionRequest,
  type StartedActivity,
  type StoppedActivity,
  type SyncPoint,
  type Transport,
  type TransportConnection,
} from '../../src/index.ts'
import {
  memory,
  turns,
  VirtualClock,
  type MemoryOptions,
  type MemoryTransport,
} from '../../src/testing/index.ts'

/** One address with an acceptor behind it. */
export class Address {
  readonly clock = new VirtualClock()
  readonly transport: MemoryTransport
  readonly requests: SessionRequest[] = []
  /** The opening sides' transport connections, for what a session layer would not send. */
  readonly wires: TransportConnection[] = []
  listening: SessionListening | undefined

  constructor(options: MemoryOptions = {}) {
    this.transport = memory({ clock: this.clock, ...options })
  }

  /** Accepts sessions; without `onRequest` the requests wait in `requests`. */
  async accept(
    options: AcceptOptions = {},
    onRequest: (request: SessionRequest) => void | Promise<void> = (request) =>
      void this.requests.push(request),
  ): Promise<void> {
    this.listening = await acceptSessions(this.transport, { clock: this.clock, ...options }, onRequest)
  }

  open(options: OpenOptions = {}): Promise<SessionConnection> {
    const wired: Transport = {
      connect: async (signal) => {
        const connection = await this.transport.connect(signal)
        this.wires.push(connection)
        return connection
      },
      listen: (onConnection) => this.transport.listen(onConnection),
    }
    return openSession(wired, { clock: this.clock, ...options })
  }

  /**
   * Ends the acceptor and expects that nothing is left: no timer, no link, nobody who listens or connects.
   */
  async expectNothingLeft(): Promise<void> {
    await this.listening?.close()
    await turns()
    this.transport.expectNothingLeft()
    this.clock.expectNothingLeft()
  }
}

/** Both ends of a session connection, each with what it is told. */
export interface Ends {
  readonly address: Address
  readonly request: SessionRequest
  readonly a: SessionConnection
  readonly b: SessionConnection
  readonly atA: Told
  readonly atB: Told
}

/** What goes into a pair of ends. */
export interface EndsOptions {
  readonly open?: OpenOptions
  readonly accept?: AcceptOptions
  readonly answer?: AcceptAnswer
  readonly memory?: MemoryOptions
  /** Leaves it to the test to listen. */
  readonly silent?: boolean
}

/** An open session connection, both ends listening. */
export async function ends(options: EndsOptions = {}): Promise<Ends> {
  const address = new Address(options.memory)
  let request: SessionRequest | undefined
  let b: SessionConnection | undefined
  await address.accept(options.accept, (one) => {
    request = one
    b = one.accept(options.answer)
  })
  const a = await address.open(options.open)
  if (request === undefined || b === undefined) throw new Error('nobody was asked')
  const atA = new Told()
  const atB = new Told()
  if (options.silent !== true) {
    a.listen(atA)
    b.listen(atB)
  }
  return { address, request, a, b, atA, atB }
}

/** A listener that writes everything down, and keeps the last question unanswered. */
export class Told implements SessionListener {
  readonly log: string[] = []
  readonly data = (ssdu: Uint8Array): void => void this.log.push(`data ${text(ssdu)}`)
  readonly typedData = (ssdu: Uint8Array): void => void this.log.push(`typed ${text(ssdu)}`)
  readonly expeditedData = (ssdu: Uint8Array): void => void this.log.push(`expedited ${text(ssdu)}`)
  readonly drained = (): void => void this.log.push('drained')
  readonly tokensGiven = (tokens: readonly string[]): void => void this.log.push(`given ${tokens.join(',')}`)
  readonly tokensAsked = (tokens: readonly string[]): void => void this.log.push(`asked ${tokens.join(',')}`)
  readonly controlGiven = (): void => void this.log.push('control')
  readonly minorConfirmed = (point: SyncPoint): void => void this.log.push(`confirmed ${point.serial}`)
  readonly activityStarted = ({ identifier }: StartedActivity): void =>
    void this.log.push(`start ${text(identifier)}`)
  readonly problem = ({ by, reason }: Problem): void => void this.log.push(`problem of ${by}: ${reason}`)
  /** What waits for an answer. */
  asked: Question | undefined
  question: ReleaseQuestion | undefined
  resync: ResyncQuestion | undefined
  resumed: ResumedActivity | undefined
  end: SessionEnd | undefined

  readonly minorSync = ({ serial, explicit, dataSeparation }: MinorPoint): void =>
    void this.log.push(`minor ${serial}${explicit ? '' : ' quiet'}${dataSeparation ? ' separate' : ''}`)

  readonly capabilityData = (userData: Uint8Array | undefined, question: Question): void =>
    this.#ask(`capability ${text(userData ?? octets(''))}`, question)

  readonly majorSync = (point: SyncPoint, question: Question): void =>
    this.#ask(`major ${point.serial}`, question)

  readonly activityEnded = (point: SyncPoint, question: Question): void =>
    this.#ask(`end ${point.serial}`, question)

  readonly activityInterrupted = ({ reason }: StoppedActivity, question: Question): void =>
    this.#ask(`interrupt ${reason}`, question)

  readonly activityDiscarded = ({ reason }: StoppedActivity, question: Question): void =>
    this.#ask(`discard ${reason}`, question)

  readonly activityResumed = (activity: ResumedActivity): void => {
    this.log.push(`resume ${text(activity.identifier)} at ${activity.serial}`)
    this.resumed = activity
  }

  readonly resynchronize = ({ flow, sending, receiving }: Resync, question: ResyncQuestion): void => {
    const words = Object.entries({ flow, sending, receiving })
      .filter(([, point]) => point !== undefined)
      .map(([name, point]) => `${name} ${point?.type} ${point?.serial}`)
    this.log.push(`resync ${words.join(' ')}`)
    this.resync = question
  }

  readonly releaseRequested = (userData: Uint8Array | undefined, question: ReleaseQuestion): void => {
    this.log.push(`release? ${userData === undefined ? '' : text(userData)}`.trimEnd())
    this.question = question
  }

  readonly closed = (end: SessionEnd): void => {
    this.log.push(`closed by ${end.by}: ${end.reason}`)
    this.end = end
  }

  #ask(line: string, question: Question): void {
    this.log.push(line)
    this.asked = question
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
