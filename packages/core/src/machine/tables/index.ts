// The tables of Annex A that this machine has, in the order of the Annex.

import { abort } from './abort.ts'
import { connectionEstablishment, connectionEstablishmentSymmetric } from './connection-establishment.ts'
import { dataTransfer, dataTransferSymmetric } from './data-transfer.ts'
import { release } from './release.ts'
import type { Table } from './table.ts'
import { tokens } from './tokens.ts'

/** Tables A.8 to A.16: without symmetric synchronize. */
export const tables: readonly Table[] = [connectionEstablishment, dataTransfer, tokens, release, abort]

/** The cells of Tables A.17 to A.25 that differ from those: with symmetric synchronize. */
export const symmetricTables: readonly Table[] = [connectionEstablishmentSymmetric, dataTransferSymmetric]
