// The options of the store, checked: what is wrong with them is said at once, before anything is connected.
import { StoreUsageError } from '@parley/core'
import { postgresLimits } from './limits.ts'
import { schemaName } from './schema.ts'
import type { Connecting, PostgresConnection } from './session.ts'
import type { Isolation } from './transaction.ts'

/** Options of `postgresStore`. */
export interface PostgresStoreOptions {
  /** A URL (`postgres://user@host/database`), or its parts. What is missing comes from `PGHOST` etc. */
  readonly connection: string | PostgresConnection
  /** The schema of the store's tables, made if there is none: a name without quotes. Default: `parley`. */
  readonly schema?: string
  /** Connections at most, from 2. Default: 10. */
  readonly connections?: number
  /** Milliseconds for a connection, or for one to become free. Default: 5,000. */
  readonly connectTimeout?: number
  /** Milliseconds for a statement to be answered, also those of `transaction`. Default: 10,000. */
  readonly timeout?: number
  /** The isolation level of `transaction`. Default: `read committed`. */
  readonly isolation?: Isolation
}

/** The options, whole. */
export interface Settings extends Connecting {
  readonly connections: number
  readonly schema: string
  readonly isolation: Isolation
}

const isolations: readonly Isolation[] = ['read committed', 'repeatable read', 'serializable']

/** Throws StoreUsageError for options that are none. */
export function settingsOf(options: PostgresStoreOptions): Settings {
  const {
    connection,
    schema = 'parley',
    connections = postgresLimits.connections,
    connectTimeout = postgresLimits.connectTimeout,
    timeout = postgresLimits.timeout,
    isolation = 'read committed',
  } = options
  require(typeof connection === 'string' ||
    typeof connection === 'object', 'connection is a URL or its parts')
  require(schemaName.test(schema), 'schema is a name of a-z, 0-9 and _')
  require(Number.isSafeInteger(connections) && connections >= 2, 'connections is a number from 2')
  require(connectTimeout > 0 && timeout > 0, 'connectTimeout and timeout are milliseconds, more than 0')
  require(isolations.includes(isolation), `isolation is one of ${isolations.join(', ')}`)
  return { connection, schema, connections, connectTimeout, timeout, isolation }
}

function require(holds: boolean, message: string): asserts holds {
  if (!holds) throw new StoreUsageError(message)
}
