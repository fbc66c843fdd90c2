// Holds what the clients were told against what happened. Reads nothing and kills nobody.
import { isRefused, kinds, priceOf, type Kind } from './contract.ts'
import type { Effect, Line } from './log.ts'

/** What is known of one world at its end. */
export interface Evidence {
  /** What each client has written down, in order. */
  readonly logs: readonly (readonly Line[])[]
  /** What nodes did, outside of any transaction, in order. */
  readonly effects: readonly Effect[]
  /** What is in the database; its key is empty. */
  readonly moves: readonly Effect[]
  /** How many nodes it had. With one, nobody but a dead process can have begun what runs again. */
  readonly nodes: number
}

/** What was found. */
export interface Findings {
  readonly calls: Map<Kind, number>
  /** Answered with an effect that is not there. */
  readonly lost: string[]
  /** Took effect more often than its kind allows. */
  readonly doubled: string[]
  /** Told something that is not so: two answers to one call, an effect of what was not started. */
  readonly wrong: string[]
  /** Told that nobody knows: its kind, its name and its key. */
  readonly unknown: string[]
  /** Asked by a client that was killed, and not asked again, for it had no key. */
  abandoned: number
  /** Run by more than one process. */
  rerun: number
  /** Took their servers down too often, by chance. */
  poisoned: number
}

/** Findings of nothing. */
export function noFindings(): Findings {
  const lists = { lost: [], doubled: [], wrong: [], unknown: [] }
  return { calls: new Map(), ...lists, abandoned: 0, rerun: 0, poisoned: 0 }
}

/** Attempts at a call that takes its server down, as `rpcLimits` has it. */
const attempts = 3

/** Judges each call. */
export function check({ logs, effects, moves, nodes }: Evidence): Findings {
  const findings = noFindings()
  const happened = new Map<string, Effect[]>()
  for (const effect of [...effects, ...moves])
    happened.set(effect[0], [...(happened.get(effect[0]) ?? []), effect])
  for (const log of logs) {
    for (const call of callsIn(log).values()) {
      findings.calls.set(call.kind, (findings.calls.get(call.kind) ?? 0) + 1)
      judge(call, happened.get(call.id) ?? [], findings, nodes)
      happened.delete(call.id)
    }
  }
  for (const id of happened.keys()) findings.wrong.push(`${id} happened, and nobody had asked for it`)
  return findings
}

/** One call, and all that was said of it, in order. */
interface Call {
  readonly id: string
  readonly kind: Kind
  readonly told: Line[]
  /** Its client was started again after it had asked last. */
  isOrphan: boolean
}

function callsIn(log: readonly Line[]): Map<string, Call> {
  const calls = new Map<string, Call>()
  const open = new Set<Call>()
  for (const line of log) {
    if (line[0] === 'start') {
      for (const call of open) call.isOrphan = true
      open.clear()
      continue
    }
    const [what, id] = line
    let call = calls.get(id)
    if (call === undefined) {
      if (what !== 'ask') throw new Error(`an answer to ${id}, which was never asked`)
      calls.set(id, (call = { id, kind: line[2], told: [], isOrphan: false }))
    }
    if (what === 'ask') call.isOrphan = false
    if (what === 'ask') open.add(call)
    else if (what !== 'outcome') open.delete(call)
    call.told.push(line)
  }
  return calls
}

function judge(call: Call, effects: readonly Effect[], findings: Findings, nodes: number): void {
  const { id, kind, told, isOrphan } = call
  const name = `${kind} ${id}`
  const { method, hasKey } = kinds[kind]
  const answers = told.flatMap((line) => answerIn(line) ?? [])
  const [first] = answers
  if (new Set(effects.map(([, mark]) => mark.split('.')[0])).size > 1) findings.rerun++
  const excess = excessIn(kind, id, effects, nodes)
  if (excess !== undefined) findings.doubled.push(`${name}: ${excess}`)
  if (first === undefined) {
    const errors = told.filter((line) => line[0] === 'error')
    if (isOrphan && !hasKey) findings.abandoned++
    else if (hasKey || errors.length === 0) findings.wrong.push(`${name}: was never told the end`)
    else if (errors.some((line) => line[3] !== 'not-started')) findings.unknown.push(`${name} ${keyIn(told)}`)
    else if (effects.length > 0) findings.wrong.push(`${name}: not started, and it took effect`)
    return
  }
  for (const answer of answers)
    if (answer !== first) findings.wrong.push(`${name}: told ${first}, then ${answer}`)
  findings.wrong.push(...falseOutcomes(call, first).map((what) => `${name}: ${what}`))
  if (first === 'UNKNOWN_OUTCOME') findings.unknown.push(`${name} ${hasKey ? id : keyIn(told)}`)
  else if (first === 'POISONED') findings.poisoned++
  else if (!isBorneOut(first, method, id, effects)) findings.lost.push(`${name}: told ${first}`)
}

/** An answer that stays: the mark of a result or a refusal, or the code of what is unknown. */
function answerIn(line: Line): string | undefined {
  if (line[0] === 'ok') return `ok ${line[2]}`
  if (line[0] !== 'error') return undefined
  const [, , code, outcome, mark] = line
  if (outcome === 'executed') return `${code} ${mark}`
  return ['UNKNOWN_OUTCOME', 'POISONED', 'KEY_CONFLICT', 'KEY_EXPIRED'].includes(code) ? code : undefined
}

function keyIn(told: readonly Line[]): string {
  const [key] = told.flatMap((line) => (line[0] === 'error' && line[4] !== '' ? [line[4]] : []))
  return key ?? '(no key)'
}

function excessIn(kind: Kind, id: string, effects: readonly Effect[], nodes: number): string | undefined {
  const { method } = kinds[kind]
  if (method === 'move' && isRefused(id) && effects.length > 0) return 'was refused, and is not undone'
  if (method !== 'order')
    return effects.length > 1 ? `took effect ${effects.length} times, ${effects.join(' and ')}` : undefined
  const by = effects.map(([, mark]) => mark.split('.')[0])
  if (nodes === 1 && new Set(by).size < by.length) return `run twice by one process, ${effects.join(' and ')}`
  if (new Set(effects.map(([, , key]) => key)).size > 1) return `run with two keys, ${effects.join(' and ')}`
  return effects.length > attempts ? `run ${effects.length} times` : undefined
}

/** What was said to whoever only asked for the outcome, and does not fit. */
function falseOutcomes({ kind, told }: Call, first: string): string[] {
  const final = told.findIndex((line) => answerIn(line) !== undefined)
  return told.flatMap((line, at) => {
    if (line[0] !== 'outcome') return []
    const [, , state, mark] = line
    const isAfter = at > final
    const fits =
      state === 'unknown'
        ? first === 'UNKNOWN_OUTCOME' || (!isAfter && kinds[kind].method !== 'sell')
        : state === 'running' || state === 'not-found'
          ? !isAfter
          : [state, `${state === 'done' ? 'ok' : state} ${mark}`].includes(first)
    return fits ? [] : [`told ${first}, and its outcome was ${state} ${mark} ${isAfter ? 'later' : 'before'}`]
  })
}

/** What was answered did happen, so. */
function isBorneOut(answer: string, method: string, id: string, effects: readonly Effect[]): boolean {
  if (method === 'price') return answer === `ok ${priceOf(id)}`
  const [what, mark] = answer.split(' ')
  if (isRefused(id) !== (what === 'FAILED_PRECONDITION')) return false
  if (method === 'move' && isRefused(id)) return true
  return effects.some(([, left]) => left === mark)
}
