// What the two ends of a session say to each other in the user data of X.225's services, around what their
// users say: version, positions, tickets, and why. Pure. Nothing of a wrong length or version is understood.

import { TICKET_OCTETS } from './tickets.ts'

/** What opens or resumes a session: user data of CONNECT. */
export interface Greeting {
  /** Milliseconds of silence that the initiator bears. */
  readonly silence: number
  /** Undefined for a new session. */
  readonly resume: Claim | undefined
  readonly userData: Uint8Array
}

/** What a resume is claimed with. */
export interface Claim {
  readonly ticket: Uint8Array
  /** How many units the initiator has received. */
  readonly received: number
}

/** What comes back: user data of ACCEPT. */
export interface Welcome {
  readonly silence: number
  /** Milliseconds that the acceptor keeps the session while there is no connection. */
  readonly timeToLive: number
  /** The ticket for the next resume. */
  readonly ticket: Uint8Array
  /** How many units the acceptor has received. */
  readonly received: number
  readonly userData: Uint8Array
}

/** Why a session or a resume is refused, aborted or released: one octet before the user's own data. */
export const why = {
  /** The user wants it so. */
  user: 0,
  /** REFUSE: there is no such session, or the ticket is not good for it. */
  unknown: 1,
  /** ABORT: this connection is given up, the session goes on. FINISH: the same, in good order. */
  suspended: 2,
  /** ABORT: the session was resumed on another connection. */
  superseded: 3,
  /** ABORT: a ticket was used that had been replaced. */
  reused: 4,
  /** ABORT: too much is kept for the other side. */
  overflow: 5,
  /** ABORT: it took too long to come back. */
  expired: 6,
} as const

/** One of {@link why}. */
export type Why = (typeof why)[keyof typeof why]

/**
 * A word about the release: user data of MINOR SYNC POINT. `part` asks as well, and the activity ends behind
 * it: the answer goes with the acknowledgement of that.
 */
export interface Word {
  readonly about: 'ask' | 'agree' | 'decline' | 'part'
  /** Which question: 1 for the first of that side. */
  readonly number: number
  readonly userData: Uint8Array
}

const whys = Object.values(why)
const MAGIC_1 = 0x50
const MAGIC_2 = 0x53
const VERSION = 1
const HEAD = 4
const GREETING_OCTETS = HEAD + 4
const CLAIM_OCTETS = TICKET_OCTETS + 8
const WELCOME_OCTETS = HEAD + 8 + TICKET_OCTETS + 8
const abouts = ['ask', 'agree', 'decline', 'part'] as const

export function encodeGreeting({ silence, resume, userData }: Greeting): Uint8Array {
  const length = GREETING_OCTETS + (resume === undefined ? 0 : CLAIM_OCTETS)
  const view = begin(length, userData, resume === undefined ? 0 : 1)
  setMilliseconds(view, HEAD, silence)
  if (resume === undefined) return bytesOf(view)
  setTicket(view, GREETING_OCTETS, resume.ticket)
  setPosition(view, GREETING_OCTETS + TICKET_OCTETS, resume.received)
  return bytesOf(view)
}

/** Undefined for what is no greeting. */
export function decodeGreeting(octets: Uint8Array | undefined): Greeting | undefined {
  const view = open(octets, GREETING_OCTETS)
  const kind = view?.getUint8(3)
  if (view === undefined || kind === undefined || kind > 1) return undefined
  const silence = view.getUint32(HEAD)
  if (kind === 0) return { silence, resume: undefined, userData: after(view, GREETING_OCTETS) }
  if (view.byteLength < GREETING_OCTETS + CLAIM_OCTETS) return undefined
  const received = position(view, GREETING_OCTETS + TICKET_OCTETS)
  if (received === undefined) return undefined
  const ticket = part(view, GREETING_OCTETS, TICKET_OCTETS)
  return { silence, resume: { ticket, received }, userData: after(view, GREETING_OCTETS + CLAIM_OCTETS) }
}

export function encodeWelcome({ silence, timeToLive, ticket, received, userData }: Welcome): Uint8Array {
  const view = begin(WELCOME_OCTETS, userData, 0)
  setMilliseconds(view, HEAD, silence)
  setMilliseconds(view, HEAD + 4, timeToLive)
  setTicket(view, HEAD + 8, ticket)
  setPosition(view, HEAD + 8 + TICKET_OCTETS, received)
  return bytesOf(view)
}

/** Undefined for what is no welcome. */
export function decodeWelcome(octets: Uint8Array | undefined): Welcome | undefined {
  const view = open(octets, WELCOME_OCTETS)
  const received = view === undefined ? undefined : position(view, HEAD + 8 + TICKET_OCTETS)
  if (view === undefined || received === undefined || view.getUint8(3) !== 0) return undefined
  return {
    silence: view.getUint32(HEAD),
    timeToLive: view.getUint32(HEAD + 4),
    ticket: part(view, HEAD + 8, TICKET_OCTETS),
    received,
    userData: after(view, WELCOME_OCTETS),
  }
}

export function encodeReason(reason: Why, userData: Uint8Array = NOTHING): Uint8Array {
  return bytesOf(begin(HEAD, userData, reason))
}

/** The reason and the user's own data; `user` with all of it where it is not ours. */
export function decodeReason(octets: Uint8Array | undefined): { readonly reason: Why; userData: Uint8Array } {
  const view = open(octets, HEAD)
  const reason = view?.getUint8(3)
  const known = whys.find((each) => each === reason)
  if (view === undefined || known === undefined) return { reason: why.user, userData: octets ?? NOTHING }
  return { reason: known, userData: after(view, HEAD) }
}

export function encodeWord({ about, number, userData }: Word): Uint8Array {
  const view = begin(HEAD + 4, userData, abouts.indexOf(about))
  view.setUint32(HEAD, number)
  return bytesOf(view)
}

/** Undefined for what is no word. */
export function decodeWord(octets: Uint8Array | undefined): Word | undefined {
  const view = open(octets, HEAD + 4)
  const about = view === undefined ? undefined : abouts[view.getUint8(3)]
  if (view === undefined || about === undefined) return undefined
  return { about, number: view.getUint32(HEAD), userData: after(view, HEAD + 4) }
}

/** A number up to 2^32 - 1 in the four octets that Additional Reference Information has. */
export function encodeNumber(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
}

/** Undefined for what has not four octets. */
export function decodeNumber(octets: Uint8Array | undefined): number | undefined {
  if (octets?.length !== 4) return undefined
  let number = 0
  for (let i = 0; i < 4; i++) number = number * 256 + (octets[i] ?? 0)
  return number
}

const NOTHING = new Uint8Array(0)

function begin(length: number, userData: Uint8Array, kind: number): DataView {
  const octets = new Uint8Array(length + userData.length)
  octets[0] = MAGIC_1
  octets[1] = MAGIC_2
  octets[2] = VERSION
  octets[3] = kind
  octets.set(userData, length)
  return new DataView(octets.buffer)
}

function open(octets: Uint8Array | undefined, least: number): DataView | undefined {
  if (octets === undefined || octets.length < least) return undefined
  if (octets[0] !== MAGIC_1 || octets[1] !== MAGIC_2 || octets[2] !== VERSION) return undefined
  return new DataView(octets.buffer, octets.byteOffset, octets.length)
}

function part(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length).slice()
}

function after(view: DataView, at: number): Uint8Array {
  return part(view, at, view.byteLength - at)
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer)
}

function setTicket(view: DataView, at: number, ticket: Uint8Array): void {
  new Uint8Array(view.buffer, view.byteOffset + at, TICKET_OCTETS).set(ticket)
}

/** More than four octets hold, for ever included, is what they hold at most: 49 days. */
function setMilliseconds(view: DataView, at: number, milliseconds: number): void {
  view.setUint32(at, Math.min(milliseconds, 2 ** 32 - 1))
}

function setPosition(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 2 ** 32))
  view.setUint32(at + 4, value % 2 ** 32)
}

/** Undefined beyond 2^53 - 1. */
function position(view: DataView, at: number): number | undefined {
  const value = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4)
  return Number.isSafeInteger(value) ? value : undefined
}
