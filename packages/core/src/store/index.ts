// For those who write a store: the rules all of them share. A table of contents, nothing else.
export { checkRead, checkSweep, checkWrite, grows, ledgerKey } from './arguments.ts'
export { judge, type LedgerState, standing, type Verdict } from './rules.ts'
export { type Flush, type QueuedWrite, WriteQueue, type WriteResult } from './write-queue.ts'
