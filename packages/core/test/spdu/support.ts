// What the tests of the codec share: octets in and out of hexadecimal, the vectors, and TSDUs in tempting
// surroundings.
import { readFileSync } from 'node:fs'
import { parseTsdu } from '../../src/spdu/concatenation.ts'
import {
  encodeTsdu,
  openingContext,
  SpduError,
  type DecodeContext,
  type DecodedSpdu,
  type LaterSegment,
  type Spdu,
} from '../../src/spdu/index.ts'

/** Hand-made TSDUs by name; the last five are odd or invalid on purpose. */
export const vectors: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(readJson<Record<string, string>>('vectors.json')).map(([name, digits]) => [
    name,
    hex(digits),
  ]),
)

const oddVectors: ReadonlySet<string> = new Set([
  'bad-PI-len',
  'bad-SPDU-len',
  'unknown-PI',
  'unordered-PI',
  'unknown-SI',
])

/** The vectors that are valid and come out as they went in. */
export const goodVectors: readonly (readonly [string, Uint8Array])[] = [...vectors].filter(
  ([name]) => !oddVectors.has(name),
)

/** A fixture of this package. */
export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T
}

export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'))
}

export function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex')
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** A context in which everything is allowed that may ever be allowed. */
export const lenient: DecodeContext = { ...openingContext, extended: true }

/** The SPDUs of a TSDU as they stand in it, on whatever flow. */
export function parse(tsdu: Uint8Array, context: DecodeContext = lenient): DecodedSpdu[] {
  return parseTsdu(tsdu, context, 'either')
}

export function encode(spdus: readonly (Spdu | LaterSegment)[], version: 1 | 2 = 2): Uint8Array {
  return join(encodeTsdu(spdus, { version, extended: true }))
}

/** The SpduError that something throws; any other outcome is an error of the test. */
export function faultOf(work: () => unknown): SpduError {
  try {
    work()
  } catch (error) {
    if (error instanceof SpduError) return error
    throw error
  }
  throw new Error('no SpduError was thrown')
}

/** Runs what makes errors by the ten thousand without the cost of their stacks. */
export function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return work()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/**
 * The same octets as a view in the middle of a larger buffer, with others before and after that look like
 * more.
 */
export function surrounded(
  tsdu: Uint8Array,
  filling: readonly number[] = [0x01, 0x00, 0x19, 0x01],
): Uint8Array {
  const margin = 512
  const buffer = new Uint8Array(tsdu.length + 2 * margin)
  for (let index = 0; index < buffer.length; index++) buffer[index] = filling[index % filling.length] ?? 0
  buffer.set(tsdu, margin)
  return buffer.subarray(margin, margin + tsdu.length)
}

/** The same octets in a view that notes every index read beyond its end. */
export function watched(tsdu: Uint8Array): { readonly tsdu: Uint8Array; readonly beyond: number[] } {
  const beyond: number[] = []
  const proxy = new Proxy(tsdu, {
    get(target, key) {
      const index = typeof key === 'string' ? Number(key) : Number.NaN
      if (Number.isInteger(index) && (index < 0 || index >= target.length)) beyond.push(index)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { tsdu: proxy, beyond }
}

/** One text for equal SPDUs: keys in order, octets in hexadecimal, nothing undefined. */
export function canonical(value: unknown): string {
  if (value instanceof Uint8Array) return `'${hexOf(value)}'`
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${key}:${canonical(each)}`).join()}}`
}
