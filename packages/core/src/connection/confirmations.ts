// The confirmed services that wait for their confirm: one mechanism for all of them. What is asked gets a
// promise, and every promise settles: by the confirm, by whatever overtakes it, or by the end of the session
// connection. It never asks the machine for anything.

import type { Indication, StateName } from '../machine/index.ts'
import { SessionAbortedError, SessionInterruptedError, type Interruption } from './errors.ts'
import type { SessionEnd } from './session-end.ts'
import type { Answer, ReleaseAnswer, ResyncAnswer, SyncAnswer } from './session-listener.ts'

/** The confirmed services by the method that asks, and what each resolves with. */
export interface Answers {
  release: ReleaseAnswer
  sendCapability: Answer
  syncMajor: SyncAnswer
  resynchronize: ResyncAnswer
  interruptActivity: Answer
  discardActivity: Answer
  endActivity: SyncAnswer
}

/** What waits for a confirm on one session connection: each service at most once. */
export class Confirmations {
  /** Made when the first of them is: most session connections ask for nothing for most of the time. */
  #waiting: Map<keyof Answers, Waiting> | undefined = undefined

  /** True while `service` was asked for and not answered. */
  has(service: keyof Answers): boolean {
    return this.#waiting?.has(service) === true
  }

  /** The promise of an answer; it may be left alone without harm. */
  wait<Service extends keyof Answers>(service: Service): Promise<Answers[Service]> {
    const waiting = new Waiting()
    this.#waiting = (this.#waiting ?? new Map<keyof Answers, Waiting>()).set(service, waiting)
    return waiting.answer as Promise<Answers[Service]>
  }

  /** The answer is here. */
  confirm<Service extends keyof Answers>(service: Service, answer: Answers[Service]): void {
    const waiting = this.#waiting?.get(service)
    this.#waiting?.delete(service)
    waiting?.resolve(answer)
  }

  /** After an interruption: rejects what the machine, in this state, no longer waits for. */
  interrupt(state: StateName, code: Interruption, by: 'us' | 'peer'): void {
    for (const [service, waiting] of this.#waiting ?? []) {
      if (waitingStates[service].includes(state)) continue
      this.#waiting?.delete(service)
      waiting.reject(new SessionInterruptedError(service, code, by))
    }
  }

  /** The session connection is over: rejects whatever waits. */
  end(end: SessionEnd): void {
    // Mostly nothing does, and an error is dear.
    if (this.#waiting === undefined || this.#waiting.size === 0) return
    const error = new SessionAbortedError(end)
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting = undefined
  }
}

/** Settles what a confirm of the machine is for; false when the indication is none. */
export function settle(confirmations: Confirmations, primitive: Indication): boolean {
  switch (primitive.name) {
    case 'SCDcnf':
      confirmations.confirm('sendCapability', { userData: primitive.userData })
      return true
    case 'SSYNMcnf':
    case 'SACTEcnf':
      confirmations.confirm(primitive.name === 'SSYNMcnf' ? 'syncMajor' : 'endActivity', {
        serial: primitive.serialNumber,
        userData: primitive.userData,
      })
      return true
    case 'SRSYNcnf': {
      const { flow, sending, receiving, userData } = primitive
      confirmations.confirm('resynchronize', {
        serial: (flow ?? sending)?.serialNumber,
        serialReceived: (flow ?? receiving)?.serialNumber,
        userData,
      })
      return true
    }
    case 'SACTIcnf':
    case 'SACTDcnf': {
      const service = primitive.name === 'SACTIcnf' ? 'interruptActivity' : 'discardActivity'
      confirmations.confirm(service, { userData: primitive.userData })
      return true
    }
    case 'SRELcnf-':
      confirmations.confirm('release', { accepted: false, userData: primitive.userData })
      return true
    default:
      return false
  }
}

/** One promise. */
class Waiting {
  resolve: (answer: unknown) => void = nothing
  reject: (error: Error) => void = nothing
  readonly answer: Promise<unknown>

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Who does not wait for the answer hears of what ended it by an event.
    this.answer.catch(nothing)
  }
}

/**
 * The states in which the confirm may still come. STA06 and STA15B are those in which a resynchronize of the
 * peer's is announced and not here, so nothing is decided yet.
 */
const waitingStates: { readonly [service in keyof Answers]: readonly StateName[] } = {
  release: ['STA03', 'STA09', 'STA15B'],
  sendCapability: ['STA21'],
  syncMajor: ['STA04A', 'STA15A', 'STA15B'],
  resynchronize: ['STA05A', 'STA06', 'STA15C'],
  interruptActivity: ['STA05B', 'STA15C'],
  discardActivity: ['STA05C', 'STA15C'],
  endActivity: ['STA04B', 'STA15A', 'STA15B'],
}

function nothing(): void {}
