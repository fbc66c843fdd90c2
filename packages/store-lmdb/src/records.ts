// What stands in the file: each record sealed with a checksum over its key and its octets, so that one that
// was changed, or turns up under another key, is never taken for an answer. And sums of checksums, so that
// one that is missing is noticed when the file is opened.
import { hash } from 'node:crypto'
import type { EntryState, LedgerEntry } from '@parley/core'
import type { LedgerState } from '@parley/core/store'
import { getNumber, putNumber } from './numbers.ts'

/** The octets are not what was written. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
}

/** The record is whole, and of a later version than this one knows. */
export class VersionError extends Error {
  override readonly name = 'VersionError'
}

/** The first 8 octets of a record: part of the SHA-256 of its key and the rest, as two numbers of 32 bits. */
export interface Checksum {
  readonly high: number
  readonly low: number
}

export const noSum: Checksum = { high: 0, low: 0 }

/** The sum of checksums: with one that is in it already, what is left without that. */
export function plus(a: Checksum, b: Checksum): Checksum {
  return { high: (a.high ^ b.high) >>> 0, low: (a.low ^ b.low) >>> 0 }
}

export function sameSum(a: Checksum, b: Checksum): boolean {
  return a.high === b.high && a.low === b.low
}

const sealOctets = 8
const version = 1

/** A record's octets, sealed, and its checksum. The first octet of the payload is the version. */
export function seal(key: Uint8Array, payload: Uint8Array): { record: Uint8Array; sum: Checksum } {
  const record = new Uint8Array(sealOctets + payload.length)
  const sum = sumOf(key, payload)
  record.set(payload, sealOctets)
  putSum(record, 0, sum)
  return { record, sum }
}

/** The octets of a record and its checksum. Throws {@link DamageError} or {@link VersionError}. */
export function unseal(key: Uint8Array, record: Uint8Array): { payload: Uint8Array; sum: Checksum } {
  const payload = record.subarray(sealOctets)
  const sum = getSum(record, 0)
  if (record.length <= sealOctets || !sameSum(sum, sumOf(key, payload)))
    throw new DamageError('a record does not have the checksum it was written with')
  if (payload[0] !== version) throw new VersionError(`a record is of version ${payload[0]}`)
  return { payload, sum }
}

/** What the file holds in all, and who may write it. */
export interface Root {
  /** Who opened the file last; changes with each opening. */
  readonly holder: string
  readonly ledgers: number
  /** Roughly what they cost. */
  readonly octets: number
  /** Of the ledgers' records. */
  readonly sum: Checksum
}

/** A ledger as it is kept. */
export interface LedgerRecord {
  readonly state: LedgerState
  readonly entries: number
  readonly entryOctets: number
  /** Of the entries' records. */
  readonly sum: Checksum
}

export function encodeRoot({ holder, ledgers, octets, sum }: Root): Uint8Array {
  const name = new TextEncoder().encode(holder)
  const payload = new Uint8Array(25 + name.length)
  payload[0] = version
  putNumber(payload, 1, ledgers)
  putNumber(payload, 9, octets)
  putSum(payload, 17, sum)
  payload.set(name, 25)
  return payload
}

export function decodeRoot(payload: Uint8Array): Root {
  return {
    ledgers: getNumber(payload, 1),
    octets: getNumber(payload, 9),
    sum: getSum(payload, 17),
    holder: new TextDecoder().decode(payload.subarray(25)),
  }
}

export function encodeLedger({ state, entries, entryOctets, sum }: LedgerRecord): Uint8Array {
  const payload = new Uint8Array(58 + state.head.length)
  payload[0] = version
  payload[1] = state.ended ? 1 : 0
  const numbers = [state.epoch, state.forgotten, state.retention.expires, state.retention.removes]
  for (const [at, number] of [...numbers, entries, entryOctets].entries())
    putNumber(payload, 2 + 8 * at, number)
  putSum(payload, 50, sum)
  payload.set(state.head, 58)
  return payload
}

export function decodeLedger(payload: Uint8Array): LedgerRecord {
  const number = (at: number): number => getNumber(payload, 2 + 8 * at)
  return {
    state: {
      ended: payload[1] === 1,
      epoch: number(0),
      forgotten: number(1),
      retention: { expires: number(2), removes: number(3) },
      head: new Uint8Array(payload.subarray(58)),
    },
    entries: number(4),
    entryOctets: number(5),
    sum: getSum(payload, 50),
  }
}

const states: readonly EntryState[] = ['started', 'done', 'unknown', 'checkpoint']

export function encodeEntry({ state, hash, attempt, epoch, octets }: LedgerEntry): Uint8Array {
  const payload = new Uint8Array(19 + hash.length + octets.length)
  payload[0] = version
  payload[1] = states.indexOf(state)
  putNumber(payload, 2, attempt)
  putNumber(payload, 10, epoch)
  payload[18] = hash.length
  payload.set(hash, 19)
  payload.set(octets, 19 + hash.length)
  return payload
}

export function decodeEntry(serial: number, payload: Uint8Array): LedgerEntry {
  const octetsAt = 19 + (payload[18] ?? 0)
  return {
    serial,
    state: states[payload[1] ?? 0] ?? 'unknown',
    attempt: getNumber(payload, 2),
    epoch: getNumber(payload, 10),
    hash: new Uint8Array(payload.subarray(19, octetsAt)),
    octets: new Uint8Array(payload.subarray(octetsAt)),
  }
}

/** The octets of an entry's result, without making it. */
export function entryOctets(payload: Uint8Array): number {
  return payload.length - 19 - (payload[18] ?? 0)
}

/** The mark that a ledger falls due: all that it says is in its key. */
export const duePayload: Uint8Array = Uint8Array.of(version)

function sumOf(key: Uint8Array, payload: Uint8Array): Checksum {
  const all = new Uint8Array(2 + key.length + payload.length)
  all[0] = key.length >> 8
  all[1] = key.length & 255
  all.set(key, 2)
  all.set(payload, 2 + key.length)
  return getSum(hash('sha256', all, 'buffer'), 0)
}

function putSum(octets: Uint8Array, at: number, { high, low }: Checksum): void {
  for (let octet = 0; octet < 4; octet++) {
    octets[at + octet] = (high >>> (24 - 8 * octet)) & 255
    octets[at + 4 + octet] = (low >>> (24 - 8 * octet)) & 255
  }
}

function getSum(octets: Uint8Array, at: number): Checksum {
  const word = (from: number): number => {
    let value = 0
    for (let octet = 0; octet < 4; octet++) value = value * 256 + (octets[from + octet] ?? 0)
    return value
  }
  return { high: word(at), low: word(at + 4) }
}
