// A server on a store, made to be killed.
import { implement, serve } from '@parley/rpc'
import { lmdbStore } from '@parley/store-lmdb'
import { postgresStore } from '@parley/store-postgres'
import { tcp } from '@parley/transport-tcp'
import { Desk } from '../contract.ts'
import { answer, processorTime, settings } from './channel.ts'

/** How a node is set up. */
export interface NodeSettings {
  readonly port: number
  /** Default: nothing outlives the process. */
  readonly store?: { readonly file: string } | { readonly connection: string; readonly schema: string }
}

/** What a node tells of itself. */
export interface NodeReport {
  /** Microseconds of processor time so far. */
  readonly cpu: number
  /** Sessions there are, and sessions there have been. */
  readonly sessions: number
  readonly opened: number
}

const { port, store: where } = settings() as NodeSettings
let opened = 0
const server = await serve({
  listen: tcp({ host: '127.0.0.1', port }),
  services: [implement(Desk, { look: async (id) => ({ id, port }), sell: async (id) => ({ id, port }) })],
  store: await storeAt(where),
  onSession: () => void (opened += 1),
})
answer('ready', (): NodeReport => ({ cpu: processorTime(), sessions: server.sessions.size, opened }))

function storeAt(place: NodeSettings['store']) {
  if (place === undefined) return undefined
  return 'file' in place ? lmdbStore({ path: place.file }) : postgresStore(place)
}
