// What is wrong with a request whatever the state: it throws SessionUsageError and nothing has changed.

import { octets, type Payload } from '../spdu/index.ts'
import { SessionUsageError } from './errors.ts'
import type { Request } from './primitives.ts'
import type { Spm } from './spm.ts'
import { states } from './state.ts'

/** Version 1 bounds the user data of every SPDU; version 2 segments it. */
export function checkUserData(
  m: Spm,
  name: Request['name'],
  userData: Payload | undefined,
  version: 1 | 2 | undefined,
  most: number,
): void {
  if (userData === undefined || version === 2) return
  const length = octets(userData)
  if (length > most) wrong(m, name, `version 1 has at most ${most} octets of user data here, not ${length}`)
  if (version === 1) checkRoom(m, name, length)
}

/** What cannot be segmented must fit the TSDU size that was selected. */
export function checkRoom(m: Spm, name: Request['name'], length: number): void {
  if (m.maxSend === 0 || length + HEADERS <= m.maxSend) return
  wrong(m, name, `${length} octets do not fit one TSDU of at most ${m.maxSend}`)
}

/** The most octets of an SPDU's parameters and prefix around its user data: those of RS. */
const HEADERS = 40

/** A value of at most `most` octets. */
export function checkLength(
  m: Spm,
  name: Request['name'],
  what: string,
  value: Uint8Array | undefined,
  most: number,
): void {
  if (value !== undefined && value.length > most) {
    wrong(m, name, `${what} has at most ${most} octets, not ${value.length}`)
  }
}

/** A serial number among those that were agreed on. */
export function checkNumber(m: Spm, name: Request['name'], number: number): void {
  if (!Number.isInteger(number) || number < 0 || number > m.maxNumber) {
    wrong(m, name, `a serial number is 0 to ${m.maxNumber}, not ${number}`)
  }
}

/** The request cannot be carried out, whatever the state. */
export function wrong(m: Spm, name: Request['name'], message: string): never {
  throw new SessionUsageError('BAD_ARGUMENT', name, states[m.state] ?? '', `${name}: ${message}`)
}
