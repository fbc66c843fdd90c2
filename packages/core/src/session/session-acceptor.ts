// The end that accepts sessions, keeps them while they have no connection, and lets their owners have them
// back. One acceptor may stand behind several addresses: a session may come back on another one. Nothing of a
// session is touched before its user has said who asks.

import {
  acceptSessions,
  endByError,
  endByUs,
  ownOptions,
  type SessionListening,
  type SessionRequest,
} from '../connection/index.ts'
import { hexOf } from '../hex.ts'
import type { Timer } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import type { Admit, Admitted, AuditCode, Denied, SessionAudit } from './admission.ts'
import {
  decodeGreeting,
  decodeNumber,
  encodeNumber,
  encodeReason,
  encodeWelcome,
  why,
  type Claim,
  type Greeting,
} from './book/envelope.ts'
import { Roster } from './book/roster.ts'
import { TICKET_OCTETS, Tickets } from './book/tickets.ts'
import { Dialogue, type SessionHome } from './dialogue.ts'
import { Keeper } from './keeper.ts'
import { assertUserData, lifeUnits, settingOf, type LifeOptions, type Setting } from './options.ts'
import { opened } from './sealing.ts'
import type { Session } from './session.ts'

/** How to accept sessions. */
export interface SessionAcceptorOptions extends LifeOptions {
  /** Default: everyone is let in, as nobody in particular. */
  readonly admit?: Admit | undefined
  /**
   * Called with each new session and what `admit` gave as its `context`, before anything of it is delivered.
   * One that throws ends that session.
   */
  readonly onSession: (session: Session, context: unknown) => void
  /** Told what happens at the door. */
  readonly onAudit?: ((audit: SessionAudit) => void) | undefined
}

/** A session and what proves to be its owner. */
interface Entry {
  readonly session: Dialogue
  readonly tickets: Tickets
}

/** What our user says of an applicant; undefined when it threw. */
type Decision = Admitted | Denied | 'late' | undefined

/** A ticket that may be given out, its hash, and that of the one that was presented by who comes back. */
interface Paper {
  readonly ticket: Uint8Array
  readonly hash: Uint8Array
  readonly presented: Uint8Array
}

/** Accepts sessions. */
export class SessionAcceptor {
  readonly #options: SessionAcceptorOptions
  readonly #setting: Setting
  readonly #roster: Roster<Entry>
  readonly #home: SessionHome
  readonly #listening: SessionListening[] = []
  /** Stands for the session there is not, so that looking takes as long. */
  readonly #nobody: Tickets
  #admissions = 0
  #closed = false

  constructor(options: SessionAcceptorOptions) {
    this.#options = ownOptions(options)
    this.#setting = settingOf(this.#options)
    const { limits, clock, random } = this.#setting
    this.#roster = new Roster(limits)
    this.#home = {
      role: 'acceptor',
      ...this.#setting,
      wayBack: (session) => new Keeper(session, clock, limits.timeToLive, () => this.#closed),
      over: ({ id, principal }) => this.#roster.remove(id, principal),
      proven: ({ id }) => this.#roster.get(id)?.tickets.proven(),
    }
    this.#nobody = new Tickets(limits.deadTickets)
    this.#nobody.begin(random(new Uint8Array(TICKET_OCTETS)))
  }

  /** The sessions there are, with and without a connection. */
  get sessions(): readonly Session[] {
    return this.#roster.values().map(({ session }) => session)
  }

  /** Offers the transport's address. Rejects with a `TransportError` when it cannot be had. */
  async listen(transport: Transport): Promise<SessionListening> {
    const { limits, clock, tsduSizes } = this.#setting
    const listening = await acceptSessions(
      transport,
      { units: lifeUnits, versions: [2], limits, clock, tsduSizes },
      (request) => this.take(request),
    )
    this.#listening.push(listening)
    return listening
  }

  /**
   * Stops offering addresses. Sessions that have a connection go on until they lose it; those without one,
   * which nobody can bring back any more, end with `expired`.
   */
  async close(): Promise<void> {
    this.#closed = true
    for (const { session } of this.#roster.values()) if (session.state !== 'open') session.over(gone)
    await Promise.all(this.#listening.map((listening) => listening.close()))
  }

  /**
   * Takes a CONNECT that came to somebody else: who listens himself, for sessions among other things, hands
   * over those that are for sessions. They are answered as those that come to {@link listen}.
   */
  take(request: SessionRequest): void | Promise<void> {
    const { limits, sealing } = this.#setting
    const greeting = decodeGreeting(opened(sealing, 'connect', request.userData))
    if (!lifeUnits.every((unit) => request.units.includes(unit)))
      return request.refuse({ reason: 'restriction' })
    if (greeting === undefined || greeting.silence < limits.silenceTimeoutLeast) return request.refuse()
    if (this.#closed || this.#admissions >= limits.admissions) return request.refuse({ reason: 'congestion' })
    const answer = this.#decide(request, greeting)
    if (answer instanceof Promise) return this.#decideLater(request, greeting, answer)
    return this.#decided(request, greeting, answer)
  }

  /** Only who is not decided about at once waits, and counts as waiting. */
  async #decideLater(request: SessionRequest, greeting: Greeting, later: Promise<Decision>): Promise<void> {
    this.#admissions++
    try {
      await this.#decided(request, greeting, await later)
    } finally {
      this.#admissions--
    }
  }

  #decided(request: SessionRequest, greeting: Greeting, answer: Decision): void | Promise<void> {
    if (!request.pending) return
    if (answer === 'late') {
      this.#audit('failed', request, undefined)
      return request.refuse({ reason: 'congestion' })
    }
    if (answer === undefined || !answer.admit) {
      this.#audit(answer === undefined ? 'failed' : 'denied', request, undefined)
      // Whoever comes back to an acceptor that is closing is not refused for good: there may be others.
      if (this.#closed && greeting.resume !== undefined) return request.refuse({ reason: 'congestion' })
      return this.#deny(request, answer?.userData)
    }
    const claim = greeting.resume
    if (claim === undefined) return this.#letIn(request, greeting, answer)
    const paper = this.#paper(claim)
    if (!(paper instanceof Promise)) return this.#resume(request, greeting, answer, paper)
    return paper.then((written) => {
      if (request.pending) this.#resume(request, greeting, answer, written)
    })
  }

  #letIn(request: SessionRequest, greeting: Greeting, answer: Admitted): void {
    if (!this.#closed && this.#roster.hasRoom(answer.principal)) return this.#open(request, greeting, answer)
    this.#audit('full', request, undefined, answer.principal)
    request.refuse({ reason: 'congestion' })
  }

  /** Asks our user. */
  #decide(request: SessionRequest, greeting: Greeting): Decision | Promise<Decision> {
    const { admit = everyone } = this.#options
    const { remote, certificate, calledSelector, callingSelector } = request
    const { userData } = greeting
    const resumes = greeting.resume !== undefined
    try {
      const waits = (): boolean => request.pending
      const answer = admit({ userData, remote, certificate, calledSelector, callingSelector, resumes, waits })
      return isLater(answer) ? this.#inTime(answer) : answer
    } catch {
      return undefined
    }
  }

  async #inTime(answer: PromiseLike<Admitted | Denied>): Promise<Decision> {
    const { clock, limits } = this.#setting
    let timer: Timer | undefined
    try {
      const late = new Promise<'late'>((resolve) => {
        timer = clock.setTimer(limits.admissionTimeout, () => resolve('late'))
      })
      return await Promise.race([answer, late])
    } catch {
      return undefined
    } finally {
      timer?.cancel()
    }
  }

  /** The same for everybody who comes back: a new ticket, its hash, and the hash of the one presented. */
  #paper({ ticket: claimed }: Claim): Paper | Promise<Paper> {
    const { random, digest } = this.#setting
    const ticket = random(new Uint8Array(TICKET_OCTETS))
    const hash = digest(ticket)
    const presented = digest(claimed)
    if (!isLater(hash) && !isLater(presented)) return { ticket, hash, presented }
    return Promise.all([hash, presented]).then(([own, theirs]) => ({ ticket, hash: own, presented: theirs }))
  }

  #open(request: SessionRequest, greeting: Greeting, admitted: Admitted): void {
    const { principal, userData, context } = admitted
    const { limits, random } = this.#setting
    let id: Uint8Array
    do id = random(new Uint8Array(ID_OCTETS))
    while (this.#roster.get(hexOf(id)) !== undefined)
    const key = hexOf(id)
    const ticket = random(new Uint8Array(TICKET_OCTETS))
    const tickets = new Tickets(limits.deadTickets)
    const session = new Dialogue(this.#home, key, principal)
    this.#roster.add(key, principal, { session, tickets })
    try {
      this.#accept(request, greeting, session, { id, attempt: 0, ticket, received: 0, userData })
      // The answer has left: nobody waits for the digest.
      this.#begin(tickets, ticket, session)
      this.#audit('opened', request, key, principal)
      this.#options.onSession(session, context)
    } catch (error) {
      session.over(endByError('listener-error', error))
      if (request.pending) throw error
    }
  }

  #begin(tickets: Tickets, ticket: Uint8Array, session: Dialogue): void {
    const hash = this.#setting.digest(ticket)
    if (!isLater(hash)) return tickets.begin(hash)
    Promise.resolve(hash).then(
      (octets) => tickets.begin(octets),
      (error: unknown) => session.over(endByError('internal-error', error)),
    )
  }

  #resume(
    request: SessionRequest,
    greeting: Greeting,
    { principal, userData }: Admitted,
    paper: Paper,
  ): void {
    const claim = greeting.resume
    const id = request.identifier?.common
    const attempt = decodeNumber(request.identifier?.additional) ?? 0
    const key = id === undefined ? '' : hexOf(id)
    const entry = this.#roster.get(key)
    const verdict = (entry?.tickets ?? this.#nobody).check(paper.presented, attempt)
    const code = refusalOf(entry, principal, verdict)
    if (code === 'ticket-reused') {
      entry?.session.over(endByUs('ticket-reused', 'somebody used an old ticket of the session'), why.reused)
    }
    const unable =
      claim === undefined || id === undefined || entry?.session.hasPosition(claim.received) !== true
    if (code !== undefined || unable || entry === undefined) {
      this.#audit(code ?? 'wrong-ticket', request, entry === undefined ? undefined : key, principal)
      return this.#refuseLater(request)
    }
    entry.tickets.replace(paper.presented, paper.hash, attempt)
    this.#audit('resumed', request, key, principal)
    const received = claim.received
    this.#accept(request, greeting, entry.session, { id, attempt, ticket: paper.ticket, received, userData })
  }

  #accept(request: SessionRequest, greeting: Greeting, session: Dialogue, answer: Acceptance): void {
    const { limits, sealing } = this.#setting
    const { id, attempt, ticket, received, userData = new Uint8Array(0) } = answer
    assertUserData(userData, 'admit')
    const welcome = encodeWelcome({
      silence: limits.silenceTimeout,
      timeToLive: limits.timeToLive,
      ticket,
      received: session.received,
      userData,
    })
    const connection = request.accept({
      units: lifeUnits,
      identifier: { common: id, additional: encodeNumber(attempt) },
      userData: sealing.seal('connect', welcome),
    })
    const isFirst = attempt === 0
    session.attach(connection, { peerSilence: greeting.silence, received, isFirst, linking: undefined })
  }

  /** Whatever was wrong, it looks the same from outside, and takes its time. */
  #refuseLater(request: SessionRequest): void {
    const { clock, limits } = this.#setting
    this.#admissions++
    clock.setTimer(limits.refusalDelay, () => {
      this.#admissions--
      if (request.pending)
        request.refuse({
          reason: 'user-data',
          userData: this.#setting.sealing.seal('refuse', encodeReason(why.unknown)),
        })
    })
  }

  #deny(request: SessionRequest, userData: Uint8Array | undefined): void {
    if (userData === undefined) return request.refuse()
    const reason = this.#setting.sealing.seal('refuse', encodeReason(why.user, userData))
    request.refuse({ reason: 'user-data', userData: reason })
  }

  #audit(code: AuditCode, { remote }: SessionRequest, session: string | undefined, principal?: string): void {
    try {
      this.#options.onAudit?.({ code, session, principal, remote })
    } catch {
      // Who watches must not change what happens.
    }
  }
}

/** Octets of a session's identifier. */
const ID_OCTETS = 16

/** What goes into an ACCEPT. */
interface Acceptance {
  readonly id: Uint8Array
  readonly attempt: number
  readonly ticket: Uint8Array
  /** The initiator's position. */
  readonly received: number
  readonly userData: Uint8Array | undefined
}

/** Why this resume is refused; undefined when it is not. */
function refusalOf(
  entry: Entry | undefined,
  principal: string | undefined,
  verdict: ReturnType<Tickets['check']>,
): AuditCode | undefined {
  if (entry === undefined) return 'unknown-session'
  if (entry.session.principal !== principal) return 'wrong-principal'
  if (verdict === 'wrong') return 'wrong-ticket'
  if (verdict === 'reused') return 'ticket-reused'
  return verdict === 'stale' ? 'stale' : undefined
}

function everyone(): Admitted {
  return LET_IN
}

const LET_IN: Admitted = { admit: true }

function isLater<T extends object>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return 'then' in value && typeof value.then === 'function'
}

const gone = endByUs('expired', 'the acceptor was closed while the session had no connection')
