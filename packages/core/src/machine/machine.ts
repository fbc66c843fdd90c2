// The session protocol machine of X.225: five members, no friends. Everything that can happen to it
// enters by one of them with the time; what is to be done comes back as a list, in order. It never does
// anything itself and never waits.

import {
  decodeExpedited,
  decodeTsdu,
  reflect,
  SpduError,
  transportDisconnect,
  type DecodeContext,
  type DecodedSpdu,
} from '../spdu/index.ts'
import { fromPeer, nameOf } from './arrivals.ts'
import { account, earn } from './budget.ts'
import { compile, STATES, type CompiledArm, type CompiledCell, type Program } from './compile.ts'
import { machineConfig, type MachineConfig } from './config.ts'
import { SessionUsageError } from './errors.ts'
import { eventNumbers, incomingEvents, type Cause, type IncomingEvent } from './events.ts'
import { providerAbort, sendProviderAbort } from './outgoing.ts'
import { p23 } from './predicates.ts'
import type { Output } from './output.ts'
import type { Request, SessionVariables } from './primitives.ts'
import { fromUser } from './requests.ts'
import { Incoming, Spm } from './spm.ts'
import { STATE, states, stateSentences, type StateName } from './state.ts'
import { plainTables, symmetricTables, tables } from './tables/index.ts'

/** One session protocol machine: one end of one session connection at a time, on one transport connection. */
export class SessionMachine {
  readonly #m: Spm

  /** `config` comes from {@link machineConfig} and may be shared. */
  constructor(config: MachineConfig = machineConfig()) {
    this.#m = new Spm(config)
  }

  /** The state in the standard's name. */
  get state(): StateName {
    return stateName(this.#m.state)
  }

  /** The tokens that exist and are ours, as bits of a Token Item. */
  get tokens(): number {
    return this.#m.available & this.#m.owned
  }

  /** The variables of Annex A. */
  get variables(): SessionVariables {
    return this.#m
  }

  /** When to call {@link expire}, in the time of `now`; undefined for never. */
  get deadline(): number | undefined {
    return this.#m.deadline
  }

  /**
   * From our user. Throws {@link SessionUsageError}, and has changed nothing, when
   * the request is not possible now.
   */
  request(primitive: Request, now: number): Output[] {
    const m = this.#begin(now)
    this.#step(fromUser(m, primitive))
    if (primitive.name === 'SDTreq' || primitive.name === 'STDreq') earn(m)
    return take(m)
  }

  /** From the peer: one TSDU, or one expedited TSDU. Never throws for what the octets are. */
  receive(tsdu: Uint8Array, now: number, expedited = false): Output[] {
    const m = this.#begin(now)
    if (m.state === STATE.STA01 || m.state === STATE.STA01B) return take(m)
    if (m.state === STATE.STA01C) forget(m)
    try {
      const context = contextOf(m)
      const spdus = expedited ? [decodeExpedited(tsdu, context)] : decodeTsdu(tsdu, context)
      for (const spdu of spdus) {
        this.#accept(spdu, tsdu)
        if (m.state === STATE.STA01 || m.state === STATE.STA16) break
      }
    } catch (error) {
      if (!(error instanceof SpduError)) throw error
      const reflected = error.reflected.length > 0 ? error.reflected : reflect(tsdu)
      this.#fault(error.message, reflected, error.reason === 'limit')
    }
    return take(m)
  }

  /**
   * From below. `connected`: the transport connection we asked for is there; `accepted`: one that the peer
   * asked for; `lost`: it is gone, or could not be had. `expedited`: it has an expedited flow (TEXP).
   */
  transport(event: 'connected' | 'accepted' | 'lost', now: number, expedited = false): Output[] {
    const m = this.#begin(now)
    if (event === 'lost') {
      if (m.state !== STATE.STA01) this.#step(new Incoming('TDISind'))
      return take(m)
    }
    forget(m)
    m.TEXP = expedited
    m.own = expedited ? { ...m.config, expedited } : m.config
    this.#step(new Incoming(event === 'connected' ? 'TCONcnf' : 'TCONind'))
    return take(m)
  }

  /** From the clock: does what {@link deadline} was for, if it is due. */
  expire(now: number): Output[] {
    const m = this.#begin(now)
    if (m.deadline === undefined || now < m.deadline) return take(m)
    m.deadline = undefined
    this.#step(new Incoming('TIM'))
    return take(m)
  }

  #begin(now: number): Spm {
    this.#m.now = now
    this.#m.outputs = []
    return this.#m
  }

  /**
   * Finds the cell and carries out every alternative whose condition is true; which
   * are is settled before any is.
   */
  #step(e: Incoming, tsdu: Uint8Array = NOTHING): void {
    const m = this.#m
    const cell = cellOf(m, e.event)
    const held = cell === undefined ? 0 : alternatives(cell, m, e)
    if (cell === undefined || held === 0) return this.#invalid(e, tsdu)
    for (let i = 0, bits = held; bits !== 0; i++, bits >>= 1) {
      const arm = cell[i]
      if ((bits & 1) === 0 || arm === undefined) continue
      for (const step of arm.steps) step(m, e)
      m.state = arm.to
      for (const action of arm.after) action(m, e)
    }
    if (m.replay) this.#replay(tsdu)
  }

  /**
   * The rule of invalid intersections (Annex A). Our user's mistake throws and changes nothing. The peer's
   * ends in S-P-ABORT and ABORT; the other way that Annex A allows, EXCEPTION REPORT, can deadlock, as it
   * says itself, and is not used. Any other is a fault of this program.
   */
  #invalid(e: Incoming, tsdu: Uint8Array): void {
    const state = this.state
    const where = `${e.event} in ${state} (${stateSentences[state]})`
    const cause: Cause = incomingEvents[e.event]
    if (cause === 'user')
      throw new SessionUsageError('WRONG_STATE', e.event, state, `${where} is not possible`)
    if (cause !== 'peer') throw new Error(`${where} cannot happen`)
    this.#fault(`the peer sent ${where}`, reflect(tsdu), false)
  }

  /**
   * Ends the session connection for what the peer did: an invalid SPDU, or a good one that has no
   * place here. Before a CONNECT there is no user to tell; after our own ABORT the answer is the
   * end of the transport connection.
   */
  #fault(message: string, reflected: Uint8Array, restriction: boolean): void {
    const m = this.#m
    if (m.state === STATE.STA01) return
    if (m.state === STATE.STA16 || m.state === STATE.STA01A) {
      m.outputs.push({ do: 'disconnect' })
      m.deadline = undefined
      m.state = STATE.STA01
      return
    }
    const told = m.state !== STATE.STA01C && m.state !== STATE.STA01D
    if (told) providerAbort(m, restriction ? 'restriction' : 'protocol', message)
    const bit = restriction
      ? transportDisconnect.implementationRestriction
      : transportDisconnect.protocolError
    sendProviderAbort(m, bit, reflected)
    m.deadline = m.now + m.config.limits.abortTimeout
    m.state = STATE.STA16
    m.joiner = m.queue = m.opening = undefined
  }

  /**
   * One SPDU of a TSDU, and what an ACCEPT's Token Item says besides: a PLEASE TOKENS that follows it. What
   * has no cell is found out from its first segment, before any of it is kept.
   */
  #accept(spdu: DecodedSpdu, tsdu: Uint8Array): void {
    const m = this.#m
    if (spdu.later !== true) {
      const name = nameOf(m, spdu)
      if (cellOf(m, name) === undefined) return this.#invalid(new Incoming(name), tsdu)
    }
    const e = fromPeer(m, spdu, tsdu.length)
    if (e === undefined) return
    account(m, spdu.type)
    this.#step(e, tsdu)
    const asked = e.spdu?.type === 'AC' ? (e.spdu.tokenItem ?? 0) & m.available : 0
    if (asked === 0 || m.state !== STATE.STA713) return
    const please = new Incoming('PT')
    please.tokens = asked
    this.#step(please, tsdu)
  }

  /** [6]: the queued events in order. Those that are queued again meanwhile wait for the next [6]. */
  #replay(tsdu: Uint8Array): void {
    const m = this.#m
    const waiting = m.queue
    m.replay = false
    m.queue = undefined
    for (const e of waiting ?? []) this.#step(e, tsdu)
  }
}

const plain: Program = compile([...tables, ...plainTables])
const symmetric: Program = compile(tables, symmetricTables)
const NOTHING = new Uint8Array(0)
/** Between events; nothing is put on it. */
const NO_OUTPUTS: Output[] = []
/** For the predicates that look at no event. */
const NOBODY = new Incoming('TIM')

/** What is to be done. Kept here it would keep the octets sent last in memory, and the slab they lie in. */
function take(m: Spm): Output[] {
  const { outputs } = m
  m.outputs = NO_OUTPUTS
  return outputs
}

/** The cell of an event now, in the variant of the tables that holds. */
function cellOf(m: Spm, event: IncomingEvent): CompiledCell | undefined {
  const program = m.symmetric ? symmetric : plain
  return program[(eventNumbers.get(event) ?? 0) * STATES + m.state]
}

/** The alternatives of a cell that hold, as bits. */
function alternatives(cell: CompiledCell, m: Spm, e: Incoming): number {
  let held = 0
  for (let i = 0; i < cell.length; i++) {
    const arm = cell[i]
    if (arm !== undefined && !(arm.else && held !== 0) && holds(arm, m, e)) held |= 1 << i
  }
  return held
}

function holds(arm: CompiledArm, m: Spm, e: Incoming): boolean {
  for (const condition of arm.conditions) if (!condition(m, e)) return false
  return true
}

function contextOf(m: Spm): DecodeContext {
  return {
    version: m.version,
    outstanding: outstanding(m),
    segmenting: m.joiner?.segmenting,
    extended: m.version !== undefined && m.config.extended,
  }
}

/** Whose answer SI 42 is: that of a major point or of the end of an activity. */
function outstanding(m: Spm): DecodeContext['outstanding'] {
  if (m.state === STATE.STA04B) return 'AE'
  if (m.state === STATE.STA15A) return p23(m, NOBODY) ? 'AE' : 'MAP'
  return m.state === STATE.STA04A ? 'MAP' : undefined
}

/** What the session connection before this one had agreed on says nothing of the next CONNECT. */
function forget(m: Spm): void {
  m.version = undefined
  m.maxReceive = m.maxSend = 0
  m.joiner = undefined
  m.spent = 0
}

function stateName(state: number): StateName {
  const name = states[state]
  if (name === undefined) throw new Error(`no state has the number ${state}`)
  return name
}
