// What a session connection can be asked about itself at any moment: whose turn it is, and which sync points
// there are. Live views of the machine's variables that change nothing.

import { functionalUnit, type SessionVariables } from '../machine/index.ts'
import { tokenBits, type Token } from './glossary.ts'

/** One turn: the right, of one side at a time, to use what its token stands for. */
export class Turn {
  readonly #variables: SessionVariables
  readonly #bit: number

  constructor(variables: SessionVariables, token: Token) {
    this.#variables = variables
    this.#bit = tokenBits.get(token) ?? 0
  }

  /** False where no functional unit selected has this token: then nobody needs it. */
  get exists(): boolean {
    return (this.#variables.available & this.#bit) !== 0
  }

  /** True while it exists and is ours. */
  get mine(): boolean {
    return (this.#variables.available & this.#variables.owned & this.#bit) !== 0
  }
}

/** Whose turn it is, token by token. */
export class Turns {
  /** To send data (`half-duplex`). */
  readonly data: Turn
  /** To set minor sync points (`minor-sync`). */
  readonly minorSync: Turn
  /** To set major sync points (`major-sync`), and to start and end activities (`activities`). */
  readonly majorActivity: Turn
  /** To ask for the release (`negotiated-release`). */
  readonly release: Turn

  constructor(variables: SessionVariables) {
    this.data = new Turn(variables, 'data')
    this.minorSync = new Turn(variables, 'minor-sync')
    this.majorActivity = new Turn(variables, 'major-activity')
    this.release = new Turn(variables, 'release')
  }
}

/** The serial numbers of one line of sync points. They mean nothing where no unit selected counts any. */
export class SyncLine {
  readonly #variables: SessionVariables
  readonly #received: boolean

  constructor(variables: SessionVariables, received: boolean) {
    this.#variables = variables
    this.#received = received
  }

  /** The number of the next point. */
  get next(): number {
    const { VM, VMs, VMr } = this.#variables
    return this.#one(VM, VMs, VMr)
  }

  /** The number of the last point set; before the first one, one less than that will have. */
  get sent(): number {
    return this.next - 1
  }

  /** No point up to this one waits for a confirmation. */
  get confirmed(): number {
    const { VA, VAs, VAr } = this.#variables
    return this.#one(VA, VAs, VAr) - 1
  }

  /** The first point that a resynchronize may restart from. */
  get restart(): number {
    const { VR, VRs, VRr } = this.#variables
    return this.#one(VR, VRs, VRr)
  }

  #one(shared: number, sending: number, receiving: number): number {
    if ((this.#variables.FU & functionalUnit.symmetricSynchronize) === 0) return shared
    return this.#received ? receiving : sending
  }
}

/**
 * The sync points of a session connection. Without `symmetric-sync` both sides share one line; with it this
 * is the line of what this side sends.
 */
export class SyncPoints extends SyncLine {
  readonly #variables: SessionVariables

  constructor(variables: SessionVariables) {
    super(variables, false)
    this.#variables = variables
  }

  /** The line of what the peer sends; without `symmetric-sync` the same. */
  get received(): SyncLine {
    return new SyncLine(this.#variables, true)
  }
}
