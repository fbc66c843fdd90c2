// What can be said of a store's arguments without looking into the store: every bound, and what is never
// right. Throws StoreUsageError, and changes nothing.
import { storeLimits } from '../limits.ts'
import type { EntryWrite, LedgerChange, LedgerName, LedgerQuery } from '../ports/checkpoint-store.ts'
import { StoreUsageError } from '../ports/store-error.ts'

/** Checks the arguments of `write`, and returns the octets it brings. */
export function checkWrite(changes: readonly LedgerChange[], now: number): number {
  require(changes.length <= storeLimits.changes, `at most ${storeLimits.changes} changes in one write`)
  requireWhole(now, 'now')
  const seen = new Set<string>()
  let octets = 0
  for (const change of changes) {
    octets += checkChange(change)
    seen.add(ledgerKey(change.name))
  }
  require(seen.size === changes.length, 'the changes of one write are of different ledgers')
  require(octets <= storeLimits.writeOctets, `at most ${storeLimits.writeOctets} octets in one write`)
  return octets
}

/** Checks the arguments of `read`. */
export function checkRead(name: LedgerName, { entries }: LedgerQuery, now: number): void {
  checkName(name)
  requireWhole(now, 'now')
  if (entries === undefined) return
  const most = storeLimits.entries
  if ('serials' in entries) {
    require(entries.serials.length <= most, `at most ${most} serials in one read`)
    for (const serial of entries.serials) requireWhole(serial, 'serial')
    return
  }
  const limit = 'last' in entries ? entries.last : entries.limit
  if ('from' in entries) requireWhole(entries.from, 'from')
  require(Number.isSafeInteger(limit) && limit >= 1 && limit <= most, `1 to ${most} entries in one read`)
}

/** Checks the arguments of `sweep`. */
export function checkSweep(now: number, limit: number): void {
  requireWhole(now, 'now')
  const most = storeLimits.sweep
  require(Number.isSafeInteger(limit) && limit >= 1 && limit <= most, `1 to ${most} ledgers in one sweep`)
}

/** A ledger's name as one string; no two names have the same. */
export function ledgerKey({ kind, id }: LedgerName): string {
  return `${kind}:${id}`
}

/** What an octet count of a write includes for each change and entry, besides their octets. */
const overhead = 64

function checkChange(change: LedgerChange): number {
  checkName(change.name)
  const { epoch, take, entries = [], forget, head, retention } = change
  requireWhole(epoch, 'epoch')
  require(epoch < Number.MAX_SAFE_INTEGER, 'the epoch is used up')
  require(epoch > 0 || take === true, 'epoch 0 is for making a ledger, with take')
  if (forget !== undefined) requireWhole(forget, 'forget')
  if (retention !== undefined) {
    requireWhole(retention.expires, 'retention.expires')
    requireWhole(retention.removes, 'retention.removes')
    require(retention.expires <= retention.removes, 'a ledger is not removed before it expires')
  }
  require(epoch > 0 || retention !== undefined, 'a new ledger needs a retention')
  const longest = storeLimits.headOctets
  require(head === undefined || head.length <= longest, `a head has at most ${longest} octets`)
  const most = storeLimits.entries
  require(entries.length <= most, `at most ${most} entries in one change`)
  require(new Set(entries.map(({ serial }) => serial)).size === entries.length, 'each serial only once')
  return entries.reduce((sum, entry) => sum + checkEntry(entry), overhead + (head?.length ?? 0))
}

function checkEntry({ serial, state, hash, attempt, octets }: EntryWrite): number {
  requireWhole(serial, 'serial')
  require(['started', 'done', 'unknown', 'checkpoint'].includes(state), 'an entry has one of the four states')
  const longestHash = storeLimits.hashOctets
  require(hash === undefined || hash.length <= longestHash, `a hash has at most ${longestHash} octets`)
  if (attempt !== undefined) {
    require(state === 'started', 'an attempt belongs to an entry that is started')
    require(Number.isSafeInteger(attempt) && attempt >= 1 && attempt < 2 ** 31, 'attempts count from 1')
  }
  const longest = storeLimits.entryOctets
  require(octets === undefined || state !== 'started', 'an entry that is started has no octets yet')
  require(octets === undefined || octets.length <= longest, `an entry has at most ${longest} octets`)
  return overhead + (hash?.length ?? 0) + (octets?.length ?? 0)
}

function checkName({ kind, id }: LedgerName): void {
  require(['session', 'key', 'activity'].includes(kind), 'a ledger has one of the three kinds')
  const longest = storeLimits.idOctets
  require(id.length <= longest && utf8Length(id) <= longest, `an id has at most ${longest} octets of UTF-8`)
}

/** The octets of a text in UTF-8. Half a surrogate pair has none: two such ids would become one. */
function utf8Length(text: string): number {
  let octets = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    require(point < 0xd800 || point > 0xdfff, 'an id has no half of a surrogate pair')
    octets += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return octets
}

function requireWhole(value: number, what: string): void {
  require(Number.isSafeInteger(value) && value >= 0, `${what} is a whole number from 0 to 2^53 - 1`)
}

function require(holds: boolean, message: string): asserts holds {
  if (!holds) throw new StoreUsageError(message)
}

/** True when a write adds something; one that only drops or fences is allowed where there is no room left. */
export function grows(changes: readonly LedgerChange[]): boolean {
  return changes.some(
    ({ epoch, entries = [], head }) => epoch === 0 || entries.length > 0 || head !== undefined,
  )
}
