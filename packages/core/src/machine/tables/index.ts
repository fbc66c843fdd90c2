// The tables of Annex A, in the order of the Annex.

import { abort } from './abort.ts'
import { activity, activitySymmetric } from './activity.ts'
import { capability } from './capability.ts'
import { connectionEstablishment, connectionEstablishmentSymmetric } from './connection-establishment.ts'
import { control } from './control.ts'
import { dataTransfer, dataTransferSymmetric } from './data-transfer.ts'
import { exceptions } from './exceptions.ts'
import { release } from './release.ts'
import { resynchronize, resynchronizeByType, resynchronizeSymmetric } from './resynchronize.ts'
import { synchronize, synchronizeSymmetric } from './synchronize.ts'
import type { Table } from './table.ts'
import { tokens } from './tokens.ts'

/** The cells that Tables A.8 to A.16 and Tables A.17 to A.25 have in common, or that differ in the latter. */
export const tables: readonly Table[] = [
  connectionEstablishment,
  dataTransfer,
  synchronize,
  resynchronize,
  activity,
  capability,
  tokens,
  control,
  exceptions,
  release,
  abort,
]

/** The rows that exist in Tables A.8 to A.16 only: without symmetric synchronize. */
export const plainTables: readonly Table[] = [resynchronizeByType]

/** The cells of Tables A.17 to A.25 that differ from those: with symmetric synchronize. */
export const symmetricTables: readonly Table[] = [
  connectionEstablishmentSymmetric,
  dataTransferSymmetric,
  synchronizeSymmetric,
  resynchronizeSymmetric,
  activitySymmetric,
]
