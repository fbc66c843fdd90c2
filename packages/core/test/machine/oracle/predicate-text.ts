// Evaluates the predicates of Annex A from their text in the fixture: a small parser, no knowledge of what
// any predicate is for.

import { fixture } from '../support/facts.ts'
import { predicateReadings } from '../support/readings.ts'
import { hasUnit, tokenBits, unitBits, type Scene, type Variables } from './scene.ts'
import { recordedPrevails } from './winner.ts'

/** A value in a predicate. */
export type Value = boolean | number | string

/** A parsed expression. */
export type Expression = (scene: Scene) => Value

/** True when `condition`, printed as `p14&&!p178`, holds. */
export function holds(condition: string | undefined, scene: Scene): boolean {
  if (condition === undefined) return true
  let all = conditions.get(condition)
  if (all === undefined) {
    all = condition.split('&&').map((part) => {
      const [expression, wanted] = part.startsWith('!')
        ? [predicate(part.slice(1)), false]
        : [predicate(part), true]
      return (it: Scene) => (expression(it) === true) === wanted
    })
    conditions.set(condition, all)
  }
  return all.every((part) => part(scene))
}

const conditions = new Map<string, readonly ((scene: Scene) => boolean)[]>()

/** Splits text into words. */
export function wordsOf(text: string): string[] {
  return text.match(/\|\||&&|==|!=|>=|<=|\+=|[A-Za-z][A-Za-z0-9]*(?:-[a-z]+)*|\d+|[^\s]/g) ?? []
}

/** A parser over words; `rest` is what it has not used. */
export class Parser {
  readonly #words: string[]

  constructor(words: string[]) {
    this.#words = words
  }

  get rest(): string[] {
    return this.#words
  }

  take(word: string): boolean {
    if (this.#words[0] !== word) return false
    this.#words.shift()
    return true
  }

  or(): Expression {
    let left = this.#and()
    while (this.take('||')) {
      const [a, b] = [left, this.#and()]
      left = (scene) => a(scene) === true || b(scene) === true
    }
    return left
  }

  /** Something with a value: a name, a number, a call, with a number added or taken away. */
  sum(): Expression {
    const left = this.#term()
    for (const [sign, factor] of [
      ['+', 1],
      ['-', -1],
    ] as const) {
      if (this.take(sign)) {
        const right = this.#term()
        return (scene) => Number(left(scene)) + factor * Number(right(scene))
      }
    }
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.take('&&')) {
      const [a, b] = [left, this.#not()]
      left = (scene) => a(scene) === true && b(scene) === true
    }
    return left
  }

  #not(): Expression {
    if (this.take('!')) {
      const inner = this.#not()
      return (scene) => inner(scene) !== true
    }
    if (this.take('(')) {
      const inner = this.or()
      this.#need(')')
      return inner
    }
    return this.#comparison()
  }

  #comparison(): Expression {
    const left = this.sum()
    for (const [sign, compare] of comparisons) {
      if (this.take(sign)) {
        const right = this.sum()
        return (scene) => compare(left(scene), right(scene))
      }
    }
    const negated = this.take('not')
    if (!this.take('in')) return left
    const members = this.#set()
    return (scene) => members(scene, left(scene)) !== negated
  }

  /** `{a,s}`, or GT: is this token among those of the event? */
  #set(): (scene: Scene, value: Value) => boolean {
    if (this.take('GT')) return (scene, token) => (scene.tokens & (tokenBits.get(String(token)) ?? 0)) !== 0
    this.#need('{')
    const members: Expression[] = []
    do members.push(this.sum())
    while (this.take(','))
    this.#need('}')
    return (scene, value) => members.some((member) => member(scene) === value)
  }

  #term(): Expression {
    const word = this.#words.shift() ?? ''
    if (word === '-') {
      const digits = this.#words.shift()
      return () => -Number(digits)
    }
    if (/^\d+$/.test(word)) return () => Number(word)
    if (!this.take('(')) return name(word)
    const first = this.#words.shift() ?? ''
    const second = this.take(',') ? this.#words.shift() : undefined
    this.#need(')')
    return call(word, first, second)
  }

  #need(word: string): void {
    if (!this.take(word)) throw new Error(`${word} expected before ${this.#words.join(' ')}`)
  }
}

const comparisons: readonly (readonly [string, (a: Value, b: Value) => boolean])[] = [
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
  ['>=', (a, b) => a >= b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['<', (a, b) => a < b],
]

const parsed = new Map<string, Expression>()

function predicate(id: string): Expression {
  let expression = parsed.get(id)
  if (expression === undefined) {
    const text = Object.values(predicateReadings).reduce<string | undefined>(
      (found, reading) => reading[id] ?? found,
      fixture.predicates[id],
    )
    if (text === undefined) throw new Error(`no predicate ${id}`)
    expression = prose[id] ?? parse(text)
    parsed.set(id, expression)
  }
  return expression
}

function parse(text: string): Expression {
  const parser = new Parser(wordsOf(text))
  const expression = parser.or()
  if (parser.rest.length > 0) throw new Error(`not understood: ${parser.rest.join(' ')}`)
  return expression
}

/** Those whose text is prose. */
const prose: Readonly<Record<string, Expression>> = {
  p76: (scene) => scene.refused,
  p202: (scene) => scene.endOfData,
  p204: (scene) => scene.overflow,
}

function call(word: string, first: string, second: string | undefined): Expression {
  if (word === 'FU') {
    if (!unitBits.has(first)) throw new Error(`no unit ${first}`)
    return ({ v }) => hasUnit(v, first)
  }
  if (word === 'V') return variable(`V${first}`)
  if (word === 'ALL' || word === 'ANY') {
    const test = tokenTest(first)
    return (scene) => {
      const domain = second === 'tk-dom' ? [...tokenBits.values()] : bitsOf(scene.tokens)
      return word === 'ALL' ? domain.every((bit) => test(scene, bit)) : domain.some((bit) => test(scene, bit))
    }
  }
  const bit = tokenBits.get(first)
  if (bit === undefined) throw new Error(`not understood: ${word}(${first})`)
  const test = tokenTest(word)
  return (scene) => test(scene, bit)
}

function tokenTest(word: string): (scene: Scene, bit: number) => boolean {
  switch (word) {
    case 'AV':
      return ({ v }, bit) => (v.available & bit) !== 0
    case 'I':
      return ({ v }, bit) => (v.available & bit) === 0 || (v.owned & bit) !== 0
    case 'A':
      return ({ v }, bit) => (v.available & bit) === 0 || (v.owned & bit) === 0
    case 'II':
      return ({ v }, bit) => (v.available & v.owned & bit) !== 0
    case 'AA':
      return ({ v }, bit) => (v.available & bit) !== 0 && (v.owned & bit) === 0
    case 'OWNED':
      return ({ v }, bit) => (v.owned & bit) !== 0
    default:
      throw new Error(`not understood: ${word}`)
  }
}

function bitsOf(tokens: number): number[] {
  return [...tokenBits.values()].filter((bit) => (tokens & bit) !== 0)
}

function name(word: string): Expression {
  if (/^p\d+$/.test(word)) return (scene) => predicate(word)(scene)
  switch (word) {
    case 'no':
    case 'a':
    case 'r':
    case 's':
    case 'int':
    case 'dsc':
    case 'dk':
      return () => word
    case 'true':
    case 'false':
      return () => word === 'true'
    case 'SPMwinner':
      return recordedPrevails
    case 'received':
      return (scene) => !scene.fromUser
    case 'snr':
      // The answer to a major point carries the number of the peer's own flow only.
      return (scene) => scene.sn
    case 'sns':
      return ({ v }) => v.VMs - 1
    case 'Discard-rcv-flow':
      return ({ v }) => v.discardReceived
    case 'Discard-snd-flow':
      return ({ v }) => v.discardSent
    case 'sn':
    case 'type':
    case 'sndType':
    case 'sndSn':
    case 'rcvType':
    case 'rcvSn':
    case 'localChoice':
      return (scene) => scene[word]
    default:
      return variable(word)
  }
}

function variable(word: string): Expression {
  return ({ v }) => {
    // Names come from the fixture, not from a peer; one that is no variable is undefined, and told so.
    const value: Value | undefined = v[word as keyof Variables]
    if (value === undefined) throw new Error(`no variable ${word}`)
    return value
  }
}
