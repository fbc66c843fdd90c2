// Transcripts: scripts for two machines, with what they do beside it, as text that a person can review.
//
// A file is a list of blocks with a blank line between them. A block is comments (`#`), commands, `----`,
// and what happened. The commands:
//   A has reuse=true versions=2 sizes=128/128   what a machine is told when it is made; before anything else
//   link expedited                              the transport connection has an expedited flow
//  A SDTreq data=hello a request of A's user (values: numbers, names, text, *600 for 600 octets)
//   A SRSYNreq flow=restart:3    a flow with its serial number; sending= and receiving= with symmetric sync
//   A shows                      the tokens that are A's, its sync points and whether an activity is on
//   again                        the rest happens on another connection of the same two
//   A asks nothing; B SRELrsp+                  several commands in one line
//   octets B 01 00                              octets from the peer
//   hold / go                                   what is sent waits / is delivered after each command
//   A gets / deliver                            one TSDU for A / everything that waits
//   wait 5000                                   milliseconds
//   lose A                                      the transport connection is gone for A

import {
  bitsOfTokens,
  bitsOfUnits,
  tokensOfBits,
  type Token,
  type Unit,
} from '../../../src/connection/glossary.ts'
import {
  SessionUsageError,
  type Indication,
  type FlowResync,
  type MachineOptions,
  type Output,
  type Request,
} from '../../../src/machine/index.ts'
import { describe, functionalUnit as unit } from '../../../src/spdu/index.ts'
import { coreLimits } from '../../../src/limits.ts'
import { hex, joined, Pair, type Entry, type Side } from './pair.ts'

/** Runs the commands of a transcript's text; returns the text with what happened now. */
export function runTranscript(text: string): string {
  const player = new Player()
  return `${text
    .trim()
    .split(/\n\n+/)
    .map((block) => player.play(block))
    .join('\n\n')}\n`
}

class Player {
  readonly #options: { readonly [side in Side]: Record<string, string> } = { A: {}, B: {} }
  #expedited = false
  #pair: Pair | undefined = undefined
  #held = false
  #told = 0
  readonly #shown: string[] = []

  play(block: string): string {
    const [script = ''] = block.split(/^----$/m)
    const lines: string[] = []
    for (const line of script.trim().split('\n')) {
      if (line.startsWith('#')) continue
      for (const command of line.split(';')) {
        try {
          this.#do(command.trim())
        } catch (error) {
          if (!(error instanceof SessionUsageError)) throw error
          lines.push(...this.#news(), `${command.trim().slice(0, 1)} throws ${error.code}: ${error.message}`)
        }
        if (!this.#held) this.#pair?.deliver()
        lines.push(...this.#news())
      }
    }
    return `${script.trim()}\n----\n${lines.join('\n')}`.trimEnd()
  }

  get #machines(): Pair {
    this.#pair ??= new Pair(optionsOf(this.#options.A), optionsOf(this.#options.B), this.#expedited)
    return this.#pair
  }

  #do(command: string): void {
    const [first = '', second = '', ...rest] = command.split(/\s+/)
    if (first === 'link') this.#expedited = true
    else if (first === 'hold') this.#held = true
    else if (first === 'go') this.#held = false
    else if (first === 'again') this.#again()
    else if (first === 'deliver') this.#machines.deliver()
    else if (first === 'wait') this.#machines.pass(Number(second))
    else if (first === 'lose') this.#machines.lose(sideOf(second))
    else if (first === 'octets') this.#machines.inject(sideOf(second), hex(rest.join('')))
    else if (second === 'has') Object.assign(this.#options[sideOf(first)], pairs(rest))
    else if (second === 'shows') this.#shown.push(showText(sideOf(first), this.#machines))
    else if (second === 'gets') this.#machines.deliverOne(sideOf(first))
    else this.#machines.request(sideOf(first), requestOf(second, pairs(rest)))
  }

  #news(): string[] {
    const entries = this.#pair?.log.slice(this.#told) ?? []
    this.#told += entries.length
    const shown = this.#shown.splice(0)
    return [...entries.flatMap(linesOf), ...shown]
  }

  /** New machines, with what they were told at the beginning. */
  #again(): void {
    this.#pair = undefined
    this.#told = 0
  }
}

function sideOf(name: string): Side {
  if (name === 'A' || name === 'B') return name
  throw new Error(`'${name}' is neither A nor B`)
}

function pairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => word.split(/=(.*)/s, 2) as [string, string]))
}

function optionsOf(words: Record<string, string>): MachineOptions {
  const { reuse, versions, sizes, connect, units, extended, refuse, ...rest } = words
  if (Object.keys(rest).length > 0) throw new Error(`unknown options: ${Object.keys(rest).join(', ')}`)
  const [send = 0, receive = 0] = (sizes ?? '').split('/').map(Number)
  return {
    reuseTransport: reuse === 'true',
    extended: extended !== 'false',
    ...(versions === undefined ? {} : { versions: Number(versions) }),
    ...(sizes === undefined ? {} : { maxTsdu: { send, receive } }),
    ...(units === undefined ? {} : { units: bitsOfUnits(units.split(',') as Unit[]) }),
    ...(refuse === undefined ? {} : { refuse: () => Number(refuse) }),
    ...(connect === undefined ? {} : { limits: { ...coreLimits, connectOctets: Number(connect) } }),
  }
}

function requestOf(name: string, words: Record<string, string>): Request {
  const request: Record<string, unknown> = { name }
  for (const [key, value] of Object.entries(words)) {
    if (key === 'units') request[key] = bitsOfUnits(value.split(',') as Unit[])
    else if (key === 'give' || key === 'ask') request['tokens'] = bitsOfTokens(value.split(',') as Token[])
    else if (key === 'please') request['pleaseTokens'] = bitsOfTokens(value.split(',') as Token[])
    else if (numeric.has(key)) request[key] = Number(value)
    else if (key === 'serial') request['serialNumber'] = Number(value)
    else if (key === 'second') request['secondSerialNumber'] = Number(value)
    else if (key === 'old') request['oldActivity'] = bytes(value)
    else if (key === 'confirm' || key === 'dataSeparation') request[key] = value === 'true'
    else if (key === 'flow' || key === 'sending' || key === 'receiving') request[key] = flowOf(value)
    else if (key === 'data')
      Object.assign(
        request,
        name.startsWith('SCON') || !/^S(DT|TD|EX)req$/.test(name)
          ? { userData: bytes(value) }
          : { data: [bytes(value)] },
      )
    else if (name.startsWith('SCON') && identifiers.has(key)) {
      request['identifier'] = { ...(request['identifier'] as object | undefined), [key]: bytes(value) }
    } else request[key] = bytes(value)
  }
  return request as unknown as Request
}

const numeric: ReadonlySet<string> = new Set(['tokens', 'reason'])
const identifiers: ReadonlySet<string> = new Set(['reference', 'common', 'additional'])

/** `restart:3`, or a type alone. */
function flowOf(value: string): FlowResync {
  const [type, serial] = value.split(':')
  const serialNumber = serial === undefined ? undefined : Number(serial)
  return { type: type as FlowResync['type'], serialNumber }
}

/** Text as octets; `*600` is 600 octets. */
function bytes(text: string): Uint8Array {
  if (!text.startsWith('*')) return new TextEncoder().encode(text)
  return Uint8Array.from({ length: Number(text.slice(1)) }, (_, index) => 97 + (index % 26))
}

function linesOf(entry: Entry): string[] {
  const cause =
    entry.received === undefined
      ? entry.cause
      : describe(entry.received).split(/[ (]/)[0] === 'malformed'
        ? 'octets'
        : namesIn(entry.received)
  const head = `${entry.side} ${cause.padEnd(12)} ${entry.from.padEnd(6)} > ${entry.to.padEnd(6)}`
  const [first = 'nothing', ...rest] = entry.outputs.map(outputText)
  return [`${head}  ${first}`, ...rest.map((text) => `${' '.repeat(head.length)}  ${text}`)]
}

/** What a user could see of its side. */
function showText(side: Side, pair: Pair): string {
  const v = pair.machines[side].variables
  const has = (some: number): boolean => (v.FU & some) !== 0
  const points = has(unit.symmetricSynchronize)
    ? `V(As)=${v.VAs} V(Ms)=${v.VMs} V(Rs)=${v.VRs} V(Ar)=${v.VAr} V(Mr)=${v.VMr} V(Rr)=${v.VRr}`
    : `V(A)=${v.VA} V(M)=${v.VM} V(R)=${v.VR}`
  const activity = has(unit.activityManagement) ? ` activity=${v.Vact ? 'on' : 'off'}` : ''
  const tokens = tokensOfBits(v.available & v.owned).join(',')
  return `${side} shows tokens=${tokens === '' ? 'none' : tokens} ${points}${activity}`
}

function namesIn(tsdu: Uint8Array): string {
  return describe(tsdu)
    .split(' · ')
    .map((spdu) => spdu.split(' ')[0])
    .join('+')
}

function outputText(output: Output): string {
  if (output.do === 'send')
    return `send${output.expedited ? ' expedited' : ''} ${describe(joined(output.tsdu))}`
  if (output.do === 'indicate') return indicationText(output.primitive)
  return { connect: 'T-CONNECT request', accept: 'T-CONNECT response', disconnect: 'T-DISCONNECT request' }[
    output.do
  ]
}

function indicationText(primitive: Indication): string {
  const words = Object.entries(primitive).flatMap(([key, value]) =>
    value === undefined ? [] : [word(key, value)],
  )
  return words.join(' ')
}

function word(key: string, value: unknown): string {
  if (key === 'name') return `indicate ${String(value)}`
  if (value instanceof Uint8Array) return `${key}=${octetsText(value)}`
  if (key === 'units') return `units=0x${(value as number).toString(16).padStart(4, '0')}`
  if (key === 'flow' || key === 'sending' || key === 'receiving') {
    const { type, serialNumber } = value as FlowResync
    return `${key}=${type}${serialNumber === undefined ? '' : `:${serialNumber}`}`
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .flatMap(([inner, part]) => (part === undefined ? [] : [word(inner, part)]))
      .join(' ')
  }
  return `${key}=${typeof value === 'string' && value.includes(' ') ? JSON.stringify(value) : String(value)}`
}

function octetsText(octets: Uint8Array): string {
  const text = String.fromCharCode(...octets.subarray(0, 20))
  if (octets.length <= 20 && /^[ -~]*$/.test(text)) return JSON.stringify(text)
  return octets.length <= 20
    ? [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(' ')
    : `${octets.length} octets`
}
