// Answers reads from the environment: only what carries the checksum it was written with.
import type { Ledger, LedgerEntry, LedgerName, LedgerQuery } from '@parley/core'
import { standing } from '@parley/core/store'
import type { Environment } from './environment.ts'
import { entriesEnd, entryKey, ledgerKey, serialOf } from './keys.ts'
import { decodeEntry, decodeLedger, unseal } from './records.ts'

/** What `read` of a store gives. Throws DamageError and VersionError. */
export function readLedger(
  environment: Environment,
  name: LedgerName,
  query: LedgerQuery,
  now: number,
): Ledger | undefined {
  const key = ledgerKey(name)
  const sealed = environment.get(key)
  if (sealed === undefined) return undefined
  const { state, entries, entryOctets } = decodeLedger(unseal(key, sealed).payload)
  const stands = standing(state, now)
  if (stands === 'none') return undefined
  const gone = stands === 'gone'
  const { epoch, forgotten, retention, head } = state
  return {
    epoch,
    gone,
    head: gone ? new Uint8Array(0) : head,
    forgotten,
    retention,
    entries: gone ? [] : readEntries(environment, key, query.entries),
    ...(query.usage === true && {
      usage: gone ? { entries: 0, octets: 0 } : { entries, octets: entryOctets },
    }),
  }
}

function readEntries(
  environment: Environment,
  ledger: Uint8Array,
  wanted: LedgerQuery['entries'],
): LedgerEntry[] {
  if (wanted === undefined) return []
  if ('serials' in wanted) {
    const serials = [...new Set(wanted.serials)].sort((a, b) => a - b)
    return serials.flatMap((serial) => {
      const key = entryKey(ledger, serial)
      const sealed = environment.get(key)
      return sealed === undefined ? [] : [decodeEntry(serial, unseal(key, sealed).payload)]
    })
  }
  const upwards = 'from' in wanted
  const limit = upwards ? wanted.limit : wanted.last
  const range = upwards
    ? environment.range(entryKey(ledger, wanted.from), entriesEnd(ledger))
    : environment.range(entriesEnd(ledger), ledger)
  const found: LedgerEntry[] = []
  for (const { key, value } of range) {
    found.push(decodeEntry(serialOf(key), unseal(key, value).payload))
    if (found.length === limit) break
  }
  return upwards ? found : found.reverse()
}
