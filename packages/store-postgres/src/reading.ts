// Answers reads: one statement each, outside any transaction.
import type { Ledger, LedgerName, LedgerQuery } from '@parley/core'
import { standing } from '@parley/core/store'
import { type EntryRow, entryOf, idOctets, kindNumber, stateOf } from './rows.ts'
import type { Session } from './session.ts'
import type { Statements } from './statements.ts'

/** The ledger in the first row, its entries in the others. */
interface ReadRow extends EntryRow {
  readonly octets: Buffer
  readonly ended: boolean
  readonly expires: string
  readonly removes: string
  readonly entries: string
  readonly size: string
}

/** What `read` of a store gives. Rejects with what the server says. */
export async function readLedger(
  session: Session,
  statements: Statements,
  name: LedgerName,
  query: LedgerQuery,
  now: number,
): Promise<Ledger | undefined> {
  const { rows } = await session.query<ReadRow>(
    statements.readLedger,
    [kindNumber(name), idOctets(name), ...rangeOf(query), query.usage === true],
    'parley-read',
  )
  const [first, ...entries] = rows
  if (first === undefined) return undefined
  const state = stateOf({ ...first, no: first.ledger, forgotten: first.serial, head: first.octets })
  const stands = standing(state, now)
  if (stands === 'none') return undefined
  const gone = stands === 'gone'
  return {
    epoch: state.epoch,
    gone,
    head: gone ? new Uint8Array(0) : state.head,
    forgotten: state.forgotten,
    retention: state.retention,
    entries: gone ? [] : entries.map(entryOf),
    ...(query.usage === true && {
      usage: gone
        ? { entries: 0, octets: 0 }
        : { entries: Number(first.entries), octets: Number(first.size) },
    }),
  }
}

/** The serials, from, limit and last of the statement. */
function rangeOf({ entries }: LedgerQuery): unknown[] {
  if (entries === undefined) return [null, null, null, null]
  if ('serials' in entries) return [entries.serials, null, null, null]
  if ('from' in entries) return [null, entries.from, entries.limit, null]
  return [null, null, null, entries.last]
}
