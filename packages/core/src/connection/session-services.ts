// The services that may be asked for on an open session connection: each is one method, which becomes one
// request to the machine. What is allowed when is the machine's to say.

import type { Request, SessionVariables } from '../machine/index.ts'
import type { Answers } from './confirmations.ts'
import type { Interruption } from './errors.ts'
import { bitsOfTokens, problemCode, type ProblemReason, type Token } from './glossary.ts'
import type { ActivityLinking } from './places.ts'
import { SyncPoints, Turns } from './progress.ts'
import { flowsOf, linkOf, placed, type MinorOptions, type ResyncOptions } from './service-options.ts'
import type { Answer, ResyncAnswer, SyncAnswer } from './session-listener.ts'

/** Everything that may be asked of an open session connection but its end. */
export abstract class SessionServices {
  readonly #variables: SessionVariables
  #turns: Turns | undefined = undefined
  #sync: SyncPoints | undefined = undefined
  /** As characters: octets of their own would be kept in many more, for as long as the activity lasts. */
  #activity: string | undefined = undefined

  constructor(variables: SessionVariables) {
    this.#variables = variables
  }

  /** Whose turn it is. */
  get turns(): Turns {
    return (this.#turns ??= new Turns(this.#variables))
  }

  /** The sync points so far. */
  get sync(): SyncPoints {
    return (this.#sync ??= new SyncPoints(this.#variables))
  }

  /** The identifier of the activity in progress; undefined when there is none. */
  get activity(): Uint8Array | undefined {
    const characters = this.#variables.Vact ? this.#activity : undefined
    if (characters === undefined) return undefined
    return Uint8Array.from(characters, (character) => character.charCodeAt(0))
  }

  /**
   * S-DATA. The parts, together at least one octet, are one SSDU; they must not be changed
   * afterwards. Returns false when more waits to leave than the transport likes: what was given is
   * kept all the same, and `drained` follows.
   */
  send(parts: readonly Uint8Array[]): boolean {
    return this.ask({ name: 'SDTreq', data: parts })
  }

  /** S-TYPED-DATA: like {@link send}, but free of the data token. */
  sendTyped(parts: readonly Uint8Array[]): boolean {
    return this.ask({ name: 'STDreq', data: parts })
  }

  /** S-EXPEDITED-DATA: 1 to 14 octets that later normal data does not overtake. */
  sendExpedited(parts: readonly Uint8Array[]): boolean {
    return this.ask({ name: 'SEXreq', data: parts })
  }

  /** S-CAPABILITY-DATA: an exchange outside of activities. All tokens but that of the release are ours. */
  sendCapability(userData?: Uint8Array): Promise<Answer> {
    return this.confirmed('sendCapability', { name: 'SCDreq', userData })
  }

  /** S-TOKEN-GIVE. All of the tokens must be ours. */
  giveTokens(tokens: readonly Token[], userData?: Uint8Array): void {
    this.ask({ name: 'SGTreq', tokens: bitsOfTokens(tokens), userData })
  }

  /** S-TOKEN-PLEASE. */
  pleaseTokens(tokens: readonly Token[], userData?: Uint8Array): void {
    this.ask({ name: 'SPTreq', tokens: bitsOfTokens(tokens), userData })
  }

  /**
   * S-CONTROL-GIVE: gives all tokens at once, outside of activities. Until the peer's session layer has
   * acknowledged it nothing can be asked but `abort`.
   */
  giveControl(userData?: Uint8Array): void {
    this.ask({ name: 'SCGreq', userData })
  }

  /** S-SYNC-MINOR: sets a point and returns its serial number. */
  syncMinor(options: MinorOptions = {}): number {
    const serial = this.sync.next
    const { explicit: confirm, dataSeparation, userData } = options
    this.ask({ name: 'SSYNmreq', confirm, dataSeparation, userData })
    return serial
  }

  /** S-SYNC-MINOR: confirms this point of the peer's and every one before it. */
  confirmMinor(serial: number, userData?: Uint8Array): void {
    this.ask({ name: 'SSYNmrsp', serialNumber: serial, userData })
  }

  /** S-SYNC-MAJOR: a point behind which nobody goes back. Until it is confirmed no data can be sent. */
  syncMajor(userData?: Uint8Array): Promise<SyncAnswer> {
    return this.confirmed('syncMajor', { name: 'SSYNMreq', userData })
  }

  /**
   * S-RESYNCHRONIZE: throws away what is on its way and goes on at a point that both sides agree on. When
   * both ask at once one of them prevails; the other's promise rejects and it is told of the winner's.
   */
  resynchronize(options: ResyncOptions): Promise<ResyncAnswer> {
    const variables = this.#variables
    const tokens = placed(options.turns, variables, true)
    const flows = flowsOf(options, variables)
    return this.confirmed('resynchronize', {
      name: 'SRSYNreq',
      ...flows,
      tokens,
      userData: options.userData,
    })
  }

  /** S-ACTIVITY-START. The identifier, 1 to 6 octets, is for the two users. Serial numbers begin at 1. */
  startActivity(identifier: Uint8Array, userData?: Uint8Array): void {
    this.ask({ name: 'SACTSreq', activity: identifier, userData })
    this.nowInActivity(identifier)
  }

  /** S-ACTIVITY-RESUME: goes on with an interrupted activity, possibly one of another session connection. */
  resumeActivity(identifier: Uint8Array, linking: ActivityLinking, userData?: Uint8Array): void {
    this.ask({ name: 'SACTRreq', ...linkOf(linking), activity: identifier, userData })
    this.nowInActivity(identifier)
  }

  /** S-ACTIVITY-INTERRUPT: stops the activity so that it may be resumed. All tokens are ours afterwards. */
  interruptActivity(reason: ProblemReason = 'none', userData?: Uint8Array): Promise<Answer> {
    return this.confirmed('interruptActivity', { name: 'SACTIreq', reason: stopCode(reason), userData })
  }

  /** S-ACTIVITY-DISCARD: stops the activity for good. All tokens are ours afterwards. */
  discardActivity(reason: ProblemReason = 'none', userData?: Uint8Array): Promise<Answer> {
    return this.confirmed('discardActivity', { name: 'SACTDreq', reason: stopCode(reason), userData })
  }

  /** S-ACTIVITY-END: ends the activity with a major sync point. */
  endActivity(userData?: Uint8Array): Promise<SyncAnswer> {
    return this.confirmed('endActivity', { name: 'SACTEreq', userData })
  }

  /**
   * S-U-EXCEPTION-REPORT: tells the side that has the data token of a problem. What arrives is thrown away
   * until it recovers: by giving the token, resynchronizing, interrupting or discarding the activity.
   */
  reportProblem(reason: ProblemReason, userData?: Uint8Array): void {
    this.ask({ name: 'SUERreq', reason: problemCode(reason), userData })
    this.interrupt('problem', 'us')
  }

  /** Asks the machine; false when enough waits to leave. */
  protected abstract ask(request: Request): boolean
  /** Asks for a confirmed service. */
  protected abstract confirmed<Service extends keyof Answers>(
    service: Service,
    request: Request,
  ): Promise<Answers[Service]>
  /** Something overtook what was asked before. */
  protected abstract interrupt(code: Interruption, by: 'us' | 'peer'): void

  /** An activity began, ours or the peer's, or all is over. */
  protected nowInActivity(identifier: Uint8Array | undefined): void {
    this.#activity = identifier === undefined ? undefined : String.fromCharCode(...identifier)
  }
}

/** The reason code of an interrupt or a discard; none is not sent. */
function stopCode(reason: ProblemReason): number | undefined {
  return reason === 'none' ? undefined : problemCode(reason)
}
