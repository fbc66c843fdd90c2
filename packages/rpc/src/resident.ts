// What a server keeps of one session, from when it is let in to its end.
import type { Session, SessionEnd } from '@parley/core'
import { Activities } from './activity/activities.ts'
import { Dialogues } from './dialogue/dialogues.ts'
import type { DurableCalls } from './durable/durable-calls.ts'
import type { Agreed } from './peer/handshake.ts'
import type { SessionSetting } from './peer/session-setting.ts'
import { RpcSession } from './session.ts'

/** The server, as a session on it needs it. */
export interface Residence {
  readonly setting: SessionSetting
  /** A session has ended. */
  left(resident: Resident, end: SessionEnd): void
}

/** Who is let in. */
export interface Arriving {
  readonly principal: unknown
  readonly agreed: Agreed
  readonly durable: DurableCalls
  readonly reference: string
}

/** See the head of this file. */
export class Resident {
  /** What a dialogue or an activity names the session by that it belongs to. */
  readonly reference: string
  readonly session: RpcSession
  readonly dialogues: Dialogues
  readonly activities: Activities
  readonly durable: DurableCalls
  readonly #residence: Residence
  readonly #connection: Session

  constructor(residence: Residence, connection: Session, arriving: Arriving) {
    const { setting } = residence
    const { reference, durable, agreed, principal } = arriving
    const { peerMaxMessageLength } = agreed
    const beside = { setting, peerMaxMessageLength, connect: undefined }
    this.#residence = residence
    this.#connection = connection
    this.reference = reference
    this.dialogues = new Dialogues(beside)
    this.activities = new Activities(beside)
    this.durable = durable
    durable.listener = this
    const { dialogues, activities } = this
    this.session = new RpcSession(connection, setting, {
      agreed,
      principal,
      durable,
      dialogues,
      activities,
      renewal: undefined,
      owner: this,
    })
  }

  /** For the session. */
  over(end: SessionEnd): void {
    this.#residence.left(this, end)
  }

  /** For the durable calls: the client is to come back and ask again. */
  superseded(): void {
    this.#connection.forget()
  }
}
