// The tables, and how they come to be: each version from the one before, under a lock, so that any number of
// nodes may start at once. A migration that was released is never changed.
import { StoreFailure } from '@parley/core'
import type { Session } from './session.ts'

/** A schema's name that needs no quoting. */
export const schemaName: RegExp = /^[a-z_][a-z0-9_]{0,62}$/

/** What makes version n + 1 of version n. */
const migrations: readonly ((schema: string) => string)[] = [
  (schema) => `
    CREATE TABLE ${schema}.ledgers (
      no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      kind smallint NOT NULL,
      id bytea NOT NULL,
      epoch bigint NOT NULL,
      ended boolean NOT NULL,
      head bytea NOT NULL,
      forgotten bigint NOT NULL,
      expires bigint NOT NULL,
      removes bigint NOT NULL,
      due bigint NOT NULL,
      UNIQUE (kind, id)
    );
    CREATE INDEX ledgers_due ON ${schema}.ledgers (due);
    CREATE TABLE ${schema}.entries (
      ledger bigint NOT NULL,
      serial bigint NOT NULL,
      state smallint NOT NULL,
      hash bytea NOT NULL,
      attempt integer NOT NULL,
      epoch bigint NOT NULL,
      octets bytea NOT NULL,
      PRIMARY KEY (ledger, serial)
    );`,
]

/** Any two numbers, as long as every version of this store takes the same. */
const advisoryLock = '7235419, 1'

/**
 * Brings the schema to the version of this store. Throws StoreFailure `version` when it is a later one, and
 * whatever the server says.
 */
export async function migrate(session: Session, schema: string): Promise<void> {
  await session.query(`BEGIN; SELECT pg_advisory_xact_lock(${advisoryLock})`)
  await session.query(
    `CREATE SCHEMA IF NOT EXISTS ${schema};
     CREATE TABLE IF NOT EXISTS ${schema}.version (number integer NOT NULL)`,
  )
  const { rows } = await session.query<{ number: number }>(`SELECT number FROM ${schema}.version`)
  const found = rows[0]?.number ?? 0
  if (found > migrations.length)
    throw new StoreFailure(
      'version',
      'not-written',
      `the tables in schema ${schema} are of version ${found}, and this store knows ${migrations.length}`,
    )
  for (const migration of migrations.slice(found)) await session.query(migration(schema))
  if (found < migrations.length) {
    await session.query(`DELETE FROM ${schema}.version`)
    await session.query(`INSERT INTO ${schema}.version VALUES ($1)`, [migrations.length])
  }
  await session.query('COMMIT')
}
