// One node: a server on a store, made to be killed. Its settings are its first argument, as JSON.
import { setTimeout as sleep } from 'node:timers/promises'
import { call, implement, RpcError, serve } from '@parley/rpc'
import { lmdbStore } from '@parley/store-lmdb'
import { postgresStore, type PostgresTransaction } from '@parley/store-postgres'
import { tcp } from '@parley/transport-tcp'
import { isRefused, priceOf, silence, Till, Vault } from './contract.ts'
import { append } from './log.ts'

/** How a node is set up. */
export interface NodeSettings {
  readonly port: number
  /** Where its effects are written. */
  readonly effects: string
  readonly store: { readonly file: string } | { readonly connection: string; readonly schema: string }
}

/** The longest that anything takes, in milliseconds. */
const longest = 8

const { port, effects, store: where } = JSON.parse(process.argv[2] ?? '{}') as NodeSettings
// Whoever started it is gone.
process.on('disconnect', () => process.exit())
const schema = 'schema' in where ? where.schema : ''
const store =
  'file' in where ? await lmdbStore({ path: where.file }) : await postgresStore({ ...where, connections: 4 })
let marks = 0
const newMark = (): string => `${process.pid}.${++marks}`
const till = implement(Till, {
  price: async (id) => {
    await pause()
    return priceOf(id)
  },
  sell: happen,
  order: happen,
})
const vault = implement(Vault, {
  move: async (id) => {
    const transaction = call().transaction as PostgresTransaction
    const mark = newMark()
    await pause()
    await transaction.query(`INSERT INTO ${schema}.moves (id, mark) VALUES ($1, $2)`, [id, mark])
    await pause()
    return answer(id, mark)
  },
})
const server = await serve({
  listen: tcp({ host: '127.0.0.1', port }),
  services: schema === '' ? [till] : [till, vault],
  store,
  limits: { silenceTimeout: silence },
})
process.once('SIGTERM', () => void stop())
process.send?.('ready')

async function happen(id: string): Promise<string> {
  const mark = newMark()
  await pause()
  append(effects, [id, mark, call().key ?? ''])
  await pause()
  return answer(id, mark)
}

function answer(id: string, mark: string): string {
  if (isRefused(id)) throw new RpcError('FAILED_PRECONDITION', 'refused', { details: mark })
  return mark
}

async function pause(): Promise<void> {
  await sleep(Math.random() * longest)
}

async function stop(): Promise<void> {
  await server.drain({ timeout: 5000 })
  await store.close()
  if (process.connected) process.disconnect()
}
