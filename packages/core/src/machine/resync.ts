// Which resynchronization prevails when two meet (X.225 7.24.3.3, Annex A SPMwinner), and what is recorded of
// the one that does. Pure but for `record` and `recordPrevailing`, which are actions [16] and [72].

import { functionalUnit as unit } from '../spdu/index.ts'
import type { Resync } from './primitives.ts'
import { NO_NUMBER, type Incoming, type Spm } from './spm.ts'

/** What becomes of one flow: a type and, except for `no`, a serial number. */
export interface Flow {
  readonly type: Resync
  readonly number: number
}

/** What becomes of both flows when a newcomer meets what is recorded. */
export interface Flows {
  readonly sending: Flow
  readonly receiving: Flow
}

/**
 * SPMwinner: what is recorded stays. Without symmetric synchronize the higher rank does, then the lower
 * number of two restarts, then the initiator of the session connection. With it each flow is judged so, and
 * where they disagree the initiator's stays.
 */
export function recordedPrevails(m: Spm, e: Incoming): boolean {
  const newcomerInitiates = fromInitiator(m, e)
  if (!isSymmetric(m)) {
    const balance = compare({ type: m.Vrsp, number: m.Vrspnb }, { type: e.type, number: e.number })
    return balance === 0 ? !newcomerInitiates : balance > 0
  }
  const sending = compareFlow(sendingOf(m), sendingBy(e), newcomerInitiates)
  const receiving = compareFlow(receivingOf(m), receivingBy(e), newcomerInitiates)
  if (sending >= 0 && receiving >= 0 && sending + receiving > 0) return true
  if (sending <= 0 && receiving <= 0 && sending + receiving < 0) return false
  return !newcomerInitiates
}

/** With symmetric synchronize: what prevails in each flow, whichever side wins as a whole. */
export function prevailing(m: Spm, e: Incoming): Flows {
  const initiates = fromInitiator(m, e)
  const sending = sendingOf(m)
  const receiving = receivingOf(m)
  return {
    sending: compareFlow(sending, sendingBy(e), initiates) >= 0 ? sending : sendingBy(e),
    receiving: compareFlow(receiving, receivingBy(e), initiates) >= 0 ? receiving : receivingBy(e),
  }
}

/**
 * [16]: records the resynchronization that has just become the one in progress. Deviation (Annex A [16]):
 * with symmetric synchronize it sets Vrsp for AI and AD, which p41 and p42 test.
 */
export function record(m: Spm, e: Incoming): void {
  m.resyncSettings = e.settings
  if (isSymmetric(m) && e.type === 'no') {
    recordPrevailing(m, e)
    if (m.Vrsps !== 'no') m.discardSent = true
    if (m.Vrspr !== 'no') m.discardReceived = true
    return
  }
  m.Vrsp = e.type
  m.resyncNumber = e.number
  if (e.type === 'r') m.Vrspnb = e.number
  m.discardSent = m.discardReceived = true
}

/** [72]: each flow takes the value that prevails. */
export function recordPrevailing(m: Spm, e: Incoming): void {
  const { sending, receiving } = prevailing(m, e)
  m.Vrsps = sending.type
  m.resyncNumbers = sending.number
  if (sending.type === 'r') m.Vrspnbs = sending.number
  m.Vrspr = receiving.type
  m.resyncNumberr = receiving.number
  if (receiving.type === 'r') m.Vrspnbr = receiving.number
}

const rank: { readonly [type in Resync]: number } = { no: 0, r: 1, s: 2, a: 3, int: 4, dsc: 5 }

/** Above 0 for the first, below 0 for the second, 0 for neither. */
function compare(a: Flow, b: Flow): number {
  if (a.type !== b.type) return rank[a.type] - rank[b.type]
  return a.type === 'r' ? b.number - a.number : 0
}

/** The same of one flow of two: of two abandons the higher number prevails, of two sets the initiator's. */
function compareFlow(recorded: Flow, newcomer: Flow, newcomerInitiates: boolean): number {
  if (recorded.type !== newcomer.type || recorded.type === 'r') return compare(recorded, newcomer)
  if (recorded.type === 'a') return recorded.number - newcomer.number
  if (recorded.type !== 's' || recorded.number === newcomer.number) return 0
  return newcomerInitiates ? -1 : 1
}

/** The side that asked for the transport connection is the initiator of the session connection. */
function fromInitiator(m: Spm, e: Incoming): boolean {
  return e.request === undefined ? m.Vtca : !m.Vtca
}

function sendingOf(m: Spm): Flow {
  return flowOf(m.Vrsps, m.Vrspnbs, m.resyncNumbers)
}

function receivingOf(m: Spm): Flow {
  return flowOf(m.Vrspr, m.Vrspnbr, m.resyncNumberr)
}

function flowOf(type: Resync, restart: number, other: number): Flow {
  return { type, number: type === 'no' ? NO_NUMBER : type === 'r' ? restart : other }
}

function sendingBy(e: Incoming): Flow {
  return { type: e.sendingType, number: e.sendingNumber }
}

function receivingBy(e: Incoming): Flow {
  return { type: e.receivingType, number: e.receivingNumber }
}

function isSymmetric(m: Spm): boolean {
  return (m.FU & unit.symmetricSynchronize) !== 0
}
