// One client: makes calls of all kinds, and writes down what it asks before it asks and what it is told. What
// it has a key for it asks again when it was killed meanwhile. Its settings are its first argument, as JSON.
import { setTimeout as sleep } from 'node:timers/promises'
import { anyOf } from '@parley/core'
import { connect, isRpcError, withOptions, type CallOutcome, type Client } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { kinds, silence, Till, Vault, type Kind } from './contract.ts'
import { append, readLines, type Line } from './log.ts'

/** How a client is set up. */
export interface ClientSettings {
  /** Names its calls. */
  readonly name: string
  readonly ports: readonly [number, ...number[]]
  readonly log: string
  readonly kinds: readonly Kind[]
}

/** Calls under way at any time. */
const atOnce = 8
/** The longest that somebody thinks between two calls, in milliseconds. */
const thinking = 25
/** What is answered so is not answered otherwise later. */
const finalCodes = new Set(['UNKNOWN_OUTCOME', 'POISONED', 'KEY_CONFLICT', 'KEY_EXPIRED'])

const { name, ports, log, kinds: mine } = JSON.parse(process.argv[2] ?? '{}') as ClientSettings
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
let isEnding = false
process.on('message', () => (isEnding = true))

const before = readLines<Line>(log)
append(log, ['start'])
const client = await connectAtLast()
process.send?.('ready')
await askAgain(openCalls(before))
let next = before.filter(([what]) => what === 'ask').length
await Promise.all(Array.from({ length: atOnce }, work))
await verify(readLines<Line>(log))
await client.close()
if (process.connected) process.disconnect()

async function connectAtLast(): Promise<Client> {
  const [first, ...others] = ports.map((port) =>
    tcp({ host: '127.0.0.1', port, connectTimeout: 2 * silence }),
  )
  if (first === undefined) throw new Error('there is no node')
  for (;;) {
    try {
      return await connect(anyOf(first, ...others), {
        timeout: 3 * silence,
        limits: { silenceTimeout: silence },
      })
    } catch (thrown) {
      if (!isRpcError(thrown) || !['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(thrown.code)) throw thrown
      await sleep(50)
    }
  }
}

/** Makes one call after the other until it is told to end. */
async function work(): Promise<void> {
  while (!isEnding) {
    const kind = mine[next % mine.length] as Kind
    const id = `${name}-${next++}`
    await ask(id, kind)
    await sleep(Math.random() * thinking)
  }
}

/** Asks, again where there is a key, until the answer is one that stays. */
async function ask(id: string, kind: Kind): Promise<void> {
  for (;;) {
    append(log, ['ask', id, kind])
    try {
      append(log, ['ok', id, await call(id, kind)])
      process.send?.('told')
      return
    } catch (thrown) {
      if (!isRpcError(thrown)) throw thrown
      const { code, outcome, details } = thrown
      append(log, ['error', id, code, outcome, detailOf(details)])
      if (outcome === 'executed' || finalCodes.has(code) || !kinds[kind].hasKey) return
      await sleep(50)
    }
  }
}

function call(id: string, kind: Kind): Promise<string> {
  const { method, hasKey } = kinds[kind]
  const options = hasKey ? { key: id } : {}
  if (method === 'move') return withOptions(client.stub(Vault), options).move(id)
  return withOptions(client.stub(Till), options)[method](id)
}

async function askOutcome(id: string, kind: Kind): Promise<void> {
  const { method } = kinds[kind]
  const outcome: CallOutcome<string> =
    method === 'move' ? await client.outcome(Vault, method, id) : await client.outcome(Till, method, id)
  if (outcome.state === 'done') append(log, ['outcome', id, 'done', outcome.result])
  else if (outcome.state !== 'failed') append(log, ['outcome', id, outcome.state, ''])
  else append(log, ['outcome', id, outcome.error.code, detailOf(outcome.error.details)])
}

/** Calls with a key that the last process had asked and not been told the end of. */
function openCalls(lines: readonly Line[]): Map<string, Kind> {
  const open = new Map<string, Kind>()
  for (const line of lines) {
    if (line[0] === 'ask' && kinds[line[2]].hasKey) open.set(line[1], line[2])
    else if (line[0] === 'ok') open.delete(line[1])
    else if (line[0] === 'error' && (line[3] === 'executed' || finalCodes.has(line[2]))) open.delete(line[1])
  }
  return open
}

async function askAgain(open: ReadonlyMap<string, Kind>): Promise<void> {
  await Promise.all(
    [...open].map(async ([id, kind]) => {
      await askOutcome(id, kind)
      await ask(id, kind)
    }),
  )
}

/** At the end, what was answered must be known still, and be told alike. */
async function verify(lines: readonly Line[]): Promise<void> {
  const known = new Map<string, Kind>()
  for (const line of lines) if (line[0] === 'ask' && kinds[line[2]].hasKey) known.set(line[1], line[2])
  const doubtful = lines.flatMap((line) => (line[0] === 'error' && line[3] === 'unknown' ? [line[1]] : []))
  const again = new Set([...doubtful, ...[...known.keys()].slice(-atOnce)])
  const rest = [...known]
  const one = async (): Promise<void> => {
    for (let next; (next = rest.pop()) !== undefined;) {
      const [id, kind] = next
      await askOutcome(id, kind)
      if (again.has(id)) await ask(id, kind)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

function detailOf(details: unknown): string {
  if (typeof details === 'string') return details
  const { key } = (details ?? {}) as { readonly key?: unknown }
  return typeof key === 'string' ? key : ''
}
