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
  const octets = begin(length, userData, resume === undefined ? 0 : 1)
  setMilliseconds(octets, HEAD, silence)
  if (resume === undefined) return octets
  octets.set(resume.ticket, GREETING_OCTETS)
  setPosition(octets, GREETING_OCTETS + TICKET_OCTETS, resume.received)
  return octets
}

/** Undefined for what is no greeting. */
export function decodeGreeting(octets: Uint8Array | undefined): Greeting | undefined {
  const kind = octets?.[3]
  if (!isOurs(octets, GREETING_OCTETS) || kind === undefined || kind > 1) return undefined
  const silence = number(octets, HEAD)
  if (kind === 0) return { silence, resume: undefined, userData: copy(octets, GREETING_OCTETS) }
  if (octets.length < GREETING_OCTETS + CLAIM_OCTETS) return undefined
  const received = position(octets, GREETING_OCTETS + TICKET_OCTETS)
  if (received === undefined) return undefined
  const ticket = copy(octets, GREETING_OCTETS, GREETING_OCTETS + TICKET_OCTETS)
  return { silence, resume: { ticket, received }, userData: copy(octets, GREETING_OCTETS + CLAIM_OCTETS) }
}

export function encodeWelcome({ silence, timeToLive, ticket, received, userData }: Welcome): Uint8Array {
  const octets = begin(WELCOME_OCTETS, userData, 0)
  setMilliseconds(octets, HEAD, silence)
  setMilliseconds(octets, HEAD + 4, timeToLive)
  octets.set(ticket, HEAD + 8)
  setPosition(octets, HEAD + 8 + TICKET_OCTETS, received)
  return octets
}

/** Undefined for what is no welcome. */
export function decodeWelcome(octets: Uint8Array | undefined): Welcome | undefined {
  if (!isOurs(octets, WELCOME_OCTETS) || octets[3] !== 0) return undefined
  const received = position(octets, HEAD + 8 + TICKET_OCTETS)
  if (received === undefined) return undefined
  return {
    silence: number(octets, HEAD),
    timeToLive: number(octets, HEAD + 4),
    ticket: copy(octets, HEAD + 8, HEAD + 8 + TICKET_OCTETS),
    received,
    userData: copy(octets, WELCOME_OCTETS),
  }
}

export function encodeReason(reason: Why, userData: Uint8Array = NOTHING): Uint8Array {
  return begin(HEAD, userData, reason)
}

/** The reason and the user's own data; `user` with all of it where it is not ours. */
export function decodeReason(octets: Uint8Array | undefined): { readonly reason: Why; userData: Uint8Array } {
  const known = isOurs(octets, HEAD) ? whys.find((each) => each === octets[3]) : undefined
  if (octets === undefined || known === undefined) return { reason: why.user, userData: octets ?? NOTHING }
  return { reason: known, userData: copy(octets, HEAD) }
}

export function encodeWord({ about, number, userData }: Word): Uint8Array {
  const octets = begin(HEAD + 4, userData, abouts.indexOf(about))
  setNumber(octets, HEAD, number)
  return octets
}

/** Undefined for what is no word. */
export function decodeWord(octets: Uint8Array | undefined): Word | undefined {
  if (!isOurs(octets, HEAD + 4)) return undefined
  const about = abouts[octets[3] ?? abouts.length]
  if (about === undefined) return undefined
  return { about, number: number(octets, HEAD), userData: copy(octets, HEAD + 4) }
}

/** A number up to 2^32 - 1 in the four octets that Additional Reference Information has. */
export function encodeNumber(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number)
}

/** Undefined for what has not four octets. */
export function decodeNumber(octets: Uint8Array | undefined): number | undefined {
  return octets?.length === 4 ? number(octets, 0) : undefined
}

const NOTHING = new Uint8Array(0)

function begin(length: number, userData: Uint8Array, kind: number): Uint8Array {
  const octets = new Uint8Array(length + userData.length)
  octets[0] = MAGIC_1
  octets[1] = MAGIC_2
  octets[2] = VERSION
  octets[3] = kind
  octets.set(userData, length)
  return octets
}

function isOurs(octets: Uint8Array | undefined, least: number): octets is Uint8Array {
  if (octets === undefined || octets.length < least) return false
  return octets[0] === MAGIC_1 && octets[1] === MAGIC_2 && octets[2] === VERSION
}

/** A copy keeps none of what was received around it. */
function copy(octets: Uint8Array, from: number, to = octets.length): Uint8Array {
  const part = new Uint8Array(to - from)
  part.set(octets.subarray(from, to))
  return part
}

function setNumber(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 24
  octets[at + 1] = value >>> 16
  octets[at + 2] = value >>> 8
  octets[at + 3] = value
}

/** The four octets at `at`, which are there. */
function number(octets: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i++) value = value * 256 + (octets[i] ?? 0)
  return value
}

/** More than four octets hold, for ever included, is what they hold at most: 49 days. */
function setMilliseconds(octets: Uint8Array, at: number, milliseconds: number): void {
  setNumber(octets, at, Math.min(milliseconds, 2 ** 32 - 1))
}

function setPosition(octets: Uint8Array, at: number, value: number): void {
  setNumber(octets, at, Math.floor(value / 2 ** 32))
  setNumber(octets, at + 4, value % 2 ** 32)
}

/** Undefined beyond 2^53 - 1. */
function position(octets: Uint8Array, at: number): number | undefined {
  const value = number(octets, at) * 2 ** 32 + number(octets, at + 4)
  return Number.isSafeInteger(value) ? value : undefined
}
