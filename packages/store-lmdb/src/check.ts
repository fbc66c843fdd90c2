// Checks a store's file before anybody trusts it: its structure, the checksum of each record, and that none
// is missing: each ledger knows how many entries it has and the sum of their checksums, and the root knows
// the same of the ledgers. Only reads.
import { areaOf, dueKey } from './keys.ts'
import {
  type Checksum,
  DamageError,
  decodeLedger,
  decodeRoot,
  entryOctets,
  type LedgerRecord,
  noSum,
  plus,
  type Root,
  sameSum,
  seal,
  duePayload,
  unseal,
} from './records.ts'
import { walkTree } from './tree.ts'
import { dueTime } from './writing.ts'

/**
 * Checks the file at a path; one that is missing or empty is well. Throws DamageError, with the offset of
 * what is wrong, and VersionError.
 */
export function checkFile(path: string): void {
  const check = new Check()
  const found = walkTree(path, (key, value, offset) => {
    try {
      check.record(key, value)
    } catch (error) {
      if (!(error instanceof DamageError)) throw error
      throw new DamageError(`${error.message} (on the page at octet ${offset})`, { cause: error })
    }
  })
  if (found) check.end()
}

class Check {
  #root: Root | undefined
  #records = 0
  #ledgers = 0
  #ledgerSum = noSum
  /** Of the marks there should be, plus those there are: nothing when they are the same. */
  #dueSum = noSum
  #dues = 0
  /** The ledger that is being read: its entries come after it. */
  #ledger: LedgerRecord | undefined
  #entries = 0
  #entryOctets = 0
  #entrySum = noSum

  record(key: Uint8Array, value: Uint8Array): void {
    const { payload, sum } = unseal(key, value)
    this.#records++
    const area = areaOf(key)
    if (area === 'root') this.#root = decodeRoot(payload)
    else if (area === 'ledger') this.#startLedger(key, payload, sum)
    else if (area === 'entry') {
      this.#entries++
      this.#entryOctets += entryOctets(payload)
      this.#entrySum = plus(this.#entrySum, sum)
    } else if (area === 'due') {
      this.#dues++
      this.#dueSum = plus(this.#dueSum, sum)
    } else throw new DamageError('a record that this store does not write')
  }

  end(): void {
    this.#endLedger()
    // LMDB makes the file before this store writes its first record.
    if (this.#records === 0) return
    if (this.#root === undefined) throw new DamageError('the file has no root record: no store of this kind')
    const { ledgers, sum } = this.#root
    if (ledgers !== this.#ledgers || !sameSum(sum, this.#ledgerSum))
      throw new DamageError(`the file has ${this.#ledgers} ledgers, and not the ${ledgers} it should have`)
    if (this.#dues !== ledgers || !sameSum(this.#dueSum, noSum))
      throw new DamageError('the marks of what falls due are not those of the ledgers')
  }

  #startLedger(key: Uint8Array, payload: Uint8Array, sum: Checksum): void {
    this.#endLedger()
    this.#ledger = decodeLedger(payload)
    this.#ledgers++
    this.#ledgerSum = plus(this.#ledgerSum, sum)
    const due = dueKey(dueTime(this.#ledger.state), key)
    this.#dueSum = plus(this.#dueSum, seal(due, duePayload).sum)
  }

  /** All entries of the ledger have been seen; those before the first belong to one that is missing. */
  #endLedger(): void {
    const { entries = 0, entryOctets = 0, sum = noSum } = this.#ledger ?? {}
    if (entries !== this.#entries || entryOctets !== this.#entryOctets || !sameSum(sum, this.#entrySum))
      throw new DamageError(`a ledger has ${this.#entries} entries, and not the ${entries} it should have`)
    this.#entries = 0
    this.#entryOctets = 0
    this.#entrySum = noSum
  }
}
