// Walks over msgpack octets before anything is made of them and refuses what a decoder must not meet:
// counts and lengths that are not there, depth, bad keys, bad UTF-8. It never recurses and allocates
// nothing a peer can make grow.
import { rpcLimits } from '../limits.ts'
import { MalformedError } from './codec.ts'
import { badUtf8 } from './skim-utf8.ts'
import { holdsValue } from './values-tags.ts'

const { valueDepth, arrayLength, objectKeys } = rpcLimits

/** Checks messages one by one. Not re-entrant, and need not be: it calls nobody. */
export class Skim {
  /** Length of the shortest binary value met since this was last set to Infinity, in octets. */
  shortestBinary: number = Infinity
  /** Messages up to this many octets cannot exceed the allowance. */
  readonly harmless: number
  readonly #allowance: number
  // Four numbers for each container around the innermost one; an extension may
  // stand around each of them, too.
  readonly #stack: Int32Array = new Int32Array(4 * (2 * valueDepth + 2))

  /** `allowance`: octets of memory that one message's values may take beyond 8 times its length. */
  constructor(allowance: number) {
    this.#allowance = allowance
    this.harmless = allowance / (MAX_COST - FREE_COST)
  }

  /** The offset behind the message that starts at `start`. Throws {@link MalformedError}. */
  message(octets: Uint8Array, start: number): number {
    // Look-ups by octet are within bounds: the table has 256 entries, and
    // offsets are checked against the end.
    if (((heads[octets[start] as number] as number) & KIND) !== ARRAY) throw notMessage(start)
    return this.#walk(octets, start)
  }

  #walk(octets: Uint8Array, start: number): number {
    const stack = this.#stack
    let top = 0
    let at = start
    let cost = 0
    // The innermost container: how many values it still wants (in a map keys count too, so an even
    // number means that a key is next), what it is, how deep its values stand, where it ends. The first
    // one wants the message itself.
    let wanted = 1
    let shape = ARRAY
    let depth = 1
    let end = octets.length
    for (;;) {
      if (at >= end) throw cutOff(at)
      const head = heads[octets[at] as number] as number
      const kind = head & KIND
      const width = (head & WIDTH) >> WIDTH_SHIFT
      const from = at + 1 + width
      let body = (head >> BODY_SHIFT) & BODY
      if (width !== 0) body += lengthField(octets, at, width, end, kind)
      // This holds for counts as well: each value takes at least one octet.
      if (body > end - from) throw new MalformedError('a length beyond the end', at)
      if (shape === MAP && (wanted & 1) === 0) {
        if (kind > STRING || body === PROTO.length) checkKey(octets, kind, from, body, at)
      }
      cost += head >>> COST_SHIFT
      wanted--
      if (kind >= EXTENSION && (kind === EXTENSION ? holdsValue(octets[from] as number) : body > 0)) {
        stack[top++] = wanted
        stack[top++] = shape
        stack[top++] = depth
        stack[top++] = end
        // The value inside an extension stands for it, on the same level; only one
        // directly in another goes deeper.
        if (kind !== EXTENSION || shape === EXTENSION) depth++
        if (depth > valueDepth) throw tooDeep(at)
        if (kind === MAP) cost += (body * MAP_ENTRY_COST) / 2
        if (kind === EXTENSION) end = from + body
        at = kind === EXTENSION ? from + 1 : from
        wanted = kind === EXTENSION ? 1 : body
        shape = kind
        continue
      }
      this.#leaf(octets, kind, from, body)
      at = from + body
      while (wanted === 0) {
        if (shape === EXTENSION && at !== end) throw longer(at)
        if (top === 0) return this.#affordable(cost, start, at)
        // Four numbers were pushed for each container.
        end = stack[--top] as number
        depth = stack[--top] as number
        shape = stack[--top] as number
        wanted = stack[--top] as number
      }
    }
  }

  #affordable(cost: number, start: number, end: number): number {
    if (cost <= FREE_COST * (end - start) + this.#allowance) return end
    throw new MalformedError(`${end - start} octets whose values take about ${cost} octets of memory`, start)
  }

  #leaf(octets: Uint8Array, kind: number, from: number, length: number): void {
    if (kind === STRING) checkText(octets, from, length)
    else if (kind === BINARY) this.shortestBinary = Math.min(this.shortestBinary, length)
    else if (kind === NONE) throw new MalformedError('an octet that msgpack does not use', from - 1)
  }
}

/** What the length field says; twice that for a map, whose keys count. */
function lengthField(octets: Uint8Array, at: number, width: number, end: number, kind: number): number {
  if (width >= end - at) throw cutOff(at)
  // Within bounds, as just checked.
  let length = octets[at + 1] as number
  if (width >= 2) length = (length << 8) | (octets[at + 2] as number)
  if (width === 4)
    length = ((length << 16) | ((octets[at + 3] as number) << 8) | (octets[at + 4] as number)) >>> 0
  if (kind === ARRAY && length > arrayLength) throw new MalformedError(`an array of ${length} elements`, at)
  if (kind !== MAP) return length
  if (length > objectKeys) throw new MalformedError(`an object of ${length} keys`, at)
  return length * 2
}

function checkText(octets: Uint8Array, from: number, length: number): void {
  if (length <= SHORT) {
    let seen = 0
    // Within bounds: the caller has checked the length.
    for (let at = from, end = from + length; at < end; at++) seen |= octets[at] as number
    if (seen < 0x80) return
  }
  const bad = badUtf8(octets, from, length)
  if (bad !== -1) throw new MalformedError('a string that is not UTF-8', bad)
}

function checkKey(octets: Uint8Array, kind: number, from: number, length: number, at: number): void {
  if (kind > STRING) throw new MalformedError('a map key that is neither a string nor a number', at)
  if (kind === STRING && length === PROTO.length && PROTO.every((octet, i) => octets[from + i] === octet)) {
    throw new MalformedError('the map key "__proto__"', at)
  }
}

/** Strings up to this length are mostly ASCII, and told so at once. */
const SHORT = 64

/** `__proto__` in UTF-8. Nothing may ever be stored under that name. */
const PROTO: readonly number[] = [0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f]

function notMessage(at: number): MalformedError {
  return new MalformedError('a message that is not an array', at)
}

function cutOff(at: number): MalformedError {
  return new MalformedError('a value that is cut off', at)
}

function longer(at: number): MalformedError {
  return new MalformedError('an extension longer than its value', at)
}

function tooDeep(at: number): MalformedError {
  return new MalformedError(`values more than ${valueDepth} levels deep`, at)
}

// What the first octet of a value says. These constants stand in this file because
// imported ones cost twice the time.

// Kinds, in an order that the walk compares by: map keys are at most STRING, leaves below EXTENSION.
const NUMBER = 0
const STRING = 1
/** nil, false, true. */
const CONSTANT = 2
const BINARY = 3
const EXTENSION = 4
const ARRAY = 5
const MAP = 6
/** 0xc1, which the format never uses. */
const NONE = 7

/**
 * One number for each first octet, since one look-up costs less than four. From the lowest bit: 3 bits: the
 * kind; 3 bits: how many octets of length or count follow; 8 bits: octets of the body, beside what that
 * length says; for arrays and maps how many values, keys counted; the rest: about how many octets of memory
 * the value takes, its slot in its container counted, its body not.
 */
const heads = new Int32Array(256)
const KIND = 0b111
const WIDTH_SHIFT = 3
const WIDTH = 0b111 << WIDTH_SHIFT
const BODY_SHIFT = 6
const BODY = 0xff
const COST_SHIFT = 14

// Octets of memory as V8 takes them, about: objects of one shape take less than this
// says, objects of many shapes more.
const SLOT = 8
const costs = [SLOT, SLOT + 24, SLOT, SLOT + 200, SLOT + 152, SLOT + 48, SLOT + 56, SLOT]
const HEAP_NUMBER = SLOT + 16
/** What an entry of a map costs beside its key and its value. */
const MAP_ENTRY_COST = 24
/** No octet can cost more: an empty binary value takes two. */
const MAX_COST: number = (SLOT + 200) / 2
/** What every octet may cost. */
const FREE_COST = 8

//    from  to    kind     width
head(0x00, 0x7f, NUMBER, 0, 0)
head(0x80, 0x8f, MAP, 0, (octet) => (octet - 0x80) * 2)
head(0x90, 0x9f, ARRAY, 0, (octet) => octet - 0x90)
head(0xa0, 0xa1, STRING, 0, (octet) => octet - 0xa0, SLOT) // engines share the shortest strings
head(0xa2, 0xbf, STRING, 0, (octet) => octet - 0xa0)
head(0xc0, 0xc0, CONSTANT, 0, 0)
head(0xc1, 0xc1, NONE, 0, 0)
head(0xc2, 0xc3, CONSTANT, 0, 0)
head(0xc4, 0xc4, BINARY, 1, 0)
head(0xc5, 0xc5, BINARY, 2, 0)
head(0xc6, 0xc6, BINARY, 4, 0)
head(0xc7, 0xc7, EXTENSION, 1, 1) // 1: the extension's type
head(0xc8, 0xc8, EXTENSION, 2, 1)
head(0xc9, 0xc9, EXTENSION, 4, 1)
head(0xca, 0xca, NUMBER, 0, 4, HEAP_NUMBER)
head(0xcb, 0xcb, NUMBER, 0, 8, HEAP_NUMBER)
head(0xcc, 0xcd, NUMBER, 0, (octet) => 1 << (octet - 0xcc))
head(0xce, 0xcf, NUMBER, 0, (octet) => 1 << (octet - 0xcc), HEAP_NUMBER)
head(0xd0, 0xd2, NUMBER, 0, (octet) => 1 << (octet - 0xd0))
head(0xd3, 0xd3, NUMBER, 0, 8, HEAP_NUMBER)
head(0xd4, 0xd8, EXTENSION, 0, (octet) => 1 + (1 << (octet - 0xd4)))
head(0xd9, 0xd9, STRING, 1, 0)
head(0xda, 0xda, STRING, 2, 0)
head(0xdb, 0xdb, STRING, 4, 0)
head(0xdc, 0xdc, ARRAY, 2, 0)
head(0xdd, 0xdd, ARRAY, 4, 0)
head(0xde, 0xde, MAP, 2, 0)
head(0xdf, 0xdf, MAP, 4, 0)
head(0xe0, 0xff, NUMBER, 0, 0)

type Body = number | ((octet: number) => number)

function head(
  from: number,
  to: number,
  kind: number,
  width: number,
  body: Body,
  cost = costs[kind] ?? 0,
): void {
  for (let octet = from; octet <= to; octet++) {
    const length = typeof body === 'number' ? body : body(octet)
    heads[octet] = kind | (width << WIDTH_SHIFT) | (length << BODY_SHIFT) | (cost << COST_SHIFT)
  }
}
