// The store contract on a PostgreSQL of its own; each test has a schema.
import { describeStore } from '@parley/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PrivatePostgres } from '../../../scripts/postgres.ts'
import { postgresStore } from '../src/index.ts'

let postgres: PrivatePostgres
let schemas = 0

beforeAll(async () => {
  postgres = await PrivatePostgres.start()
}, 60_000)
afterAll(() => postgres.remove())

describeStore(
  'PostgreSQL',
  async () => {
    const schema = `contract_${schemas++}`
    const open = () => postgresStore({ connection: postgres.url(), schema, connections: 4 })
    let last = await open()
    return {
      store: last,
      another: open,
      reopen: async () => {
        await last.close()
        last = await open()
        return last
      },
    }
  },
  { describe, it, expect },
)
