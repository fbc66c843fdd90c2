// What a run did, as one number; and, when asked for, in words. The number depends on every octet sent, every
// indication, every state and the time of each.

import type { Output, Request, StateName } from '../../src/machine/index.ts'
import { describe } from '../../src/spdu/index.ts'
import type { Side } from './link.ts'

export class Trace {
  /** FNV-1a over everything so far. */
  hash = 0x811c9dc5
  steps = 0
  /** The last steps in words, when they are kept. */
  readonly lines: string[] = []
  readonly #keep: boolean

  constructor(keep: boolean) {
    this.#keep = keep
  }

  step(
    side: Side,
    cause: string,
    from: StateName,
    to: StateName,
    now: number,
    outputs: readonly Output[],
    detail: unknown,
  ): void {
    this.steps++
    for (const value of [side, cause, from, to, now, outputs]) this.#mix(value)
    if (!this.#keep) return
    const head = `${String(now).padStart(6)} ${side} ${from.padEnd(6)} > ${to.padEnd(6)} ${cause}`
    this.lines.push(`${head} ${words(detail)}`, ...outputs.map((output) => `         ${outputWords(output)}`))
  }

  refused(side: Side, request: Request, state: StateName): void {
    for (const value of [side, request.name, state]) this.#mix(value)
  }

  /** Depth is bounded by what the machine gives: outputs, their primitive, its groups, their octets. */
  #mix(value: unknown): void {
    if (value instanceof Uint8Array) {
      this.#octet(value.length)
      for (const octet of value) this.#octet(octet)
    } else if (typeof value === 'object' && value !== null) {
      for (const key in value) {
        this.#mix(key)
        this.#mix((value as Record<string, unknown>)[key])
      }
    } else if (typeof value === 'number') {
      for (let left = value; ; left = Math.floor(left / 256)) {
        this.#octet(left & 0xff)
        if (left < 256) break
      }
    } else {
      const text = String(value)
      for (let at = 0; at < text.length; at++) this.#octet(text.charCodeAt(at))
    }
  }

  #octet(octet: number): void {
    this.hash = Math.imul(this.hash ^ octet, 0x01000193)
  }
}

function outputWords(output: Output): string {
  if (output.do === 'send') {
    const tsdu = Uint8Array.from(output.tsdu.flatMap((part) => [...part]))
    return `send${output.expedited ? '!' : ''} ${describe(tsdu)}`
  }
  return output.do === 'indicate' ? `indicate ${words(output.primitive)}` : output.do
}

function words(detail: unknown): string {
  if (detail instanceof Uint8Array) return describe(detail)
  return detail === undefined
    ? ''
    : JSON.stringify(detail, (_key, value: unknown) =>
        value instanceof Uint8Array ? `(${value.length} octets)` : value,
      )
}
