// An initiator by hand: it says what the real one would never say.

import { openSession, SessionRefusedError, type SessionConnection } from '../../src/index.ts'
import {
  decodeReason,
  decodeWelcome,
  encodeGreeting,
  encodeNumber,
  type Claim,
  type Welcome,
} from '../../src/session/book/envelope.ts'
import { House, octets, type End, type HouseOptions } from './support.ts'

/** The units that a session has. */
export const units = ['duplex', 'typed-data', 'symmetric-sync', 'activities', 'negotiated-release'] as const

/** What is claimed. */
export interface Knock {
  readonly id?: Uint8Array
  readonly attempt?: number
  readonly claim?: Claim
  readonly silence?: number
  readonly userData?: Uint8Array
}

/** What came of it. */
export interface Opened {
  readonly connection: SessionConnection
  readonly welcome: Welcome
  readonly id: Uint8Array
}

/** Asks for a session, or for one back, and waits for the answer: an opened one, or the error. */
export async function knock(house: House, what: Knock = {}): Promise<Opened> {
  const { silence = 2_500, claim, id, attempt = 0, userData = new Uint8Array(0) } = what
  const opening = openSession(house.transport, {
    clock: house.clock,
    units,
    versions: [2],
    identifier: id === undefined ? undefined : { common: id, additional: encodeNumber(attempt) },
    userData: encodeGreeting({ silence, resume: claim, userData }),
  }).then(
    (connection) => ({ connection }),
    (error: unknown) => ({ error }),
  )
  await house.pass(0)
  const first = await Promise.race([opening, Promise.resolve(undefined)])
  if (first === undefined) await house.pass(200)
  const outcome = await opening
  if ('error' in outcome) throw outcome.error
  const { connection } = outcome
  connection.listen({})
  const welcome = decodeWelcome(connection.userData)
  const name = connection.identifier?.common
  if (welcome === undefined || name === undefined) throw new Error('this is no welcome')
  return { connection, welcome, id: name }
}

/** Begins the activity, which shows that the ACCEPT has arrived. */
export async function prove(house: House, { connection }: Opened): Promise<void> {
  connection.startActivity(encodeNumber(1))
  await house.pass(0)
}

/** A house and a session that an initiator by hand has opened, proven, and lost again. */
export async function lost(options: HouseOptions = {}): Promise<{ house: House; opened: Opened; b: End }> {
  const house = new House(options)
  await house.listen()
  const opened = await knock(house, { userData: octets('ann') })
  await prove(house, opened)
  house.cut()
  await house.pass(10)
  const [b] = house.ends
  if (b === undefined) throw new Error('no session')
  return { house, opened, b }
}

/** A resume of what was opened, by this attempt. */
export function claim({ id, welcome }: Opened, attempt: number, ticket = welcome.ticket): Knock {
  return { id, attempt, claim: { ticket, received: 0 }, userData: octets('ann') }
}

/** How a refusal looks, and how long it took. */
export async function refusal(house: House, what: Knock): Promise<unknown> {
  const start = house.clock.now()
  let took = 0
  const asked = knock(house, what).then(
    () => 'let in',
    (error: unknown) => {
      took = house.clock.now() - start
      return error
    },
  )
  const error = await asked
  if (!(error instanceof SessionRefusedError)) return error
  return { code: error.code, says: decodeReason(error.userData), took: Math.min(took, 200) }
}
