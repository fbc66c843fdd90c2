// Many clients in one process: each calls once when it has lost its connection, and what comes of it is told.
import { connect, type Client } from '@parley/rpc'
import { tcp } from '@parley/transport-tcp'
import { checked, Desk } from '../contract.ts'
import { answer, processorTime, settings, sharedNow } from './channel.ts'

/** How many, and where to. */
export interface CrowdSettings {
  readonly port: number
  readonly sessions: number
}

/** What came of one storm. */
export interface CrowdReport {
  /** One for each session: when its call was answered, or that it never was. */
  readonly answered: readonly (number | 'lost')[]
  /** Microseconds of processor time. */
  readonly cpu: number
}

/** Connections that are opened at once: nobody measures how fast that is. */
const atOnce = 50

const { port, sessions } = settings() as CrowdSettings
const clients: Client[] = []
await Promise.all(Array.from({ length: atOnce }, open))
let calls: Promise<number | 'lost'>[] = []
let before = 0
answer('ready', (question: 'watch' | 'report') => (question === 'watch' ? watch() : report()))

function watch(): void {
  calls = clients.map(afterTheCut)
  before = processorTime()
}

async function report(): Promise<CrowdReport> {
  return { answered: await Promise.all(calls), cpu: processorTime() - before }
}

async function open(_: unknown, first: number): Promise<void> {
  for (let number = first; number < sessions; number += atOnce) {
    const client = await connect(tcp({ host: '127.0.0.1', port }))
    checked(await client.stub(Desk).look(number), number)
    clients.push(client)
  }
}

/** When the call was answered that a client made as soon as it had lost its connection. */
async function afterTheCut(client: Client, id: number): Promise<number | 'lost'> {
  await new Promise<void>((resolve) => {
    const forget = client.onSuspended(() => {
      forget()
      resolve()
    })
  })
  try {
    checked(await client.stub(Desk).look(id), id)
  } catch {
    return 'lost'
  }
  return sharedNow()
}
